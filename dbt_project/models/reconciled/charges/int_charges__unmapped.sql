-- The units of charges that no subscription answers for: whose they are, what they cost, and by how much Microsoft may have cut
-- their lines off.
with charges as (

    select *
    from {{ ref('int_charges__matched') }}
    where charge_kind = 'cost' and subscription_id is null

)

select
    charges.unit_id,
    min(charges.country) as country,
    min(charges.provider) as provider,
    min(charges.customer_id) as customer_id,
    min(charges.product_code) as product_code,
    min(charges.billing_currency) as currency,
    bool_or(charges.is_internal) as is_internal,
    max(customers.owner) as cost_owner,
    sum(charges.billed_cost) as cost,
    coalesce(sum(truncations.bound), 0) as truncated_amount
from charges
left join {{ ref('int_charges__truncated') }} as truncations on charges.charge_id = truncations.charge_id
left join {{ ref('int_identity__customers') }} as customers on charges.customer_id = customers.customer_id
group by charges.unit_id
