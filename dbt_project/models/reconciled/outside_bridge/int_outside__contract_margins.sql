-- What each contracted unit should earn, in US dollars: expected revenue less what the reseller pays (the customer-chargeable
-- cost without the partner's own margin), and the floor agreed.
with floors as (

    select
        subscription_id,
        max_by(margin_floor_pct, valid_from) as margin_floor_pct
    from {{ ref('stg_crm__subscriptions') }}
    where valid_from <= {{ period_end() }}
    group by subscription_id

),

-- Of a term that is charged ahead and sold by the month, the month's share is its cost.
shares as (

    select
        unit_id,
        {{ decimal_divide('sum(quantity * ticks)', 'sum(quantity * charged_ticks)') }} as cost_share
    from {{ ref('int_expected__coverage') }}
    where ticks < charged_ticks
    group by unit_id
    having sum(quantity * charged_ticks) > 0

),

costs as (

    select
        reconciled.*,
        case when shares.unit_id is null then reconciled.provider_cost_usd - reconciled.partner_margin_usd
            else {{ decimal_multiply('reconciled.provider_cost_usd - reconciled.partner_margin_usd', 'shares.cost_share') }} end
            as cost_usd
    from {{ ref('int_reconciliation') }} as reconciled
    left join shares on reconciled.unit_id = shares.unit_id

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
    units.cost_usd as provider_cost_usd,
    units.expected_usd - units.cost_usd as margin_usd,
    floors.margin_floor_pct
from costs as units
inner join {{ ref('int_contract__subscriptions') }} as subscriptions on units.subscription_id = subscriptions.subscription_id
left join floors on units.subscription_id = floors.subscription_id
where units.unit_kind = 'subscription'
    and subscriptions.is_live_in_period
    and units.is_priced_by_contract
    and units.expected_usd > 0
    and units.provider_cost_usd > 0
