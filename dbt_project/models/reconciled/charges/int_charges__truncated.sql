{{ config(materialized='view') }}
-- How far each Microsoft charge may be off because Microsoft cuts its lines off: a cent for each licence of a line whose price
-- was prorated or cut, a cent for a usage line. Only of lines that Microsoft's own arithmetic explains.
select
    charges.charge_id,
    charges.unit_id,
    charges.billing_currency,
    arithmetic.tolerance as bound
from {{ ref('int_focus__arithmetic') }} as arithmetic
inner join {{ ref('int_charges__matched') }} as charges
    on arithmetic.source_file = charges.source_file and arithmetic.source_row = charges.source_row
where arithmetic.source = 'microsoft_csp_invoice'
    and arithmetic.is_within
    and arithmetic.may_be_cut
    and charges.provider = 'microsoft'
    and charges.charge_kind = 'cost'
