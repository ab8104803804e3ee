{{ config(materialized='charge_files' if target.type == 'duckdb' else 'table') }}
-- depends_on: {{ ref('int_focus__charges') }}
-- One charge line of a provider, with what the reconciliation says of it.
select * from {{ ref('int_charges__whole') }}
