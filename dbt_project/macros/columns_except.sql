{#-
  All columns but the named ones: {{ columns_except(['place']) }}, or of one relation of a join, {{ columns_except(['place'], 'lines') }}.
  Only where the list of what stays would say less than the list of what goes. (dbt itself has a macro `except`.)
-#}
{% macro columns_except(columns, relation=none) -%} {{ return(adapter.dispatch('columns_except')(columns, relation)) }} {%- endmacro %}
{% macro default__columns_except(columns, relation) -%} {{ relation ~ '.' if relation }}* except ({{ columns | join(', ') }}) {%- endmacro %}
{% macro duckdb__columns_except(columns, relation) -%} {{ relation ~ '.' if relation }}* exclude ({{ columns | join(', ') }}) {%- endmacro %}
