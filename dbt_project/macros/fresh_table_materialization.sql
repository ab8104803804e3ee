{#-
  A table in a warehouse that every close builds from nothing (orchestration/warehouse/database.py).

  dbt-duckdb's own `table` builds beside the old table and swaps the two by name, for readers that a closing warehouse does not
  have: five statements and two renames a table, a third of what dbt itself costs.
-#}
{% materialization fresh_table, adapter='duckdb' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set before = load_cached_relation(this) -%}
    {%- if before is not none -%} {%- do adapter.drop_relation(before) -%} {%- endif -%}
    {% call statement('main') -%} {{ get_create_table_as_sql(false, target_relation, sql) }} {%- endcall %}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- A view, replaced where it stands; dbt's own builds beside the old one and renames it too. -#}
{% materialization view, adapter='duckdb' %}
    {%- set target_relation = this.incorporate(type='view') -%}
    {%- set before = load_cached_relation(this) -%}
    {%- if before is not none -%} {%- do adapter.drop_relation(before) -%} {%- endif -%}
    {% call statement('main') -%} {{ get_create_view_as_sql(target_relation, sql) }} {%- endcall %}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
