-- One delivery milestone.
with source as (

    select * from {{ source('operations', 'deliveries') }}

)

select
    delivery_id,
    contract_id,
    customer_id,
    subscription_id,
    milestone,
    planned_on,
    provisioned_at,
    delivered_at,
    accepted_at,
    acceptance_doc,
    training_done,
    billable_amount,
    currency,

    ---------- provenance
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale

from source
