-- One row per unit: both sides, their difference, and the six effects that add up to it.
with effects as (

    select
        unit_id,
    {% for effect in ['quantity', 'period', 'price', 'fx', 'existence', 'rounding'] %}
        sum(case when effect = '{{ effect }}' then amount else 0 end) as {{ effect }}_effect{{ ',' if not loop.last }}
    {% endfor %}
    from {{ ref('int_bridge__terms') }}
    group by unit_id

),

costed as (

    select
        units.*,
        coalesce(costs.provider_cost_usd, 0) as provider_cost_usd,
        coalesce(costs.partner_margin_usd, 0) as partner_margin_usd
    from {{ ref('int_bridge__units') }} as units
    left join {{ ref('int_unit__costs') }} as costs on units.unit_id = costs.unit_id

)

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
    units.route,
    -- Whether R is the contract's price all through; on days without a live contract R is only the cost.
    units.subscription_id is not null and units.route <> 'internal' and coalesce(units.dead_amount, 0) = 0 as is_priced_by_contract,
    quantities.provider_quantity,
    quantities.contract_quantity,
    quantities.invoiced_quantity,
    units.provider_cost_usd,
    units.partner_margin_usd,
    units.expected_amount,
    units.invoiced_amount,
    units.difference_amount,
    {% for effect in ['quantity', 'period', 'price', 'fx', 'existence', 'rounding'] %}
        coalesce(effects.{{ effect }}_effect, 0) as {{ effect }}_effect,
    {% endfor %}
    units.expected_usd,
    units.invoiced_usd,
    units.expected_usd - units.invoiced_usd as difference_usd,
    units.expected_rate as expected_fx_rate,
    invoiced.used_rate as used_fx_rate,
    cash.collected_to_date_amount,
    cash.collected_to_date_usd,
    cash.collected_in_month_usd,
    cash.collected_to_date_amount as collected_amount,
    cash.collected_to_date_usd as collected_usd,
    units.expected_usd - units.provider_cost_usd + units.partner_margin_usd as expected_margin_usd,
    units.invoiced_usd - units.provider_cost_usd + units.partner_margin_usd as actual_margin_usd,
    classes.bucket,
    classes.class_code
from costed as units
left join effects on units.unit_id = effects.unit_id
left join {{ ref('int_unit__quantities') }} as quantities on units.unit_id = quantities.unit_id
left join {{ ref('int_unit__cash') }} as cash on units.unit_id = cash.unit_id
left join {{ ref('int_unit__classes') }} as classes on units.unit_id = classes.unit_id
left join {{ ref('int_bridge__invoiced') }} as invoiced on units.unit_id = invoiced.unit_id
-- A subscription that nobody charged, invoiced or expects has nothing to reconcile this month.
where units.route <> 'idle' or units.provider_cost_usd <> 0
