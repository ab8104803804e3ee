{#-
  The published charges: one Parquet file for each source, in the order of the source's files, beside the warehouse and seen in it
  through a view. Publishing links these very files, so that the widest table is written once and its gate reads what will leave.

  A short source is sorted. A long one is already in order where the focus floor's table is, because DuckDB keeps the order of the
  longer side of a join while that side is read in order: it is written as it comes, by all cores, and then looked at. Where it is
  not in order it is sorted after all, which spills and takes longer, so that equal rows always give equal bytes.

  `kept_sources` names those whose file publishing has put there already, because nothing that makes them has changed.
-#}
{% materialization charge_files, adapter='duckdb' %}
    {%- set seen = this.incorporate(type='view') -%}
    {%- set before = load_cached_relation(this) -%}
    {%- if before is not none and before.type != 'view' -%} {%- do adapter.drop_relation(before) -%} {%- endif -%}
    {%- set rows_of_source = run_query('select source, count(*) from ' ~ ref('int_focus__charges') ~ ' group by source order by source') -%}
    {%- set rows = {} -%}
    {%- for row in rows_of_source -%} {%- do rows.update({row[0]: row[1]}) -%} {%- endfor -%}
    {%- if not rows -%} {%- do rows.update({'__HIVE_DEFAULT_PARTITION__': 0}) -%} {%- endif -%}

    {%- for source in rows if source not in var('kept_sources', []) %}
    {%- set file = charge_file(source) -%}
    {%- set some = "select * from (" ~ sql ~ ") where source = '" ~ source ~ "'" -%}
    {%- set sorted = ' order by source_file, source_row, charge_id' -%}
    {%- set is_long = rows[source] > var('charges_worth_streaming', 200000) -%}
    {%- set streams = is_long and charges_in_order(ref('int_focus__charges') ~ " where source = '" ~ source ~ "'") -%}
    {% call statement('write_' ~ loop.index) -%}
        {%- if loop.first -%} {{ get_assert_columns_equivalent(sql) }} {%- endif -%}
        {{ copy_charges(some ~ ('' if streams else sorted), file) }}
    {%- endcall %}
    {%- if streams and not charges_in_order("read_parquet('" ~ file ~ "')") -%}
    {%- do run_query(copy_charges("select * from read_parquet('" ~ file ~ "')" ~ sorted, file ~ '.sorted')) -%}
    {%- do run_query(copy_charges("select * from read_parquet('" ~ file ~ ".sorted')", file)) -%}
    {%- endif -%}
    {%- endfor %}

    {% call statement('main') -%}
        create or replace view {{ seen }} as
        select * from read_parquet([{% for source in rows %}'{{ charge_file(source) }}'{{ ', ' if not loop.last }}{% endfor %}])
    {%- endcall %}
    {%- do adapter.commit() -%}
    {{ return({'relations': [seen]}) }}
{% endmaterialization %}

{% macro charge_file(source) -%}
    {{ return((env_var('CUADRE_WAREHOUSE', 'target/cuadre.duckdb') ~ '.fct_provider_charge.' ~ source ~ '.parquet') | replace("'", "''")) }}
{%- endmacro %}

{% macro copy_charges(query, file) -%}
    {{ return("copy (" ~ query ~ ") to '" ~ file ~ "' (format parquet, compression zstd, compression_level 1, row_group_size 122880)") }}
{%- endmacro %}

{#- Whether rows come in the order of their files; the window without an order reads them as they lie. -#}
{% macro charges_in_order(relation) -%}
    {%- set found = run_query("
        select count(*) from (
            select source_file, source_row, charge_id,
                lag(source_file) over () as file_before, lag(source_row) over () as row_before, lag(charge_id) over () as charge_before
            from " ~ relation ~ "
        )
        where file_before > source_file
            or (file_before = source_file and (row_before > source_row or (row_before = source_row and charge_before > charge_id)))
    ") -%}
    {{ return(found[0][0] == 0) }}
{%- endmacro %}
