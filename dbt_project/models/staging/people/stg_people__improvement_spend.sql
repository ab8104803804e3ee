-- One improvement expense.
with source as (

    select * from {{ source('people', 'improvement_spend') }}

)

select
    spend_id,
    spent_on,
    pillar,
    kind,
    amount,
    currency,
    country,
    approved_by,

    ---------- provenance
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale

from source
