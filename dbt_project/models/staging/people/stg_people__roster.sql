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
    {{ provenance() }}

from source
