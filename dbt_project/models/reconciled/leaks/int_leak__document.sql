-- BL01, CR05, CR06, CR10: documents that should not be there. Each takes the amount that the verdicts removed. TX06: one that
-- should, and that the authority rejected: what it would have billed.
with lines as (

    select *
    from {{ ref('int_bridge__lines') }}
    where removed_amount <> 0

),

units as (

    select
        unit_id,
        currency,
        expected_rate
    from {{ ref('int_bridge__units') }}

),

valued as (

    select
        lines.unit_id,
        lines.removed_class as class_code,
        'existence' as effect,
        -sum(case when lines.currency = units.currency then lines.removed_amount
            else {{ decimal_multiply(decimal_divide('lines.removed_amount', 'lines.rate'), 'units.expected_rate') }}
        end) as amount,
        lines.company_id || ':' || lines.invoice_id as atom_key,
        lines.invoice_id,
        cast(null as string) as customer_id,
        {{ evidence({
            'document_class': 'max(lines.doc_class)', 'applies_to_invoice_id': 'max(lines.applies_to_invoice_id)',
            'net_amount': 'sum(abs(lines.net_amount - case when lines.removed_class = \'TX06\' then lines.removed_amount else 0 end))',
            'amount_too_much': 'sum(lines.removed_amount)',
            'from': 'min(lines.covered_from)', 'to': 'max(lines.covered_to) - 1'
        }) }} as evidence
    from lines
    inner join units on lines.unit_id = units.unit_id
    group by lines.unit_id, lines.removed_class, lines.company_id, lines.invoice_id

)

select {{ bridge_columns() }}
from valued
