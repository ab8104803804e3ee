-- One row per unit: both sides, their difference, and the six effects that add up to it.
with units as (

    select * from {{ ref('int_bridge__units') }}

),

effects as (

    select
        unit_id,
        {% for effect in ['quantity', 'period', 'price', 'fx', 'existence', 'rounding'] %}
        sum(case when effect = '{{ effect }}' then amount else 0 end) as {{ effect }}_effect{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_bridge__terms') }}
    group by unit_id

),

month_end_rates as (

    select currency, units_per_usd
    from {{ ref('int_fx__usd') }}
    where on_date = {{ period_end() }}

),

charged as (

    select
        unit_id,
        billing_currency,
        sum(case when charge_kind = 'cost' then billed_cost else 0 end) as provider_cost,
        -sum(case when charge_kind = 'partner_margin' then billed_cost else 0 end) as partner_margin
    from {{ ref('int_charges__matched') }}
    where charge_kind in ('cost', 'partner_margin')
    group by unit_id, billing_currency

),

charges as (

    select
        charged.unit_id,
        sum({{ decimal_divide('charged.provider_cost', 'month_end_rates.units_per_usd') }}) as provider_cost_usd,
        sum({{ decimal_divide('charged.partner_margin', 'month_end_rates.units_per_usd') }}) as partner_margin_usd
    from charged
    left join month_end_rates on charged.billing_currency = month_end_rates.currency
    group by charged.unit_id

),

coverage as (

    select
        unit_id,
        sum({{ for_ticks('quantity', 'ticks') }}) as provider_quantity
    from {{ ref('int_expected__coverage') }}
    where not is_correction
    group by unit_id

),

contracted as (

    select
        subscription_id,
        max(contract_quantity) as contract_quantity
    from {{ ref('int_contract__spans') }}
    where state = 'live' and span_from <= {{ period_end() }} and span_to > {{ period_end() }}
    group by subscription_id

),

lines as (

    select
        lines.unit_id,
        sum(case when lines.removed_class = 'TX06' then 0 else {{ for_ticks('lines.quantity', 'lines.ticks') }} end) as invoiced_quantity,
        max(lines.rate) as used_fx_rate
    from {{ ref('int_bridge__lines') }} as lines
    group by lines.unit_id

),

cash_delivered as (

    select coalesce(bool_and(is_judged), true) as is_judged from {{ ref('int_cash__documents') }}

),

-- Money on the unit's documents: to date on those that make B, in the month on any. A line in another currency than the
-- unit's counts at the expected rates of both, as in B.
cash as (

    select
        cash.unit_id,
        sum(case
            when not cash.is_billed_in_month then 0
            when cash.currency = units.currency then cash.to_date_net
            else {{ decimal_multiply(decimal_divide('cash.to_date_net', 'cash.rate'), 'units.expected_rate') }}
        end) as to_date_amount,
        case
            when count_if(cash.is_billed_in_month and cash.to_date_usd is null) = 0
                then sum(case when cash.is_billed_in_month then cash.to_date_usd else 0 end)
        end as to_date_usd,
        case when count(*) = count(cash.in_month_usd) then sum(cash.in_month_usd) end as in_month_usd
    from {{ ref('int_cash__lines') }} as cash
    inner join units on cash.unit_id = units.unit_id
    group by cash.unit_id

),

classes as (

    select * from {{ ref('int_unit__classes') }}

),

joined as (

    select
        units.unit_id,
        units.unit_kind,
        '{{ var("close_period") }}' as close_period,
        units.country,
        units.provider,
        units.customer_id,
        units.subscription_id,
        units.product_code,
        units.currency,
        units.contract_currency,
        coverage.provider_quantity,
        contracted.contract_quantity,
        lines.invoiced_quantity,
        coalesce(charges.provider_cost_usd, 0) as provider_cost_usd,
        coalesce(charges.partner_margin_usd, 0) as partner_margin_usd,
        units.expected_amount,
        units.invoiced_amount,
        {% for view in ['to_date_amount', 'to_date_usd', 'in_month_usd'] %}
        case when cash_delivered.is_judged then case when cash.unit_id is null then 0 else cash.{{ view }} end end as collected_{{ view }},
        {% endfor %}
        units.difference_amount,
        {% for effect in ['quantity', 'period', 'price', 'fx', 'existence', 'rounding'] %}
        coalesce(effects.{{ effect }}_effect, 0) as {{ effect }}_effect,
        {% endfor %}
        units.expected_usd,
        units.invoiced_usd,
        units.units_per_usd,
        units.expected_rate as expected_fx_rate,
        lines.used_fx_rate,
        classes.bucket,
        classes.class_code,
        units.route,
        units.subscription_id is not null and units.route <> 'internal' and coalesce(units.dead_amount, 0) = 0
            as is_priced_by_contract
    from units
    left join effects on units.unit_id = effects.unit_id
    left join charges on units.unit_id = charges.unit_id
    left join coverage on units.unit_id = coverage.unit_id
    left join contracted on units.subscription_id = contracted.subscription_id
    left join lines on units.unit_id = lines.unit_id
    left join cash on units.unit_id = cash.unit_id
    cross join cash_delivered
    left join classes on units.unit_id = classes.unit_id

)

select
    * exclude (units_per_usd, route, is_priced_by_contract),
    collected_to_date_amount as collected_amount,
    collected_to_date_usd as collected_usd,
    expected_usd - invoiced_usd as difference_usd,
    expected_usd - provider_cost_usd + partner_margin_usd as expected_margin_usd,
    invoiced_usd - provider_cost_usd + partner_margin_usd as actual_margin_usd,
    route,
    -- Whether R is the contract's price all through; on days without a live contract R is only the cost.
    is_priced_by_contract
from joined
-- A subscription that nobody charged, invoiced or expects has nothing to reconcile this month.
where route <> 'idle' or provider_cost_usd <> 0
