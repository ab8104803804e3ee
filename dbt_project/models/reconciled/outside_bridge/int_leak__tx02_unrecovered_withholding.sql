-- TX02, withholding not recovered: tax that the customer kept by law, without the certificate that makes it money of ours, more
-- than thirty days after it was applied.
with withheld as (

    select * from {{ ref('stg_erp__payment_applications') }}
    where kind = 'withholding' and certificate_no is null and applied_on + 30 < {{ period_end() }}

),

documents as (

    select * from {{ ref('int_cash__documents') }} where status = 'posted' and not is_rejected

),

found as (

    select
        '{{ var("close_period") }}' as close_period,
        'TX02' as class_code,
        documents.country,
        documents.customer_id,
        withheld.invoice_id,
        withheld.payment_id,
        withheld.amount,
        documents.currency,
        {{ decimal_divide('withheld.amount', 'documents.units_per_usd') }} as amount_usd,
        false as is_bridge,
        {{ evidence({
            'withheld': 'withheld.amount', 'tax_code': 'withheld.tax_code', 'applied_on': 'withheld.applied_on',
            'total_amount': 'documents.total_amount', 'judged_on': period_end()
        }) }} as evidence,
        withheld.application_id as evidence_key
    from withheld
    inner join documents
        on withheld.company_id = documents.company_id and withheld.invoice_id = documents.invoice_id

)

select {{ leak_columns('found', absent=[
    'unit_id', 'provider', 'subscription_id', 'product_code', 'provider_invoice_id', 'evidence_charge_ids'
]) }}
from found
