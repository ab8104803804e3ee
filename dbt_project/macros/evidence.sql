{#- The values that a finding compared, as JSON text, in their order. Every value is text, so that a decimal keeps all its digits. -#}
{% macro evidence(values) -%} {{ return(adapter.dispatch('evidence')(values)) }} {%- endmacro %}

{#- Spark leaves a null out unless it is told otherwise. -#}
{% macro default__evidence(values) -%}
    to_json(
        named_struct({% for name, value in values.items() %}'{{ name }}', {{ plain_text(value) }}{{ ', ' if not loop.last }}{% endfor %}),
        map('ignoreNullFields', 'false')
    )
{%- endmacro %}

{% macro duckdb__evidence(values) -%}
    cast(json_object({% for name, value in values.items() %}'{{ name }}', {{ plain_text(value) }}{{ ', ' if not loop.last }}{% endfor %}) as varchar)
{%- endmacro %}

{#- A decimal in plain digits, without its trailing zeros; any other value as it prints. -#}
{% macro plain_text(value) -%} {{ return(adapter.dispatch('plain_text')(value)) }} {%- endmacro %}
{% macro default__plain_text(value) -%}
    regexp_replace(regexp_replace(cast({{ value }} as string), '^(-?[0-9]+[.][0-9]*?)0+$', '$1'), '[.]$', '')
{%- endmacro %}
{% macro duckdb__plain_text(value) -%} plain_text({{ value }}) {%- endmacro %}
