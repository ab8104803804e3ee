-- One customer document (invoice, credit note, debit note).
with source as (

    select * from {{ source('erp', 'invoices') }}

)

select
    company_id,
    invoice_id,
    doc_class,
    fiscal_doc_type,
    fiscal_number,
    legal_status,
    status,
    customer_id,
    customer_fiscal_id,
    issue_date,
    due_date,
    currency,
    fx_rate,
    reference_fx_rate,
    net_amount,
    tax_amount,
    total_amount,
    open_amount,
    applies_to_invoice_id,
    contract_id,
    po_number,
    created_by,
    approved_by,
    country,
    is_final,

    ---------- provenance
    {{ provenance() }}

from source
