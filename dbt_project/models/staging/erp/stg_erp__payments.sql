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
    {{ provenance() }}

from source
