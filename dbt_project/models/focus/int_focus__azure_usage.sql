{{ config(materialized='view') }}
-- Daily rated usage as charges, only while no invoice file has been delivered: the invoice states the same money per meter,
-- and Azure must never be counted twice.
select detail.*
from {{ ref('int_focus__azure_usage_detail') }} as detail
where not exists (select 1 from {{ ref('stg_microsoft_csp_invoice__lines') }})
