-- CO02, unapplied cash: a payment received that no document took, or not whole. No money is lost; it ages.
with payments as (

    select * from {{ ref('stg_erp__payments') }}

),

applied as (

    select
        applications.payment_id,
        sum(applications.amount) as amount,
        count(distinct documents.currency) as currencies,
        min(documents.currency) as currency
    from {{ ref('stg_erp__payment_applications') }} as applications
    left join {{ ref('stg_erp__invoices') }} as documents
        on applications.company_id = documents.company_id and applications.invoice_id = documents.invoice_id
    where applications.applied_on <= {{ period_end() }}
    group by applications.payment_id

),

allowed as (

    select
        currencies.currency,
        currencies.subunit * tolerances.value as amount
    from {{ ref('currencies') }} as currencies
    cross join {{ ref('tolerances') }} as tolerances
    where tolerances.tolerance = 'cash_subunits'

),

-- Applications are in document currency: they compare with the payment only where both are the same.
unapplied as (

    select
        payments.*,
        case
            when applied.payment_id is null then payments.amount
            when applied.currencies = 1 and applied.currency = payments.currency then payments.amount - applied.amount
            else 0
        end as unapplied_amount
    from payments
    left join applied on payments.payment_id = applied.payment_id
    where payments.status = 'received' and payments.payment_date <= {{ period_end() }}

),

found as (

    select
        '{{ var("close_period") }}' as close_period,
        'CO02' as class_code,
        customers.country,
        unapplied.customer_id,
        unapplied.payment_id,
        cast(0 as decimal(38, 12)) as amount,
        unapplied.currency,
        cast(0 as decimal(38, 12)) as amount_usd,
        false as is_bridge,
        {{ evidence({
            'payment_amount': 'unapplied.amount', 'unapplied_amount': 'unapplied.unapplied_amount',
            'payment_date': 'unapplied.payment_date', 'reference': 'unapplied.reference', 'judged_on': period_end()
        }) }} as evidence,
        unapplied.payment_id as evidence_key
    from unapplied
    inner join allowed on unapplied.currency = allowed.currency
    left join {{ ref('int_identity__customers') }} as customers on unapplied.customer_id = customers.customer_id
    where unapplied.unapplied_amount > allowed.amount

)

select {{ leak_columns('found', absent=[
    'unit_id', 'provider', 'subscription_id', 'product_code', 'invoice_id', 'provider_invoice_id', 'evidence_charge_ids'
]) }}
from found
