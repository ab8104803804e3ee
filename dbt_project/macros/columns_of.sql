{#- The named columns of one relation of a join, as they stand: {{ columns_of('lines', ['currency', 'net_cost']) }}. -#}
{% macro columns_of(relation, columns) -%}
    {%- for column in columns %}
    {{ relation }}.{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
