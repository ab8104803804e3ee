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
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale

from source
