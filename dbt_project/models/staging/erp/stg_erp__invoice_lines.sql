-- One line of a customer document.
with source as (

    select * from {{ source('erp', 'invoice_lines') }}

)

select
    company_id,
    invoice_id,
    line_no,
    subscription_id,
    product_code,
    description,
    quantity,
    unit_price,
    discount_pct,
    net_amount,
    tax_code,
    tax_rate_pct,
    tax_amount,
    period_from,
    period_to,
    override_user,
    override_reason,

    ---------- provenance
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale

from source
