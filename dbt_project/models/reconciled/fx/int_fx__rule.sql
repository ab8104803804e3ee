-- The rate that a country's rule names for a document issued on a day. Holidays need no calendar: the previous business day
-- is the day of the latest rate strictly before the issue date.
with rules as (

    select * from {{ ref('fx_rules') }}

),

daily as (

    select * from {{ ref('int_fx__daily') }}

),

ruled as (

    select
        rules.country,
        rules.base_currency,
        rules.quote_currency,
        daily.on_date + case rules.date_rule when 'previous_business_day' then 1 else 0 end as on_date,
        daily.rate,
        daily.rate_date,
        daily.is_carried,
        rules.source,
        rules.series,
        rules.side,
        rules.date_rule,
        rules.valid_from,
        rules.valid_to
    from rules
    inner join daily using (source, series, side, base_currency, quote_currency)

)

select
    country,
    base_currency,
    quote_currency,
    on_date,
    rate,
    rate_date,
    is_carried,
    source,
    series,
    side,
    date_rule
from ruled
where on_date >= valid_from and (valid_to is null or on_date <= valid_to)
