-- EX11, provider file missing or cut: an invoice whose lines do not add up to its header, tax and adjustments apart.
with found as (

    select
        '{{ var("close_period") }}' as close_period,
        'EX11' as class_code,
        provider,
        provider_invoice_id,
        missing_amount as amount,
        currency,
        {{ decimal_divide('missing_amount', 'units_per_usd') }} as amount_usd,
        false as is_bridge,
        {{ evidence({
            'header_total': 'header_total', 'tax_total': 'tax_total', 'adjustments': 'adjustments', 'net_line_total': 'line_total',
            'line_count': 'line_count', 'tolerance': 'tolerance', 'issued_on': 'issued_on'
        }) }} as evidence,
        provider || ':' || provider_invoice_id || ':' || currency as evidence_key
    from {{ ref('int_outside__provider_invoices') }}
    where abs(missing_amount) > tolerance

)

select {{ leak_columns('found', absent=[
    'unit_id', 'country', 'customer_id', 'subscription_id', 'product_code', 'invoice_id', 'payment_id', 'evidence_charge_ids'
]) }}
from found
