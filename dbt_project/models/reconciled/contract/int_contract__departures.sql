-- External identities that left the reseller: the crosswalk knew them, and no row of theirs reaches past this day.
select
    id_system,
    lower(trim(id_value)) as id_key,
    max(valid_to) + 1 as left_on
from {{ ref('stg_crm__customer_xref') }}
group by id_system, lower(trim(id_value))
having count(*) = count(valid_to)
