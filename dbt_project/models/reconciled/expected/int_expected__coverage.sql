-- The expected quantities with their coverage in ticks of the anniversary month that contains each day. The contract's cadence
-- decides what is due this month: sold by the month and charged for a term ahead, its share; sold by the year and charged by the
-- month, the whole year in the anniversary month and nothing in the others.
with anniversaries as (

    select
        unit_id,
        day(max(subscription_started_on)) as anniversary_day
    from {{ ref('int_charges__matched') }}
    where subscription_started_on is not null and subscription_id is not null
    group by unit_id

),

seats as (

    select
        seats.*,
        coalesce(anniversaries.anniversary_day, 1) as anniversary_day,
        case when seats.is_charged and not seats.is_correction then sold.billing_frequency end as sold_by,
        {{ days_between('seats.covered_from', 'seats.covered_to') }} > 31 as is_charged_ahead,
        month(sold.start_date) = month({{ period_start() }}) as is_anniversary_month
    from {{ ref('int_expected__seats') }} as seats
    left join anniversaries on seats.unit_id = anniversaries.unit_id
    left join {{ ref('int_contract__subscriptions') }} as sold on seats.subscription_id = sold.subscription_id

),

due as (

    select
        unit_id,
        subscription_id,
        covered_from,
        price,
        price_before_uplift,
        renewals,
        ended_promo_pct,
        quantity,
        is_base,
        is_correction,
        anniversary_day,
        covered_to as charged_to,
        case
            when sold_by = 'monthly' and is_charged_ahead
                then least(
                        covered_to, {{ anniversary_in(add_months("cast(date_trunc('month', " ~ period_end() ~ ") as date)", 1), 'anniversary_day') }}
                    )
            when sold_by = 'annual' and not is_charged_ahead and covered_to > {{ period_end() }} then {{ add_months('covered_to', 11) }}
            else covered_to
        end as covered_to
    from seats
    where not coalesce(sold_by = 'annual' and not is_charged_ahead and not is_anniversary_month, false)

)

select
    *,
    {{ month_ticks('covered_to', 'anniversary_day') }} - {{ month_ticks('covered_from', 'anniversary_day') }} as ticks,
    {{ month_ticks('charged_to', 'anniversary_day') }} - {{ month_ticks('covered_from', 'anniversary_day') }} as charged_ticks
from due
where covered_to > covered_from
