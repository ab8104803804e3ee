{#- The quotient of two whole numbers without its fraction: 7 by 2 is 3. -#}
{% macro whole_quotient(dividend, divisor) -%} {{ return(adapter.dispatch('whole_quotient')(dividend, divisor)) }} {%- endmacro %}
{% macro default__whole_quotient(dividend, divisor) -%} (({{ dividend }}) div ({{ divisor }})) {%- endmacro %}
{% macro duckdb__whole_quotient(dividend, divisor) -%} (({{ dividend }}) // ({{ divisor }})) {%- endmacro %}
