{#- A floor's schema is the floor's name, with no prefix: `focus.int_focus__aws`. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
