-- CO03, overdue: a document on which no money came, past due beyond the days allowed, at the probability of loss of its age.
with documents as (

    select * from {{ ref('int_cash__documents') }}

),

rates as (

    select * from {{ ref('bad_debt_rates') }} where valid_from <= {{ period_end() }}

),

allowed as (

    select
        currencies.currency,
        currencies.subunit * tolerances.value as amount
    from {{ ref('currencies') }} as currencies
    cross join {{ ref('tolerances') }} as tolerances
    where tolerances.tolerance = 'cash_subunits'

),

overdue as (

    select
        documents.*,
        rates.loss_probability,
        rates.status as rate_status,
        {{ decimal_multiply('documents.open_amount', 'rates.loss_probability') }} as amount
    from documents
    inner join rates on documents.days_past_due between rates.days_from and rates.days_to
    inner join allowed on documents.currency = allowed.currency
    where documents.is_judged
        and documents.status = 'posted'
        and not documents.is_rejected
        and documents.doc_class in ('invoice', 'debit_note')
        and documents.cash_amount = 0
        and documents.open_amount > allowed.amount

),

found as (

    select
        '{{ var("close_period") }}' as close_period,
        'CO03' as class_code,
        country,
        customer_id,
        invoice_id,
        amount,
        currency,
        {{ decimal_divide('amount', 'units_per_usd') }} as amount_usd,
        false as is_bridge,
        {{ evidence({
            'open_amount': 'open_amount', 'due_date': 'due_date', 'days_past_due': 'days_past_due',
            'loss_probability': 'loss_probability', 'loss_probability_status': 'rate_status', 'judged_on': period_end()
        }) }} as evidence,
        company_id || ':' || invoice_id as evidence_key
    from overdue

)

select {{ leak_columns('found', absent=[
    'unit_id', 'provider', 'subscription_id', 'product_code', 'provider_invoice_id', 'payment_id', 'evidence_charge_ids'
]) }}
from found
