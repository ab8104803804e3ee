-- One external identity of one customer for one validity range.
with source as (

    select * from {{ source('crm', 'customer_xref') }}

)

select
    id_system,
    id_value,
    customer_id,
    valid_from,
    valid_to,
    match_method,
    approved_by,
    approved_at,

    ---------- provenance
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale

from source
