-- Margin of each customer, product and country of the month: booked from the units, cash from every document, and what the
-- open findings would move. A margin without units this month is there too when money came in on its older documents.
{%- set is_exposed = "(is_moving or (direction = 'R' and is_own))" %}
with providers as (

    select distinct provider from {{ ref('int_focus__charges') }}

),

parts as (

    select
        units.country,
        units.customer_id,
        units.product_code,
        units.bucket,
        units.class_code,
        true as is_unit,
        case when units.provider <> 'own' and providers.provider is null then units.provider end as undelivered_provider,
        units.provider_cost_usd,
        units.partner_margin_usd,
        units.invoiced_usd,
        units.actual_margin_usd,
        units.collected_to_date_usd,
        cast(0 as decimal(38, 12)) as collected_in_month_usd,
        cast(0 as decimal(38, 12)) as moved_usd
    from {{ ref('int_reconciliation') }} as units
    left join providers on units.provider = providers.provider
    {% for source, collected, moved in [('int_cash__lines', 'in_month_usd', '0'), ('int_margin__findings', '0', 'amount_usd')] %}
        union all
        select
            country,
            customer_id,
            product_code,
            null as bucket,
            null as class_code,
            false as is_unit,
            null as undelivered_provider,
            0 as provider_cost_usd,
            0 as partner_margin_usd,
            0 as invoiced_usd,
            0 as actual_margin_usd,
            0 as collected_to_date_usd,
            {{ collected }} as collected_in_month_usd,
            {{ moved }} as moved_usd
        from {{ ref(source) }}
        {{ 'where is_moving' if source == 'int_margin__findings' }}
    {% endfor %}

),

-- One unknown part makes the whole unknown.
summed as (

    select
        country,
        customer_id,
        product_code,
        {% for amount in [
            'provider_cost_usd', 'partner_margin_usd', 'invoiced_usd', 'actual_margin_usd', 'collected_to_date_usd',
            'collected_in_month_usd', 'moved_usd'
        ] %}
            cast(case when count(*) = count({{ amount }}) then sum({{ amount }}) end as decimal(38, 12)) as {{ amount }},
        {% endfor %}
        min(undelivered_provider) as undelivered_provider,
        coalesce(bool_or(bucket = 'UNEXPLAINED'), false) as has_unexplained,
        coalesce(bool_and(case when is_unit then coalesce(bucket = 'INTERNAL' or class_code = 'EX13', false) end), false) as is_internal
    from parts
    group by country, customer_id, product_code

),

findings as (

    select
        country,
        customer_id,
        product_code,
        count(distinct leak_id) as finding_count,
        {{ text_list('class_code') }} as finding_classes,
        case
            when count_if({{ is_exposed }}) = count_if({{ is_exposed }} and amount_usd is not null)
                then sum(case when {{ is_exposed }} then abs(amount_usd) else 0 end)
        end as at_risk_usd
    from {{ ref('int_margin__findings') }}
    group by country, customer_id, product_code

),

cash as (

    select coalesce(bool_and(is_judged), true) as is_judged from {{ ref('int_cash__documents') }}

)

select
    summed.country,
    summed.customer_id,
    summed.product_code,
    summed.provider_cost_usd,
    summed.partner_margin_usd,
    summed.invoiced_usd,
    case when cash.is_judged then summed.collected_in_month_usd end as collected_in_month_usd,
    case when cash.is_judged then summed.collected_to_date_usd end as collected_to_date_usd,
    summed.actual_margin_usd as booked_margin_usd,
    summed.actual_margin_usd + summed.moved_usd as reconciled_margin_usd,
    case when findings.finding_count is null then cast(0 as decimal(38, 12)) else findings.at_risk_usd end as margin_at_risk_usd,
    coalesce(findings.finding_count, 0) as finding_count,
    findings.finding_classes,
    summed.undelivered_provider,
    summed.has_unexplained,
    summed.is_internal
from summed
cross join cash
left join findings
    on summed.country is not distinct from findings.country
    and summed.customer_id is not distinct from findings.customer_id
    and summed.product_code is not distinct from findings.product_code
