-- One file of one delivery, accepted or not.
select
    delivery_sha256,
    source,
    close_period,
    file,
    sha256,
    cast(bytes as bigint) as bytes,
    cast(rows as bigint) as rows,
    cast(amount_total as decimal(38, 12)) as amount_total,
    currency,
    cast(received_at as timestamp) as received_at,
    status,
    reason
from {{ ref('stg_cuadre__deliveries') }}
