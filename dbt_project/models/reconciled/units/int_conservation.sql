{{ config(materialized='view') }}
-- Conservation on the two sides that the reconciliation owns: every ERP line, every contract-day.
select * from {{ ref('int_conservation__erp') }}
union all
select * from {{ ref('int_conservation__days') }}
