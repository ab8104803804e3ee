-- PR10, partner earned credit lost: the days on which an entitlement's consumption was charged without the credit that it earns
-- on other days, at their list cost times that rate. One finding for each plan.
with lost as (

    select
        provider_subscription_id,
        lower(trim(provider_subscription_id)) as provider_subscription_key,
        billing_currency,
        min(invoice_id) as provider_invoice_id,
        max(used_on) as last_day,
        min(used_on) as first_day,
        count(distinct used_on) as day_count,
        count(distinct entitlement_id) as entitlement_count,
        min(meter) as meter,
        count(distinct meter) as meter_count,
        max(earned_pct) as earned_pct,
        sum(case when pec_pct = 0 then list_cost end) as list_cost_without_credit,
        sum(lost_credit) as amount
    from {{ ref('int_outside__credit_days') }}
    where lost_credit > 0
    group by provider_subscription_id, billing_currency

),

-- The plan's charges of the month, and the unit they are reconciled in.
placed as (

    select
        provider_subscription_id,
        billing_currency,
        charge_id,
        unit_id,
        subscription_id,
        customer_id,
        country,
        product_code,
        {{ dearest_first('provider_subscription_id, billing_currency', 'billed_cost') }} as place
    from {{ ref('int_charges__matched') }}
    where provider = 'microsoft'
        and charge_category = 'Usage'
        and charge_kind = 'cost'
        and provider_subscription_id in (select provider_subscription_id from lost)

),

charges as (

    select
        provider_subscription_id,
        billing_currency,
        max(unit_id) as unit_id,
        max(subscription_id) as subscription_id,
        max(customer_id) as customer_id,
        max(country) as country,
        max(product_code) as product_code,
        {{ dearest_ids('charge_id') }} as charge_ids,
        count(*) as charge_count
    from placed
    group by provider_subscription_id, billing_currency

),

found as (

    select
        '{{ var("close_period") }}' as close_period,
        'PR10' as class_code,
        charges.unit_id,
        charges.country,
        'microsoft' as provider,
        charges.customer_id,
        charges.subscription_id,
        charges.product_code,
        lost.provider_invoice_id,
        lost.amount,
        lost.billing_currency as currency,
        {{ decimal_divide('lost.amount', 'usd.units_per_usd') }} as amount_usd,
        false as is_bridge,
        {{ evidence({
            'list_cost_without_credit': 'lost.list_cost_without_credit', 'pec_pct': '0', 'pec_pct_earned_elsewhere': 'lost.earned_pct',
            'days': 'lost.day_count', 'first_day': 'lost.first_day', 'last_day': 'lost.last_day',
            'entitlements': 'lost.entitlement_count', 'meters': 'lost.meter_count', 'first_meter': 'lost.meter',
            'provider_subscription_id': 'lost.provider_subscription_id'
        }) }} as evidence,
        charges.charge_ids as evidence_charge_ids,
        charges.charge_count as evidence_charge_count,
        lost.provider_subscription_key || ':' || lost.billing_currency as evidence_key
    from lost
    left join charges
        on lost.provider_subscription_id = charges.provider_subscription_id and lost.billing_currency = charges.billing_currency
    left join {{ ref('int_fx__usd') }} as usd
        on lost.billing_currency = usd.currency and usd.on_date = {{ period_end() }}

)

select {{ leak_columns('found', absent=['invoice_id', 'payment_id'], counted=true) }}
from found
