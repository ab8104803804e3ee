-- One analyst's planned and available hours in one week.
with source as (

    select * from {{ source('people', 'roster') }}

)

select
    analyst_id,
    country,
    week,
    planned_hours,
    available_hours,

    ---------- provenance
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale

from source
