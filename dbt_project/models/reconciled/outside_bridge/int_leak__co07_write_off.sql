-- CO07, write-off without approval: money given up by nobody in particular.
with written_off as (

    select * from {{ ref('stg_erp__payment_applications') }}
    where kind = 'write_off' and approved_by is null and applied_on <= {{ period_end() }}

),

documents as (

    select * from {{ ref('int_cash__documents') }}

),

found as (

    select
        '{{ var("close_period") }}' as close_period,
        'CO07' as class_code,
        documents.country,
        documents.customer_id,
        written_off.invoice_id,
        written_off.payment_id,
        written_off.amount,
        documents.currency,
        {{ decimal_divide('written_off.amount', 'documents.units_per_usd') }} as amount_usd,
        false as is_bridge,
        {{ evidence({
            'written_off': 'written_off.amount', 'applied_on': 'written_off.applied_on',
            'approved_by': 'written_off.approved_by', 'total_amount': 'documents.total_amount'
        }) }} as evidence,
        written_off.application_id as evidence_key
    from written_off
    left join documents
        on written_off.company_id = documents.company_id and written_off.invoice_id = documents.invoice_id

)

select {{ leak_columns('found', absent=[
    'unit_id', 'provider', 'subscription_id', 'product_code', 'provider_invoice_id', 'evidence_charge_ids'
]) }}
from found
