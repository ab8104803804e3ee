-- The dated crosswalk without overlaps: a later row takes over on the day it begins.
with xref as (

    select * from {{ ref('stg_crm__customer_xref') }}

),

ordered as (

    select
        *,
        lead(valid_from) over (partition by id_system, id_value order by valid_from) as next_valid_from
    from xref

)

select
    id_system,
    lower(id_value) as id_value,
    customer_id,
    valid_from,
    least(coalesce(valid_to, date '9999-12-31'), coalesce(next_valid_from - 1, date '9999-12-31')) as valid_to
from ordered
