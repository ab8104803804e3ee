-- Units that had an invoice for this month which was cancelled.
select distinct unit_id
from {{ ref('int_invoice__lines') }}
where status = 'cancelled' and doc_class = 'invoice' and is_in_period
