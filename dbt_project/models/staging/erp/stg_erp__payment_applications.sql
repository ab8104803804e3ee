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
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale

from source
