-- One renewal decision.
with source as (

    select * from {{ source('crm', 'renewals') }}

)

select
    subscription_id,
    customer_id,
    renewal_due_date,
    mrr_due,
    currency,
    decision,
    decided_at,
    new_subscription_id,
    new_mrr,
    reason,

    ---------- provenance
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale

from source
