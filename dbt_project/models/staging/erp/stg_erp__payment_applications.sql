-- One application of money or of a legal deduction to one invoice.
with source as (

    select * from {{ source('erp', 'payment_applications') }}

)

select
    application_id,
    payment_id,
    company_id,
    invoice_id,
    kind,
    tax_code,
    certificate_no,
    applied_on,
    amount,
    approved_by,

    ---------- provenance
    {{ provenance() }}

from source
