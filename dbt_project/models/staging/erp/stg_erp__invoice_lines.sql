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
    {{ provenance() }}

from source
