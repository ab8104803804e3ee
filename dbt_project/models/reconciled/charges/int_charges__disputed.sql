-- Charges that a finding says the provider should take back. A finding over more charges than it names is about all of its unit.
select
    charges.charge_id,
    min(leaks.class_code) as class_code
from {{ ref('int_leaks') }} as leaks
inner join {{ ref('int_charges__matched') }} as charges on leaks.unit_id = charges.unit_id
where leaks.direction = 'D'
    and charges.charge_kind = 'cost'
    and (
        leaks.evidence_charge_count > {{ list_length('leaks.evidence_charge_ids') }}
        or {{ list_contains('leaks.evidence_charge_ids', 'charges.charge_id') }}
    )
group by charges.charge_id
