-- One person in one role for one validity range.
with source as (

    select * from {{ source('people', 'analysts') }}

)

select
    analyst_id,
    country,
    team,
    role,
    valid_from,
    valid_to,
    leave_reason,

    ---------- provenance
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale

from source
