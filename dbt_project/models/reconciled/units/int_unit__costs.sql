-- What the provider charged for each unit and what of it is the partner's own margin, in dollars of the last day of the month.
with charged as (

    select
        unit_id,
        billing_currency,
        sum(case when charge_kind = 'cost' then billed_cost else 0 end) as provider_cost,
        -sum(case when charge_kind = 'partner_margin' then billed_cost else 0 end) as partner_margin
    from {{ ref('int_charges__matched') }}
    where charge_kind in ('cost', 'partner_margin')
    group by unit_id, billing_currency

)

select
    charged.unit_id,
    sum({{ decimal_divide('charged.provider_cost', 'month_end.units_per_usd') }}) as provider_cost_usd,
    sum({{ decimal_divide('charged.partner_margin', 'month_end.units_per_usd') }}) as partner_margin_usd
from charged
left join {{ ref('int_fx__period_usd') }} as month_end on charged.billing_currency = month_end.currency
group by charged.unit_id
