-- TP04, one cadence bought and another sold: the provider bills the term ahead and the customer pays by the month, or the
-- reverse. No revenue is lost; the evidence says how much cash is laid out.
with found as (

    select
        '{{ var("close_period") }}' as close_period,
        'TP04' as class_code,
        cycles.unit_id,
        cycles.country,
        cycles.provider,
        cycles.customer_id,
        cycles.subscription_id,
        cycles.product_code,
        cycles.provider_invoice_id,
        cast(0 as decimal(38, 12)) as amount,
        cycles.billing_currency as currency,
        cast(0 as decimal(38, 12)) as amount_usd,
        false as is_bridge,
        {{ evidence({
            'bought': 'cycles.billing_frequency', 'sold': 'sold.billing_frequency', 'seats': 'cycles.seats_at_the_end',
            'provider_monthly_price': 'cycles.monthly_price', 'billed_from': 'cycles.cycle_from', 'billed_to': 'cycles.cycle_to'
        }) }} as evidence,
        cycles.charge_ids as evidence_charge_ids,
        cycles.charge_count as evidence_charge_count,
        cycles.billing_frequency || ':' || sold.billing_frequency as evidence_key
    from {{ ref('int_outside__licence_cycles') }} as cycles
    inner join {{ ref('int_contract__subscriptions') }} as sold on cycles.subscription_id = sold.subscription_id
    where cycles.term = sold.term
        and cycles.billing_frequency in ('monthly', 'annual')
        and sold.billing_frequency in ('monthly', 'annual')
        and cycles.billing_frequency <> sold.billing_frequency
        and sold.is_live_in_period

)

select {{ leak_columns('found', absent=['invoice_id', 'payment_id'], counted=true) }}
from found
