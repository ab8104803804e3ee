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
    {{ provenance() }}

from source
