-- Units whose licence charges carry another product code than their contract: the SKU was renamed or replaced at the provider.
select
    charges.unit_id,
    min(charges.provider_product_code) as provider_product_code,
    min(subscriptions.product_code) as product_code
from {{ ref('int_charges__matched') }} as charges
inner join {{ ref('int_contract__subscriptions') }} as subscriptions on charges.subscription_id = subscriptions.subscription_id
where charges.seat_quantity is not null and charges.charge_kind = 'cost' and charges.provider_product_code is not null
group by charges.unit_id
having count_if(lower(charges.provider_product_code) = lower(subscriptions.product_code)) = 0
