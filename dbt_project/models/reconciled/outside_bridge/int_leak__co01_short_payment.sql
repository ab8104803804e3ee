-- CO01, short payment: money came in for a document, and less than its total after every deduction, settlement, credit and the
-- banks' own fees.
with documents as (

    select * from {{ ref('int_outside__short_payments') }} where is_due

),

allowed as (

    select
        currencies.currency,
        currencies.subunit * tolerances.value as amount
    from {{ ref('currencies') }} as currencies
    cross join {{ ref('tolerances') }} as tolerances
    where tolerances.tolerance = 'cash_subunits'

),

found as (

    select
        '{{ var("close_period") }}' as close_period,
        'CO01' as class_code,
        documents.country,
        documents.customer_id,
        documents.invoice_id,
        documents.short_amount as amount,
        documents.currency,
        {{ decimal_divide('documents.short_amount', 'documents.units_per_usd') }} as amount_usd,
        false as is_bridge,
        {{ evidence({
            'total_amount': 'documents.total_amount', 'cash_amount': 'documents.cash_amount',
            'deduction_amount': 'documents.deduction_amount', 'settlement_amount': 'documents.settlement_amount',
            'open_amount': 'documents.open_amount', 'bank_fee': 'documents.bank_fee', 'due_date': 'documents.due_date',
            'last_cash_on': 'documents.last_cash_on', 'judged_on': period_end()
        }) }} as evidence,
        documents.company_id || ':' || documents.invoice_id as evidence_key
    from documents
    inner join allowed on documents.currency = allowed.currency
    where documents.short_amount > allowed.amount

)

select {{ leak_columns('found', absent=[
    'unit_id', 'provider', 'subscription_id', 'product_code', 'provider_invoice_id', 'payment_id', 'evidence_charge_ids'
]) }}
from found
