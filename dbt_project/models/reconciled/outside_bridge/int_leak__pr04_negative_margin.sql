-- PR04, negative margin: the contract's own price lies below what the provider charges.
with found as (

    select
        '{{ var("close_period") }}' as close_period,
        'PR04' as class_code,
        unit_id,
        country,
        provider,
        customer_id,
        subscription_id,
        product_code,
        -margin_usd as amount,
        'USD' as currency,
        -margin_usd as amount_usd,
        false as is_bridge,
        {{ evidence({
            'expected_usd': 'expected_usd', 'provider_cost_usd': 'provider_cost_usd', 'margin_usd': 'margin_usd',
            'price_basis': 'price_basis'
        }) }} as evidence,
        'negative' as evidence_key
    from {{ ref('int_outside__contract_margins') }}
    -- a cent: R and C are each rounded once
    where margin_usd < -0.01

)

select {{ leak_columns('found', absent=['invoice_id', 'provider_invoice_id', 'payment_id', 'evidence_charge_ids']) }}
from found
