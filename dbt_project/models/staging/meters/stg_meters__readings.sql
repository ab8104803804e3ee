-- One counter read at one time.
with source as (

    select * from {{ source('meters', 'readings') }}

)

select
    meter_id,
    counter,
    read_at,
    value,
    unit,
    reading_kind,
    customer_ref,

    ---------- provenance
    {{ provenance() }}

from source
