-- TP03, a term bought longer than the term sold: what the provider will still charge after the sold term ends, month by month. A
-- term that renews by itself ends with the run that holds this month.
with cycles as (

    select * from {{ ref('int_outside__licence_cycles') }}

),

sold as (

    select * from {{ ref('int_contract__subscriptions') }}

),

mismatched as (

    select
        cycles.*,
        sold.term as sold_term,
        case
            when sold.term = 'P1M' then least(cycles.cycle_to, {{ add_months('cycles.cycle_from', '1') }})
            else coalesce(sold.end_date + 1, {{ add_months(
                'sold.start_date',
                'cast(12 * ' ~ term_years('sold.term') ~ ' * ('
                ~ whole_quotient(whole_years('sold.start_date', 'cycles.cycle_from'), term_years('sold.term')) ~ ' + 1) as integer)'
            ) }})
        end as sold_to
    from cycles
    inner join sold on cycles.subscription_id = sold.subscription_id
    where ((sold.term = 'P1M' and cycles.term in ('P1Y', 'P3Y')) or (sold.term = 'P1Y' and cycles.term = 'P3Y'))
        and sold.is_live_in_period
        and cycles.seats_at_the_end > 0

),

left_over as (

    select
        *,
        -- whole months after the sold term; the bought term's last day is inclusive
        greatest(
            0,
            (year(subscription_ends_on + 1) - year(sold_to)) * 12
            + month(subscription_ends_on + 1) - month(sold_to)
            - case when day(subscription_ends_on + 1) < day(sold_to) then 1 else 0 end
        ) as months_left
    from mismatched

),

priced as (

    select
        *,
        {{ decimal_multiply('seats_at_the_end', decimal_multiply('monthly_price', 'months_left')) }} as amount
    from left_over
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
            'months_left': 'months_left', 'sold_term_ends_before': 'sold_to', 'provider_term_ends_on': 'subscription_ends_on', 'billed_through': 'cycle_to'
        }) }} as evidence,
        charge_ids as evidence_charge_ids,
        charge_count as evidence_charge_count,
        sold_term || ':' || term as evidence_key
    from priced

)

select {{ leak_columns('found', absent=['invoice_id', 'payment_id'], counted=true) }}
from found
