-- One limit of one role on one kind of decision. Without a country it holds in every country, without a limit for every amount.
with source as (

    select * from {{ source('people', 'authority') }}

)

select
    role,
    decision,
    country,
    may_prepare,
    may_approve,
    limit_usd,
    valid_from,
    valid_to,

    ---------- provenance
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale

from source
