-- One row per CRM subscription, as its contract stands at the end of the month being closed, and whether another one already
-- answers for its provider subscription.
with duplicates as (

    select subscription_id
    from {{ ref('int_contract__identities') }}
    where is_live_in_period
    group by subscription_id
    having bool_and(is_duplicate)

)

select
    standing.*,
    duplicates.subscription_id is not null as is_duplicate
from {{ ref('int_contract__standing') }} as standing
left join duplicates on standing.subscription_id = duplicates.subscription_id
