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
    {{ provenance() }}

from source
