-- PR03, below the margin floor that the contract was approved with: what is missing to reach it. Prices are percents of R.
with short as (

    select
        *,
        {{ decimal_multiply('expected_usd', 'margin_floor_pct * 0.01') }} - margin_usd as amount
    from {{ ref('int_outside__contract_margins') }}
    where margin_floor_pct is not null and margin_usd >= 0

),

found as (

    select
        '{{ var("close_period") }}' as close_period,
        'PR03' as class_code,
        unit_id,
        country,
        provider,
        customer_id,
        subscription_id,
        product_code,
        amount,
        'USD' as currency,
        amount as amount_usd,
        false as is_bridge,
        {{ evidence({
            'expected_usd': 'expected_usd', 'provider_cost_usd': 'provider_cost_usd', 'margin_usd': 'margin_usd',
            'margin_floor_pct': 'margin_floor_pct', 'price_basis': 'price_basis'
        }) }} as evidence,
        'floor' as evidence_key
    from short
    -- a cent: R and C are each rounded once
    where amount > 0.01

)

select {{ leak_columns('found', absent=['invoice_id', 'provider_invoice_id', 'payment_id', 'evidence_charge_ids']) }}
from found
