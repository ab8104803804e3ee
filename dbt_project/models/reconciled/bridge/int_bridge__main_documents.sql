-- The document that speaks for a unit: its currency is the unit's, and where no subscription names the unit, so is its customer.
-- The first invoice that bills something, else the first invoice, else the first note.
with ordered as (

    select
        unit_id,
        unit_kind,
        company_id,
        invoice_id,
        country,
        customer_id,
        product_code,
        currency,
        expected_rate,
        units_per_usd,
        row_number() over (
            partition by unit_id
            order by
                case when doc_class = 'invoice' and kept_amount <> 0 then 0 when doc_class = 'invoice' then 1 else 2 end,
                issue_date,
                company_id,
                invoice_id,
                line_no
        ) as place
    from {{ ref('int_bridge__lines') }}

)

select
    unit_id,
    unit_kind,
    company_id,
    invoice_id,
    country,
    customer_id,
    product_code,
    currency,
    expected_rate,
    units_per_usd
from ordered
where place = 1
