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
    {{ provenance() }}

from source
