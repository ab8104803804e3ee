-- TP03, sold by the month and bought by the year: what the provider will still charge for the term it holds us to, less what
-- the customer is held to (nothing after this month).
with cycles as (

    select * from {{ ref('int_side__cycles') }}

),

sold as (

    select * from {{ ref('int_contract__subscriptions') }}

),

mismatched as (

    select
        cycles.*,
        sold.term as sold_term,
        -- whole months left after this cycle; the term's last day is inclusive
        greatest(0,
            (year(cycles.subscription_ends_on + 1) - year(cycles.cycle_to)) * 12
            + month(cycles.subscription_ends_on + 1) - month(cycles.cycle_to)
            - case when day(cycles.subscription_ends_on + 1) < day(cycles.cycle_to) then 1 else 0 end
        ) as months_left
    from cycles
    inner join sold on cycles.subscription_id = sold.subscription_id
    where sold.term = 'P1M'
        and cycles.term in ('P1Y', 'P3Y')
        and sold.is_live_in_period
        and cycles.seats_at_the_end > 0

),

priced as (

    select
        *,
        {{ decimal_multiply('seats_at_the_end', decimal_multiply('monthly_price', 'months_left')) }} as amount
    from mismatched
    where months_left > 0

),

found as (

    select
        '{{ var("close_period") }}' as close_period,
        'TP03' as class_code,
        unit_id,
        country,
        provider,
        customer_id,
        subscription_id,
        product_code,
        provider_invoice_id,
        amount,
        billing_currency as currency,
        {{ decimal_divide('amount', 'units_per_usd') }} as amount_usd,
        false as is_bridge,
        {{ evidence({
            'sold_term': 'sold_term', 'bought_term': 'term', 'seats': 'seats_at_the_end', 'provider_monthly_price': 'monthly_price',
            'months_left': 'months_left', 'provider_term_ends_on': 'subscription_ends_on', 'billed_through': 'cycle_to'
        }) }} as evidence,
        charge_ids as evidence_charge_ids,
        charge_count as evidence_charge_count,
        sold_term || ':' || term as evidence_key
    from priced

)

select {{ leak_columns('found', absent=['invoice_id', 'payment_id'], counted=true) }}
from found
