-- One rate of one series on one date.
with source as (

    select * from {{ source('fx', 'fx_rates') }}

)

select
    source,
    series,
    base_currency,
    quote_currency,
    side,
    rate,
    rate_date,
    valid_from,
    valid_to,
    published_at,

    ---------- provenance
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale

from source
