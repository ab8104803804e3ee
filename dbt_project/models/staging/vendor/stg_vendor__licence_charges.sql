-- One charge of one licence contract for one service period.
with source as (

    select * from {{ source('vendor', 'licence_charges') }}

)

select
    vendor,
    invoice_id,
    line_no,
    licence_id,
    customer_ref,
    product_code,
    description,
    charge_type,
    quantity,
    unit_price,
    list_price,
    amount,
    currency,
    period_from,
    period_to,

    ---------- provenance
    {{ provenance() }}

from source
