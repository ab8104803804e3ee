-- EX07: a provider line that names no customer. One finding for each line, because each is allocated on its own.
with charges as (

    select * from {{ ref('int_charges__matched') }} where charge_kind = 'cost' and unit_id like 'unassigned:%'

),

valued as (

    select
        charges.unit_id,
        'EX07' as class_code,
        'existence' as effect,
        charges.billed_cost as amount,
        charges.charge_id as atom_key,
        cast(null as varchar) as invoice_id,
        cast(null as varchar) as customer_id,
        {{ evidence({
            'provider': 'charges.provider', 'provider_invoice_id': 'charges.invoice_id', 'charge_type': 'charges.original_charge_type',
            'charge_from': 'charges.charge_from', 'billed_cost': 'charges.billed_cost', 'charge_id': 'charges.charge_id'
        }) }} as evidence
    from charges
    where charges.billed_cost <> 0

)

select {{ bridge_columns() }}
from valued
