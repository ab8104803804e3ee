-- Every posted credit note, with the first one that says the same: same invoice, amount, lines, products, days and quantity. A note
-- that names no invoice repeats nothing.
with notes as (

    select * from {{ ref('stg_erp__invoices') }} where doc_class = 'credit_note' and status = 'posted'

),

contents as (

    select
        company_id,
        invoice_id,
        count(*) as line_count,
        min(subscription_id) as first_subscription,
        max(subscription_id) as last_subscription,
        min(product_code) as first_product,
        max(product_code) as last_product,
        min(period_from) as covered_from,
        max(period_to) as covered_to,
        sum(quantity) as quantity
    from {{ ref('stg_erp__invoice_lines') }}
    group by company_id, invoice_id

),

described as (

    select
        notes.company_id,
        notes.invoice_id,
        notes.applies_to_invoice_id,
        notes.customer_id,
        notes.country,
        notes.currency,
        notes.issue_date,
        notes.net_amount,
        first_value(notes.invoice_id) over same_note as first_of_its_kind,
        row_number() over same_note as place
    from notes
    left join contents on notes.company_id = contents.company_id and notes.invoice_id = contents.invoice_id
    window same_note as (
        partition by
            notes.company_id, notes.customer_id, notes.applies_to_invoice_id, notes.currency, notes.net_amount,
            contents.line_count, contents.first_subscription, contents.last_subscription, contents.first_product,
            contents.last_product, contents.covered_from, contents.covered_to, contents.quantity
        order by notes.issue_date, notes.invoice_id
    )

)

select
    company_id,
    invoice_id,
    applies_to_invoice_id,
    customer_id,
    country,
    currency,
    issue_date,
    net_amount,
    first_of_its_kind,
    applies_to_invoice_id is not null and place > 1 as is_duplicate
from described
