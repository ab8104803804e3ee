-- FX01, FX02, FX06: the document used another rate than its rule names. The whole of B is out by x* ÷ x.
with lines as (

    select *
    from {{ ref('int_bridge__lines') }}
    where fx_class in ('FX01', 'FX02', 'FX06') and kept_amount <> 0

),

units as (

    select
        unit_id,
        currency
    from {{ ref('int_bridge__units') }} where route = 'compare'

),

valued as (

    select
        lines.unit_id,
        lines.fx_class as class_code,
        'fx' as effect,
        sum(lines.expected_rate_amount - lines.kept_amount) as amount,
        lines.company_id || ':' || lines.invoice_id as atom_key,
        lines.invoice_id,
        cast(null as string) as customer_id,
        {{ evidence({
            'used_rate': 'max(lines.rate)', 'expected_rate': 'max(lines.expected_rate)',
            'invoiced_amount': 'sum(lines.kept_amount)', 'issue_date': 'max(lines.issue_date)'
        }) }} as evidence
    from lines
    inner join units on lines.unit_id = units.unit_id and lines.currency = units.currency
    group by lines.unit_id, lines.fx_class, lines.company_id, lines.invoice_id

)

select {{ bridge_columns() }}
from valued
