{#-
  A table whose aggregate keeps lists, which DuckDB cannot spill: built a part of its groups at a time, so that its memory does
  not grow with the month. The model says `where {{ in_part('key') }}` and names, in `rows_of`, the model of its own floor
  whose rows it gathers.
-#}
{% materialization in_parts, adapter='duckdb' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set before = load_cached_relation(this) -%}
    {%- if before is not none -%} {%- do adapter.drop_relation(before) -%} {%- endif -%}
    {%- set gathered = this.incorporate(path={'identifier': config.require('rows_of')}) -%}
    {%- set rows = run_query('select count(*) from ' ~ gathered)[0][0] -%}
    {%- set parts = (rows // rows_of_a_part()) + 1 -%}

    {%- for part in range(parts) %}
    {%- set body = sql | replace(parts_of(), parts ~ '') | replace(one_part(), part ~ '') -%}
    {% call statement('main') -%}
        {%- if loop.first -%} {{ get_create_table_as_sql(false, target_relation, body) }}
        {%- else -%} insert into {{ target_relation }} {{ body }}
        {%- endif -%}
    {%- endcall %}
    {%- endfor %}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- Whether a key belongs to the part being built. Outside the materialization, in a unit test, there is one part. -#}
{% macro in_part(key) -%} {{ return(adapter.dispatch('in_part')(key)) }} {%- endmacro %}
{% macro default__in_part(key) -%} true {%- endmacro %}
{% macro duckdb__in_part(key) -%} hash({{ key }}) % {{ parts_of() }} = {{ one_part() }} {%- endmacro %}

{% macro parts_of() -%} {{ return('1 /* parts */') }} {%- endmacro %}
{% macro one_part() -%} {{ return('0 /* part */') }} {%- endmacro %}
{% macro rows_of_a_part() -%} {{ return(var('rows_of_a_part', 2000000)) }} {%- endmacro %}
