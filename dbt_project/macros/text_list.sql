{#- The different values of a text, in order, as one text: "PR01, QT01". An aggregate. -#}
{% macro text_list(value) -%} {{ return(adapter.dispatch('text_list')(value)) }} {%- endmacro %}
{% macro default__text_list(value) -%} array_join(sort_array(collect_set({{ value }})), ', ') {%- endmacro %}
{% macro duckdb__text_list(value) -%} string_agg(distinct {{ value }}, ', ' order by {{ value }}) {%- endmacro %}
