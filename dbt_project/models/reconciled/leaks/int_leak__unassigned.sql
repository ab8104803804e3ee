-- EX07: a provider line that names no customer. One finding for each line, whatever its sign, because each is allocated on its
-- own. A line is its cost and its credits together.
with charges as (

    select
        unit_id,
        min(charge_id) as charge_id,
        min(provider) as provider,
        min(invoice_id) as invoice_id,
        min(original_charge_type) as original_charge_type,
        min(charge_from) as charge_from,
        sum(billed_cost) as billed_cost
    from {{ ref('int_charges__matched') }}
    where charge_kind = 'cost' and unit_id like 'unassigned:%'
    group by unit_id, source_file, source_row

),

valued as (

    select
        charges.unit_id,
        'EX07' as class_code,
        'existence' as effect,
        charges.billed_cost as amount,
        charges.charge_id as atom_key,
        cast(null as string) as invoice_id,
        cast(null as string) as customer_id,
        {{ evidence({
            'provider': 'charges.provider', 'provider_invoice_id': 'charges.invoice_id', 'charge_type': 'charges.original_charge_type',
            'charge_from': 'charges.charge_from', 'billed_cost': 'charges.billed_cost', 'charge_id': 'charges.charge_id'
        }) }} as evidence
    from charges
    where charges.billed_cost <> 0

)

select {{ bridge_columns() }}
from valued
