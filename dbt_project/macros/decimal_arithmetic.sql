{#-
  Exact decimal arithmetic for money: quotients, products and powers in DECIMAL(38,12), rounded half away from zero, so that 2/3 is
  0.666666666667 and never 0.66666666666666663.

  DuckDB divides two decimals as DOUBLE, and multiplies DECIMAL(38,12) × DECIMAL(38,12) into DECIMAL(38,24), which leaves no room
  for a third factor. It therefore gets functions of its own (engine_functions.sql), and its compiled models call them by name.
  Spark divides decimals as decimals: there each macro is an expression.

  Bounds: |dividend| and |product| below 10^14; beyond them the engine stops with an overflow error instead of returning a
  wrong number. A zero divisor gives NULL.
-#}
{% macro decimal_divide(dividend, divisor) -%}
    {{ return(adapter.dispatch('decimal_divide')(dividend, divisor)) }}
{%- endmacro %}

{% macro default__decimal_divide(dividend, divisor) -%}
    cast(cast({{ dividend }} as decimal(38, 12)) / nullif(cast({{ divisor }} as decimal(38, 12)), 0) as decimal(38, 12))
{%- endmacro %}

{% macro duckdb__decimal_divide(dividend, divisor) -%} decimal_divide({{ dividend }}, {{ divisor }}) {%- endmacro %}

{% macro decimal_multiply(left, right) -%}
    {{ return(adapter.dispatch('decimal_multiply')(left, right)) }}
{%- endmacro %}

{% macro default__decimal_multiply(left, right) -%}
    cast(cast({{ left }} as decimal(38, 12)) * cast({{ right }} as decimal(38, 12)) as decimal(38, 12))
{%- endmacro %}

{% macro duckdb__decimal_multiply(left, right) -%} decimal_multiply({{ left }}, {{ right }}) {%- endmacro %}

{#- (1 + pct/100) to a whole power. More than nine uplifts since a price was agreed are beyond any contract seen: the row then has
    no price, and the staging gate names it. -#}
{% macro compound(pct, times) -%}
    case {{ times }}
        when 0 then cast(1 as decimal(38, 12))
        {%- set factor = "cast(1 + " ~ pct ~ " * 0.01 as decimal(38, 12))" -%}
        {%- set product = namespace(text=factor) %}
        {%- for n in range(1, 10) %}
        when {{ n }} then {{ product.text }}
        {%- set product.text = decimal_multiply(product.text, factor) -%}
        {%- endfor %}
    end
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
