{#-
  Exact decimal arithmetic for money.

  DuckDB divides two decimals as DOUBLE, and multiplies DECIMAL(38,12) × DECIMAL(38,12) into DECIMAL(38,24), which leaves
  no room for a third factor. These two macros keep every step in DECIMAL(38,12), rounded half away from zero, as Spark's
  own decimal division does. In DuckDB the quotient is taken over integers: both sides are scaled by 10^12 into HUGEINT,
  so 2/3 is 0.666666666667 and never 0.66666666666666663. One such division costs about a microsecond, so a divisor of 1
  (most charges are in USD already) skips it. Bounds: |dividend| below 8 × 10^13 and |product| below 10^14; beyond them the
  engine stops with an overflow error instead of returning a wrong number. A zero divisor gives NULL.
-#}
{% macro decimal_divide(dividend, divisor) -%}
    {{ return(adapter.dispatch('decimal_divide')(dividend, divisor)) }}
{%- endmacro %}

{% macro default__decimal_divide(dividend, divisor) -%}
    cast(cast({{ dividend }} as decimal(38, 12)) / nullif(cast({{ divisor }} as decimal(38, 12)), 0) as decimal(38, 12))
{%- endmacro %}

{% macro duckdb__decimal_divide(dividend, divisor) -%}
    {%- set a -%} cast(cast({{ dividend }} as decimal(38, 12)) * 1000000000000 as hugeint) {%- endset -%}
    {%- set b -%} cast(cast({{ divisor }} as decimal(38, 12)) * 1000000000000 as hugeint) {%- endset -%}
    case
        when {{ divisor }} = 1 then cast({{ dividend }} as decimal(38, 12))
        else cast(cast(
            sign({{ a }}) * sign({{ b }}) * ((abs({{ a }}) * 2000000000000 + abs({{ b }})) // (abs({{ b }}) * 2))
            as decimal(38, 0)) * cast(0.000000000001 as decimal(12, 12)) as decimal(38, 12))
    end
{%- endmacro %}

{% macro decimal_multiply(left, right) -%}
    cast(cast({{ left }} as decimal(38, 12)) * cast({{ right }} as decimal(38, 12)) as decimal(38, 12))
{%- endmacro %}
