{{ config(materialized='view') }}
-- Every line of every customer document with what its header says, and the subscription it is about. What the authority rejected or
-- annulled was never invoiced, and what takes back a document that was never invoiced takes nothing back.
with documents as (

    select
        own.*,
        case when own.doc_class in ('invoice', 'debit_note') then 1 else -1 end as sign,
        own.status = 'posted' and coalesce(own.legal_status in ('rejected', 'annulled'), false) as is_rejected,
        own.doc_class in ('credit_note', 'cancellation') and (
            coalesce(others.legal_status in ('rejected', 'annulled'), false)
            or (own.doc_class = 'cancellation' and coalesce(others.status <> 'posted', false))
        ) as takes_nothing_back
    from {{ ref('stg_erp__invoices') }} as own
    left join {{ ref('stg_erp__invoices') }} as others
        on own.company_id = others.company_id and own.applies_to_invoice_id = others.invoice_id

),

-- A note that names no subscription is about the only one of the document it applies to, if that has only one.
sole_subscriptions as (

    select
        company_id,
        invoice_id,
        min(subscription_id) as subscription_id
    from {{ ref('stg_erp__invoice_lines') }}
    group by company_id, invoice_id
    having count(distinct subscription_id) = 1 and count(*) = count(subscription_id)

),

headed as (

    select
        lines.*,
        documents.doc_class,
        documents.sign,
        documents.status,
        documents.is_rejected,
        documents.takes_nothing_back,
        documents.customer_id,
        documents.country,
        documents.currency,
        documents.issue_date,
        documents.applies_to_invoice_id,
        case when lines.subscription_id is null and documents.doc_class <> 'invoice' then documents.applies_to_invoice_id end
            as inherits_from_invoice_id
    from {{ ref('stg_erp__invoice_lines') }} as lines
    inner join documents on lines.company_id = documents.company_id and lines.invoice_id = documents.invoice_id

)

select
    headed.company_id,
    headed.invoice_id,
    headed.line_no,
    headed.doc_class,
    headed.sign,
    headed.status,
    headed.is_rejected,
    headed.takes_nothing_back,
    headed.customer_id,
    headed.country,
    headed.currency,
    headed.issue_date,
    headed.applies_to_invoice_id,
    headed.product_code,
    headed.quantity,
    headed.unit_price,
    headed.discount_pct,
    headed.net_amount,
    headed.period_from,
    headed.period_to,
    headed.override_user,
    headed.override_reason,
    coalesce(headed.subscription_id, sole_subscriptions.subscription_id) as named_subscription_id
from headed
left join sole_subscriptions
    on headed.company_id = sole_subscriptions.company_id
    and headed.inherits_from_invoice_id = sole_subscriptions.invoice_id
