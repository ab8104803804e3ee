-- One payment received.
with source as (

    select * from {{ source('erp', 'payments') }}

)

select
    payment_id,
    customer_id,
    payment_date,
    method,
    currency,
    amount,
    fx_rate,
    reference,
    status,
    is_final,
    bank_fee_amount,

    ---------- provenance
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale

from source
