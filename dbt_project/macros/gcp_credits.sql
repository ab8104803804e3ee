{#-
  The entries of Google's `credits` array as rows: one per line and entry, in the array's order.

  Engines read a JSON number as a double, which keeps about 17 digits; the amounts are therefore put in quotes first and
  become decimals from their own text.
-#}
{% macro gcp_credits(relation, file='source_file', row='source_row') -%}
    {{ return(adapter.dispatch('gcp_credits')(relation, file, row)) }}
{%- endmacro %}

{% macro duckdb__gcp_credits(relation, file, row) -%}
    select
        lines.{{ file }} as source_file,
        lines.{{ row }} as source_row,
        entries.entry_no,
        entries.entry.id as credit_id,
        coalesce(entries.entry.full_name, entries.entry.name) as credit_name,
        entries.entry.type as credit_type,
        cast(entries.entry.amount as decimal(38, 12)) as amount
    from {{ relation }} as lines,
        unnest(from_json(
            regexp_replace(lines.credits, '("amount"\s*:\s*)(-?[0-9][0-9.eE+-]*)', '\1"\2"', 'g'),
            '[{"id":"VARCHAR","name":"VARCHAR","full_name":"VARCHAR","type":"VARCHAR","amount":"VARCHAR"}]'
        )) with ordinality as entries (entry, entry_no)
{%- endmacro %}

{% macro default__gcp_credits(relation, file, row) -%}
    select
        lines.{{ file }} as source_file,
        lines.{{ row }} as source_row,
        entries.position + 1 as entry_no,
        entries.entry.id as credit_id,
        coalesce(entries.entry.full_name, entries.entry.name) as credit_name,
        entries.entry.type as credit_type,
        cast(entries.entry.amount as decimal(38, 12)) as amount
    from {{ relation }} as lines
    lateral view posexplode(from_json(
        regexp_replace(lines.credits, '("amount"\\s*:\\s*)(-?[0-9][0-9.eE+-]*)', '$1"$2"'),
        'array<struct<id:string,name:string,full_name:string,type:string,amount:string>>'
    )) entries as position, entry
{%- endmacro %}
