{{ config(materialized='view') }}
-- Money applied to documents that the ERP did not deliver, one row a document. Only the amount is known, neither its tax nor its rate.
select
    applications.company_id,
    applications.invoice_id,
    min(applications.paid_by_customer_id) as customer_id,
    min(applications.paid_in_currency) as currency,
    sum(case when applications.is_in_month then applications.amount else 0 end) as in_month_amount,
    sum(applications.amount) as to_date_amount
from {{ ref('int_cash__applications') }} as applications
left join {{ ref('stg_erp__invoices') }} as documents
    on applications.company_id = documents.company_id and applications.invoice_id = documents.invoice_id
where applications.is_collected and documents.invoice_id is null
group by applications.company_id, applications.invoice_id
