{{ config(materialized='in_parts' if target.type == 'duckdb' else 'table', rows_of='int_charges__matched') }}
-- The charges behind each unit's findings: how many, the dearest hundred, and their invoice where all of them stand on one.
with charges as (

    select
        unit_id,
        charge_id,
        invoice_id,
        {{ dearest_first('unit_id', 'billed_cost') }} as place
    from {{ ref('int_charges__matched') }}
    where charge_kind = 'cost'
        and {{ in_part('unit_id') }}
        and unit_id in (select unit_id from {{ ref('int_bridge__terms') }} where class_code <> 'BL02')

)

select
    unit_id,
    case when min(invoice_id) = max(invoice_id) then min(invoice_id) end as provider_invoice_id,
    {{ dearest_ids('charge_id') }} as evidence_charge_ids,
    count(*) as evidence_charge_count
from charges
group by unit_id
