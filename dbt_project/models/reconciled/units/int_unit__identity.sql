-- Every unit once, and who it is: each subscription of the CRM, each kind of charge that no subscription answers for, and each
-- kind of invoice line that none answers for.
select
    'subscription:' || subscription_id as unit_id,
    case when family = 'own_service' then 'own_service' else 'subscription' end as unit_kind,
    country,
    provider,
    customer_id,
    subscription_id,
    product_code,
    currency as contract_currency,
    is_internal,
    cost_owner
from {{ ref('int_contract__subscriptions') }}

union all

select
    unit_id,
    'unmapped_charge' as unit_kind,
    country,
    provider,
    customer_id,
    null as subscription_id,
    product_code,
    currency as contract_currency,
    is_internal,
    cost_owner
from {{ ref('int_charges__unmapped') }}

union all

select
    unit_id,
    unit_kind,
    country,
    null as provider,
    customer_id,
    null as subscription_id,
    product_code,
    currency as contract_currency,
    false as is_internal,
    null as cost_owner
from {{ ref('int_bridge__main_documents') }}
where unit_kind <> 'subscription'
