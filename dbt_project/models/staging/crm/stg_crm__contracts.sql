-- One contract.
with source as (

    select * from {{ source('crm', 'contracts') }}

)

select
    contract_id,
    customer_id,
    opportunity_id,
    signed_at,
    activated_at,
    start_date,
    end_date,
    status,
    approved_by,
    approved_margin_pct,
    sla_code,
    po_number,
    po_amount,
    currency,
    country,

    ---------- provenance
    {{ provenance() }}

from source
