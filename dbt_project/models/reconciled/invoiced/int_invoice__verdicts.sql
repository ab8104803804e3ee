-- The part of an invoice line that should not be there at all, judged before anything else is compared: a credit note
-- without, above or twice against its invoice (CR05, CR06), and a second invoice for what another one bills (BL01, or CR10 in
-- a chain of voided invoices). And the reverse: a line that is not there because the authority rejected its document (TX06),
-- while other documents bill the rest of the unit; its amount is negative, so that what is left is what it would have billed.
with lines as (

    select *
    from {{ ref('int_invoice__lines') }}
    where is_posted and is_in_period

),

repeated as (

    select
        *,
        dense_rank() over (
            partition by unit_id, customer_id, currency, product_code, covered_from, covered_to, quantity, unit_price, net_amount
            order by issue_date, company_id, invoice_id
        ) as place
    from lines
    where doc_class = 'invoice' and unit_kind = 'subscription'

),

units as (

    select
        lines.unit_id,
        sum(lines.contract_amount) as contract_amount,
        bool_or(lines.sign < 0 and lines.applies_to_invoice_id is not null) as has_voided
    from lines
    group by lines.unit_id

),

bad_notes as (

    select
        unit_id,
        sum(contract_amount) as contract_amount
    from {{ ref('int_invoice__bad_notes') }}
    where removed_amount = net_amount
    group by unit_id

),

copies as (

    select
        repeated.*,
        units.has_voided,
        units.contract_amount - coalesce(bad_notes.contract_amount, 0) as billed_amount,
        sum(repeated.contract_amount) over (partition by repeated.unit_id) as copied_amount,
        coalesce(expected.expected_amount, 0) as expected_amount
    from repeated
    inner join units on repeated.unit_id = units.unit_id
    left join bad_notes on repeated.unit_id = bad_notes.unit_id
    left join {{ ref('int_expected') }} as expected on repeated.unit_id = expected.unit_id
    where repeated.place > 1

),

rejected as (

    select
        lines.company_id,
        lines.invoice_id,
        lines.line_no,
        lines.net_amount,
        units.contract_amount as billed_amount,
        sum(lines.contract_amount) over (partition by lines.unit_id) as rejected_amount,
        expected.expected_amount
    from {{ ref('int_invoice__lines') }} as lines
    inner join units on lines.unit_id = units.unit_id
    inner join {{ ref('int_expected') }} as expected on lines.unit_id = expected.unit_id
    where lines.is_rejected and lines.is_in_period and lines.sign > 0 and units.contract_amount <> 0

)

-- A copy is a duplicate when the unit agrees better without it: two equal additions of the same day are no duplicates.
select
    company_id,
    invoice_id,
    line_no,
    case when has_voided then 'CR10' else 'BL01' end as class_code,
    net_amount as removed_amount
from copies
where abs(expected_amount - billed_amount + copied_amount) < abs(expected_amount - billed_amount)

union all

select
    company_id,
    invoice_id,
    line_no,
    'TX06' as class_code,
    -net_amount as removed_amount
from rejected
where abs(expected_amount - billed_amount - rejected_amount) < abs(expected_amount - billed_amount)

union all

select
    company_id,
    invoice_id,
    line_no,
    class_code,
    removed_amount
from {{ ref('int_invoice__bad_notes') }}
