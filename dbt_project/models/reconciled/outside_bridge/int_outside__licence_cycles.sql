-- The licence cycle that a provider bills a subscription for: the longest cycle of this month's charges, its monthly price,
-- and the seats that stand at its end (credit and rebill, or single deltas, come to the same sum).
with charges as (

    select *
    from {{ ref('int_charges__matched') }}
    where subscription_id is not null
        and charge_kind = 'cost'
        and seat_quantity is not null

),

ranked as (

    select
        *,
        coalesce(day(subscription_started_on), 1) as anniversary_day,
        row_number() over (
            partition by unit_id
            order by case when seat_quantity > 0 then 0 else 1 end, {{ days_between('charge_from', 'charge_to') }} desc, charge_from desc, charge_id
        ) as place
    from charges

),

cycles as (

    select
        *,
        {{ month_ticks('charge_to', 'anniversary_day') }} - {{ month_ticks('charge_from', 'anniversary_day') }} as ticks
    from ranked
    where place = 1 and seat_quantity > 0 and billed_cost > 0

),

standing_charges as (

    select
        cycles.unit_id,
        charges.seat_quantity,
        charges.charge_id,
        {{ dearest_first('cycles.unit_id', 'charges.billed_cost', 'charges.charge_id') }} as place
    from cycles
    inner join charges
        on cycles.unit_id = charges.unit_id
        and cycles.charge_to = charges.charge_to
        and cycles.billing_currency = charges.billing_currency

),

standing as (

    select
        unit_id,
        sum(seat_quantity) as seats_at_the_end,
        {{ dearest_ids('charge_id') }} as charge_ids,
        count(*) as charge_count
    from standing_charges
    group by unit_id

)

select
    cycles.unit_id,
    cycles.subscription_id,
    cycles.customer_id,
    cycles.country,
    cycles.provider,
    cycles.product_code,
    cycles.invoice_id as provider_invoice_id,
    cycles.billing_currency,
    cycles.charge_from as cycle_from,
    cycles.charge_to as cycle_to,
    cycles.anniversary_day,
    cycles.term,
    cycles.billing_frequency,
    cycles.subscription_started_on,
    cycles.subscription_ends_on,
    -- cost ÷ seats ÷ months, where a month is 377,580 ticks
    {{ decimal_divide('cycles.billed_cost * ' ~ ticks_per_month(), 'cycles.seat_quantity * cycles.ticks') }} as monthly_price,
    standing.seats_at_the_end,
    standing.charge_ids,
    standing.charge_count,
    usd.units_per_usd
from cycles
inner join standing on cycles.unit_id = standing.unit_id
left join {{ ref('int_fx__usd') }} as usd
    on cycles.billing_currency = usd.currency and usd.on_date = {{ period_end() }}
