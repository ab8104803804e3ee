-- Charges that a finding says the provider should take back.
select
    charge_id,
    min(class_code) as class_code
from (
    select
        class_code,
        unnest(evidence_charge_ids) as charge_id
    from {{ ref('int_leaks') }}
    where direction = 'D'
)
group by charge_id
