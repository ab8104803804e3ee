{#-
  Several values of one row as one, so that an aggregate can choose them together:
  min_by({{ record_of({'currency': 'lines.currency', 'rate': 'lines.rate'}) }}, lines.issue_date) as first_line, then first_line.rate.
-#}
{% macro record_of(values) -%} {{ return(adapter.dispatch('record_of')(values)) }} {%- endmacro %}

{% macro default__record_of(values) -%}
    named_struct({% for name, value in values.items() %}'{{ name }}', {{ value }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{% macro duckdb__record_of(values) -%}
    struct_pack({% for name, value in values.items() %}{{ name }} := {{ value }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}
