-- One file of one delivery, as the ledger recorded it.
with source as (

    select * from {{ source('cuadre', 'deliveries') }}

)

select
    delivery_sha256,
    source,
    close_period,
    file,
    sha256,
    bytes,
    rows,
    amount_total,
    currency,
    received_at,
    status,
    reason
from source
