-- How many units of a currency one US dollar is worth on a day, by the rule of the country whose currency it is. An index
-- currency (the Chilean UF) goes through its country's currency.
with rules as (

    select * from {{ ref('int_fx__rule') }}

),

countries as (

    select * from {{ ref('countries') }}

),

dollars as (

    select
        countries.country,
        countries.currency,
        rules.on_date,
        rules.rate,
        rules.rate_date,
        rules.is_carried
    from rules
    inner join countries
        on rules.country = countries.country and rules.quote_currency = countries.currency
    where rules.base_currency = 'USD'

),

days as (

    select on_date from dollars
    union
    select issue_date from {{ ref('stg_erp__invoices') }}
    union
    select {{ each_day(period_start(), period_end()) }}

),

indexed as (

    select
        rules.base_currency as currency,
        rules.on_date,
        {{ decimal_divide('dollars.rate', 'rules.rate') }} as units_per_usd,
        least(rules.rate_date, dollars.rate_date) as rate_date,
        rules.is_carried or dollars.is_carried as is_carried,
        row_number() over (partition by rules.base_currency, rules.on_date order by rules.country) as choice
    from rules
    inner join dollars
        on rules.country = dollars.country
        and rules.quote_currency = dollars.currency
        and rules.on_date = dollars.on_date
    where rules.base_currency <> 'USD'

)

select
    'USD' as currency,
    on_date,
    cast(1 as decimal(38, 12)) as units_per_usd,
    on_date as rate_date,
    false as is_carried
from days
where on_date is not null
union all
select
    currency,
    on_date,
    rate,
    rate_date,
    is_carried
from dollars
union all
select
    currency,
    on_date,
    units_per_usd,
    rate_date,
    is_carried
from indexed where choice = 1
