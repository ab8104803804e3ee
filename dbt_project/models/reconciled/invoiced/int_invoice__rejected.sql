-- Units for which the authority rejected or annulled a document of this month.
select
    unit_id,
    min(company_id) as company_id,
    min(invoice_id) as invoice_id
from {{ ref('int_invoice__lines') }}
where is_rejected and sign > 0 and is_in_period
group by unit_id
