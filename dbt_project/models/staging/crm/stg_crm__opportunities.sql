-- One opportunity.
with source as (

    select * from {{ source('crm', 'opportunities') }}

)

select
    opportunity_id,
    customer_id,
    name,
    stage,
    status,
    amount,
    currency,
    quoted_margin_pct,
    price_list_id,
    created_at,
    closed_at,
    expected_close,
    probability_pct,
    country,

    ---------- provenance
    {{ provenance() }}

from source
