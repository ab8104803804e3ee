-- One certificate of one analyst.
with source as (

    select * from {{ source('people', 'certifications') }}

)

select
    analyst_id,
    skill,
    valid_from,
    valid_to,

    ---------- provenance
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale

from source
