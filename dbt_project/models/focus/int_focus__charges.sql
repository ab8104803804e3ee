{{ config(materialized='parquet' if target.type == 'duckdb' else 'table') }}
-- Every charge of every provider in FOCUS 1.2. One line per mapping, so that a provider is never counted twice unseen.
select * from {{ ref('int_focus__microsoft') }}
union all
select * from {{ ref('int_focus__azure_usage') }}
union all
select * from {{ ref('int_focus__aws') }}
union all
select * from {{ ref('int_focus__gcp') }}
union all
select * from {{ ref('int_focus__focus') }}
union all
select * from {{ ref('int_focus__vendor') }}
