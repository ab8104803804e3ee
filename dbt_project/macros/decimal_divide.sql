{#-
  Exact decimal arithmetic for money.

  DuckDB divides two decimals as DOUBLE, and multiplies DECIMAL(38,12) × DECIMAL(38,12) into DECIMAL(38,24), which leaves
  no room for a third factor. These two macros keep every step in DECIMAL(38,12), rounded half away from zero, as Spark's
  own decimal division does: 2/3 is 0.666666666667 and never 0.66666666666666663. One division costs less than a
  microsecond in DuckDB, where its own HUGEINT division needs seven; a divisor of 1 (most charges are in USD already) skips it.
  Bounds: |dividend| and |product| below 10^14; beyond them the engine stops with an overflow error instead of returning a
  wrong number. A zero divisor gives NULL.
-#}
{% macro decimal_divide(dividend, divisor) -%}
    {{ return(adapter.dispatch('decimal_divide')(dividend, divisor)) }}
{%- endmacro %}

{% macro default__decimal_divide(dividend, divisor) -%}
    cast(cast({{ dividend }} as decimal(38, 12)) / nullif(cast({{ divisor }} as decimal(38, 12)), 0) as decimal(38, 12))
{%- endmacro %}

{% macro duckdb__decimal_divide(dividend, divisor) -%}
    case
        when {{ divisor }} = 1 then cast({{ dividend }} as decimal(38, 12))
        else {{ rounded_quotient('cast(' ~ dividend ~ ' as decimal(38, 12))', 'cast(' ~ divisor ~ ' as decimal(38, 12))', 12) }}
    end
{%- endmacro %}

{#-
  `dividend` ÷ `divisor` to `scale` decimals, half away from zero. The quotient as DOUBLE is a guess; what it leaves of the
  dividend is known exactly (dividend − guess × divisor loses no decimal) and corrects it to the last decimal. A DOUBLE
  is right to 15 digits and a quotient has up to 38, so the guess and each of two corrections settle 15 more; the last step
  settles halves. A list of one element gives each step a name, so that nothing is computed twice.
-#}
{% macro rounded_quotient(dividend, divisor, scale) -%}
    {%- set kind -%} decimal(38, {{ scale }}) {%- endset -%}
    {%- set unit -%} cast(1e-{{ scale }} as decimal({{ scale }}, {{ scale }})) {%- endset -%}
    {%- set corrected -%}
        lambda step: struct_pack(a := step.a, b := step.b,
            q := cast(step.q + cast(cast(step.a - step.q * step.b as double) / nullif(cast(step.b as double), 0) as {{ kind }}) as {{ kind }}))
    {%- endset -%}
    {%- set unit_now -%} case when step.is_positive then {{ unit }} else -{{ unit }} end {%- endset -%}
    list_transform(list_transform(list_transform(list_transform(list_transform(
        [struct_pack(a := {{ dividend }}, b := {{ divisor }})],
        lambda step: struct_pack(a := step.a, b := step.b, q := cast(cast(step.a as double) / nullif(cast(step.b as double), 0) as {{ kind }}))),
        {{ corrected }}),
        {{ corrected }}),
        lambda step: struct_pack(b := step.b, q := step.q, rest := step.a - step.q * step.b, is_positive := (step.a < 0) = (step.b < 0))),
        lambda step: cast(step.q + case
            when abs(step.rest) * 2 < abs(step.b) * {{ unit }} then 0
            when ((step.rest < 0) = (step.b < 0)) = step.is_positive then {{ unit_now }}
            when abs(step.rest) * 2 > abs(step.b) * {{ unit }} then -({{ unit_now }})
            else 0
        end as {{ kind }})
    )[1]
{%- endmacro %}

{% macro decimal_multiply(left, right) -%}
    {{ return(adapter.dispatch('decimal_multiply')(left, right)) }}
{%- endmacro %}

{% macro default__decimal_multiply(left, right) -%}
    cast(cast({{ left }} as decimal(38, 12)) * cast({{ right }} as decimal(38, 12)) as decimal(38, 12))
{%- endmacro %}

{% macro duckdb__decimal_multiply(left, right) -%}
    list_transform(
        [struct_pack(a := cast({{ left }} as decimal(38, 12)), b := cast({{ right }} as decimal(38, 12)))],
        lambda pair: case
            when pair.b = 1 then pair.a
            else {{ rounded('pair.a * pair.b', 'cast(pair.a as double) * cast(pair.b as double)', 12) }}
        end
    )[1]
{%- endmacro %}

{#-
  `exact` to `scale` decimals, half away from zero: cast(exact as decimal(38, scale)), which takes DuckDB 2 microseconds because
  it divides a HUGEINT. `guess` is the same value as DOUBLE; how many last decimals it is off is known exactly enough to correct
  it. Only what is about half way between two decimals, or far off, is left to the cast.
-#}
{% macro rounded(exact, guess, scale) -%}
    {%- set kind -%} decimal(38, {{ scale }}) {%- endset -%}
    list_transform(list_transform(
        [struct_pack(exact := {{ exact }}, guess := cast({{ guess }} as {{ kind }}))],
        lambda step: struct_pack(exact := step.exact, guess := step.guess, off := cast(step.exact - step.guess as double) * 1e{{ scale }})),
        lambda step: case
            when abs(step.off) < 1e6 and abs(abs(step.off) % 1 - 0.5) > 1e-3
                then cast(step.guess + cast(step.off as bigint) * cast(1e-{{ scale }} as decimal({{ scale }}, {{ scale }})) as {{ kind }})
            else cast(step.exact as {{ kind }})
        end
    )[1]
{%- endmacro %}

{#- Half of the last decimal in which a price is written: 0.005 of 12.35, 0.5 of 12. Zeros at the end are not written. -#}
{% macro half_of_last_decimal(price) -%}
    case length(regexp_extract(cast({{ price }} as {{ dbt.type_string() }}), '[.]([0-9]*[1-9])0*$', 1))
        {%- for decimals in range(1, 13) %}
        when {{ decimals }} then cast(0.{{ '0' * decimals }}5 as decimal(38, 13))
        {%- endfor %}
        else cast(0.5 as decimal(38, 13))
    end
{%- endmacro %}
