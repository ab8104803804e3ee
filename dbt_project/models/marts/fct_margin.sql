-- Margin of each customer and product: as booked, and as certified. A certified margin is a number only where every gate of
-- this close has passed for the country, both sides were delivered, and nothing of it is unexplained; otherwise it is NULL
-- and says why.
with units as (

    select * from {{ ref('int_reconciliation') }}

),

products as (

    select product_code, family from {{ ref('dim_product') }}

),

gates as (

    select
        country,
        floor,
        bool_and(passed) as passed
    from {{ ref('stg_cuadre__gates') }}
    where close_period = '{{ var("close_period") }}'
    group by country, floor

),

-- The first floor, in the order of the staircase, that refused the country (or the whole close), or has not spoken.
countries as (

    select
        stairs.country,
        min(case when not gates.passed then stairs.place || ' ' || stairs.floor end) as refused_by,
        min(case when spoken.floor is null then stairs.place || ' ' || stairs.floor end) as not_judged_by
    from (
        select countries.country, floors.place, floors.floor
        from (select distinct country from units) as countries
        cross join (
            select 1 as place, 'staging' as floor union all select 2, 'focus' union all select 3, 'reconciled'
        ) as floors
    ) as stairs
    left join gates
        on stairs.floor = gates.floor and (gates.country is null or gates.country = stairs.country)
    left join (select distinct floor from gates) as spoken on stairs.floor = spoken.floor
    group by stairs.country

),

delivered as (

    select (select count(*) from {{ ref('stg_erp__invoices') }}) > 0 as has_invoices

),

providers as (

    select distinct provider from {{ ref('int_focus__charges') }}

),

grouped as (

    select
        units.country,
        units.customer_id,
        units.product_code,
        sum(units.provider_cost_usd) as provider_cost_usd,
        sum(units.partner_margin_usd) as partner_margin_usd,
        case when count(*) = count(units.invoiced_usd) then sum(units.invoiced_usd) end as invoiced_usd,
        case when count(*) = count(units.collected_usd) then sum(units.collected_usd) end as collected_usd,
        case when count(*) = count(units.actual_margin_usd) then sum(units.actual_margin_usd) end as booked_margin_usd,
        bool_or(coalesce(units.bucket = 'UNEXPLAINED', false)) as has_unexplained,
        bool_and(coalesce(units.bucket = 'INTERNAL' or units.class_code = 'EX13', false)) as is_internal,
        min(case when units.provider <> 'own' and providers.provider is null then units.provider end) as undelivered_provider
    from units
    left join providers on units.provider = providers.provider
    group by units.country, units.customer_id, units.product_code

),

judged as (

    select
        grouped.*,
        products.family,
        case
            when countries.refused_by is not null then 'gate refused: ' || substr(countries.refused_by, 3)
            when countries.not_judged_by is not null then 'gate not judged: ' || substr(countries.not_judged_by, 3)
            when not delivered.has_invoices then 'ERP not delivered for the month'
            when grouped.undelivered_provider is not null then 'provider not delivered for the month: ' || grouped.undelivered_provider
            when grouped.customer_id is null then 'cost without a customer'
            when grouped.is_internal then 'internal use: a cost, not a margin'
            when grouped.has_unexplained then 'an unexplained difference remains'
            when grouped.booked_margin_usd is null then 'no exchange rate to US dollars'
        end as not_certified_because
    from grouped
    cross join delivered
    left join countries on grouped.country is not distinct from countries.country
    left join products on grouped.product_code = products.product_code

)

select
    '{{ var("close_period") }}' as close_period,
    country,
    customer_id,
    product_code,
    family,
    cast(provider_cost_usd as decimal(38, 12)) as provider_cost_usd,
    cast(partner_margin_usd as decimal(38, 12)) as partner_margin_usd,
    cast(invoiced_usd as decimal(38, 12)) as invoiced_usd,
    cast(collected_usd as decimal(38, 12)) as collected_usd,
    cast(booked_margin_usd as decimal(38, 12)) as booked_margin_usd,
    cast(case when not_certified_because is null then booked_margin_usd end as decimal(38, 12)) as certified_margin_usd,
    not_certified_because
from judged
