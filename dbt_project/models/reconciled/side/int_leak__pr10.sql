-- PR10, partner earned credit lost: an Azure meter of Microsoft's own billed without the credit that the same plan's other
-- meters earn, or that the same meter earns in another plan of the month.
with meters as (

    select
        matched.unit_id,
        matched.subscription_id,
        matched.customer_id,
        matched.country,
        matched.product_code,
        focus.charge_id,
        focus.provider,
        focus.provider_subscription_id,
        coalesce(focus.sku_meter, focus.provider_product_code) as meter,
        focus.invoice_id as provider_invoice_id,
        focus.billed_cost,
        focus.billing_currency,
        coalesce(focus.pec_pct, 0) as pec_pct
    from {{ ref('int_focus__charges') }} as focus
    inner join {{ ref('int_charges__matched') }} as matched on focus.charge_id = matched.charge_id
    where focus.provider = 'microsoft'
        and focus.charge_category = 'Usage'
        and not focus.is_partner_margin
        and not focus.publisher_is_third_party
        and focus.billed_cost > 0
        -- spot capacity never earns the credit (Partner Center, partner earned credit FAQ)
        and coalesce(focus.sku_meter, focus.charge_description, '') not ilike '%spot%'

),

plans as (

    select provider_subscription_id, max(pec_pct) as pec_pct from meters group by provider_subscription_id

),

same_meters as (

    select meter, max(pec_pct) as pec_pct from meters group by meter

),

without_credit as (

    select
        *,
        {{ dearest_first('unit_id, provider_subscription_id, meter, provider_invoice_id, billing_currency', 'billed_cost') }} as place
    from meters
    where pec_pct = 0

),

lost as (

    select
        meters.unit_id,
        meters.country,
        meters.provider,
        meters.customer_id,
        meters.subscription_id,
        meters.product_code,
        meters.provider_subscription_id,
        meters.meter,
        meters.provider_invoice_id,
        meters.billing_currency,
        max(case when plans.pec_pct > 0 then plans.pec_pct else same_meters.pec_pct end) as earned_pct,
        sum(meters.billed_cost) as eligible_cost,
        {{ dearest_ids('meters.charge_id', 'meters.place') }} as charge_ids,
        count(*) as charge_count
    from without_credit as meters
    inner join plans on meters.provider_subscription_id = plans.provider_subscription_id
    inner join same_meters on meters.meter = same_meters.meter
    where plans.pec_pct > 0 or same_meters.pec_pct > 0
    group by all

),

priced as (

    select
        *,
        {{ decimal_multiply('eligible_cost', 'earned_pct * 0.01') }} as amount
    from lost

),

found as (

    select
        '{{ var("close_period") }}' as close_period,
        'PR10' as class_code,
        priced.unit_id,
        priced.country,
        priced.provider,
        priced.customer_id,
        priced.subscription_id,
        priced.product_code,
        priced.provider_invoice_id,
        priced.amount,
        priced.billing_currency as currency,
        {{ decimal_divide('priced.amount', 'usd.units_per_usd') }} as amount_usd,
        false as is_bridge,
        {{ evidence({
            'meter': 'priced.meter', 'eligible_cost': 'priced.eligible_cost', 'pec_pct': '0', 'pec_pct_earned_elsewhere': 'priced.earned_pct',
            'provider_subscription_id': 'priced.provider_subscription_id'
        }) }} as evidence,
        priced.charge_ids as evidence_charge_ids,
        priced.charge_count as evidence_charge_count,
        priced.provider_subscription_id || ':' || priced.meter as evidence_key
    from priced
    left join {{ ref('int_fx__usd') }} as usd
        on priced.billing_currency = usd.currency and usd.on_date = {{ period_end() }}

)

select {{ leak_columns('found', absent=['invoice_id', 'payment_id'], counted=true) }}
from found
