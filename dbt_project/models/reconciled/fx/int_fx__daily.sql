-- One rate of one series on each calendar day on which it may be used: its own days, then carried forward until the next
-- rate, at most as many days as the rule allows. A rate never reaches back to a day before its own.
with rates as (

    select * from {{ ref('stg_fx__fx_rates') }}

),

rules as (

    select
        source,
        series,
        side,
        base_currency,
        quote_currency,
        max(date_rule) as date_rule,
        max(carry_days) as carry_days
    from {{ ref('fx_rules') }}
    group by all

),

dated as (

    select
        rates.*,
        coalesce(rules.carry_days, 7) as carry_days,
        case rules.date_rule
            when 'range_contains' then coalesce(rates.valid_from, rates.rate_date)
            when 'published_on_or_before' then coalesce(cast(rates.published_at as date), rates.rate_date)
            else rates.rate_date
        end as first_day,
        case rules.date_rule
            when 'range_contains' then coalesce(rates.valid_to, rates.rate_date)
        end as stated_last_day
    from rates
    left join rules using (source, series, side, base_currency, quote_currency)

),

spans as (

    select
        *,
        greatest(first_day, coalesce(stated_last_day, first_day)) as last_day_of_its_own,
        lead(first_day) over (
            partition by source, series, side, base_currency, quote_currency
            order by first_day, rate_date
        ) as next_first_day
    from dated

),

expanded as (

    select
        source,
        series,
        side,
        base_currency,
        quote_currency,
        rate,
        rate_date,
        last_day_of_its_own,
        {{ each_day(
            'first_day',
            'least(last_day_of_its_own + carry_days, coalesce(next_first_day - 1, last_day_of_its_own + carry_days))'
        ) }} as on_date
    from spans

)

select
    source,
    series,
    side,
    base_currency,
    quote_currency,
    on_date,
    rate,
    rate_date,
    on_date > last_day_of_its_own as is_carried
from expanded
