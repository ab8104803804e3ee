-- Three margins of each customer and product: as booked, as it would be had everything been right, and as certified. A
-- certified margin is a number only where the month is complete, every gate passed for the country, both sides were delivered
-- and no finding stands on the row; otherwise it is NULL and says why.
with margins as (

    select * from {{ ref('int_margin') }}

),

products as (

    select
        product_code,
        family
    from {{ ref('dim_product') }}

),

gates as (

    select
        country,
        floor,
        bool_and(passed) as passed
    from {{ source('cuadre', 'gates') }}
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
        select
            countries.country,
            floors.place,
            floors.floor
        from (select distinct country from margins) as countries
        cross join (
            select
                1 as place,
                'staging' as floor
            union all
            select
                2,
                'focus'
            union all
            select
                3,
                'reconciled'
        ) as floors
    ) as stairs
    left join gates
        on stairs.floor = gates.floor and (gates.country is null or gates.country = stairs.country)
    left join (select distinct floor from gates) as spoken on stairs.floor = spoken.floor
    group by stairs.country

),

this_close as (

    select
        completeness,
        provisional_because_en,
        (select count(*) from {{ ref('stg_erp__invoices') }}) > 0 as has_invoices
    from {{ ref('stg_cuadre__close') }}

),

judged as (

    select
        margins.*,
        products.family,
        case
            when countries.refused_by is not null then 'gate refused: ' || substr(countries.refused_by, 3)
            when countries.not_judged_by is not null then 'gate not judged: ' || substr(countries.not_judged_by, 3)
            when this_close.completeness <> 'complete' then concat_ws(': ', 'the month is provisional', this_close.provisional_because_en)
            when not this_close.has_invoices then 'ERP not delivered for the month'
            when margins.undelivered_provider is not null then 'provider not delivered for the month: ' || margins.undelivered_provider
            when margins.customer_id is null then 'cost without a customer'
            when margins.is_internal then 'internal use: a cost, not a margin'
            when margins.has_unexplained then 'an unexplained difference remains'
            when margins.booked_margin_usd is null or margins.reconciled_margin_usd is null then 'no exchange rate to US dollars'
            when margins.finding_count > 0 then 'open findings: ' || margins.finding_classes
        end as not_certified_because
    from margins
    cross join this_close
    left join countries on margins.country is not distinct from countries.country
    left join products on margins.product_code = products.product_code

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
    cast(collected_in_month_usd as decimal(38, 12)) as collected_in_month_usd,
    cast(collected_to_date_usd as decimal(38, 12)) as collected_to_date_usd,
    cast(collected_in_month_usd as decimal(38, 12)) as collected_usd,
    cast(booked_margin_usd as decimal(38, 12)) as booked_margin_usd,
    cast(reconciled_margin_usd as decimal(38, 12)) as reconciled_margin_usd,
    cast(case when not_certified_because is null then reconciled_margin_usd end as decimal(38, 12)) as certified_margin_usd,
    not_certified_because,
    cast(margin_at_risk_usd as decimal(38, 12)) as margin_at_risk_usd,
    {{ decimal_divide('abs(booked_margin_usd - reconciled_margin_usd)', 'abs(reconciled_margin_usd)') }} as margin_distortion_pct,
    cast(finding_count as bigint) as finding_count
from judged
