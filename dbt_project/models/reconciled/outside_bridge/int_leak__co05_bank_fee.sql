-- CO05, bank fee deducted: what the banks kept of a payment, beyond what the customer may leave to them.
with found as (

    select
        '{{ var("close_period") }}' as close_period,
        'CO05' as class_code,
        country,
        customer_id,
        invoice_id,
        payment_id,
        bank_fee - agreed_fee as amount,
        currency,
        {{ decimal_divide('bank_fee - agreed_fee', 'units_per_usd') }} as amount_usd,
        false as is_bridge,
        {{ evidence({
            'bank_fee': 'bank_fee', 'agreed_fee': 'agreed_fee', 'open_amount': 'open_amount', 'total_amount': 'total_amount',
            'last_cash_on': 'last_cash_on'
        }) }} as evidence,
        company_id || ':' || invoice_id as evidence_key
    from {{ ref('int_outside__short_payments') }}
    where bank_fee > agreed_fee

)

select {{ leak_columns('found', absent=[
    'unit_id', 'provider', 'subscription_id', 'product_code', 'provider_invoice_id', 'evidence_charge_ids'
]) }}
from found
