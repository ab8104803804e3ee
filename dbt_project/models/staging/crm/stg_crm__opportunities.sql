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
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale

from source
