-- CR07, an adjustment that stands only on the provider's invoice, in none of its lines. Positive: we pay more than the lines.
with found as (

    select
        '{{ var("close_period") }}' as close_period,
        'CR07' as class_code,
        provider,
        provider_invoice_id,
        adjustments as amount,
        currency,
        {{ decimal_divide('adjustments', 'units_per_usd') }} as amount_usd,
        false as is_bridge,
        {{ evidence({
            'header_total': 'header_total', 'net_and_tax': 'stated_total', 'adjustments': 'adjustments',
            'line_total': 'line_total', 'issued_on': 'issued_on'
        }) }} as evidence,
        provider || ':' || provider_invoice_id || ':' || currency as evidence_key
    from {{ ref('int_outside__provider_invoices') }}
    where adjustments <> 0

)

select {{ leak_columns('found', absent=[
    'unit_id', 'country', 'customer_id', 'subscription_id', 'product_code', 'invoice_id', 'payment_id', 'evidence_charge_ids'
]) }}
from found
