-- What each contracted unit should earn, in US dollars: expected revenue less what the reseller pays (the customer-chargeable
-- cost without the partner's own margin), and the floor agreed.
with floors as (

    select
        subscription_id,
        max_by(margin_floor_pct, valid_from) as margin_floor_pct
    from {{ ref('stg_crm__subscriptions') }}
    where valid_from <= {{ period_end() }}
    group by subscription_id

)

select
    units.unit_id,
    units.country,
    units.provider,
    units.customer_id,
    units.subscription_id,
    units.product_code,
    subscriptions.price_basis,
    units.expected_usd,
    units.provider_cost_usd - units.partner_margin_usd as provider_cost_usd,
    units.expected_usd - units.provider_cost_usd + units.partner_margin_usd as margin_usd,
    floors.margin_floor_pct
from {{ ref('int_reconciliation') }} as units
inner join {{ ref('int_contract__subscriptions') }} as subscriptions on units.subscription_id = subscriptions.subscription_id
left join floors on units.subscription_id = floors.subscription_id
where units.unit_kind = 'subscription'
    and subscriptions.is_live_in_period
    and units.is_priced_by_contract
    and units.expected_usd > 0
    and units.provider_cost_usd > 0
