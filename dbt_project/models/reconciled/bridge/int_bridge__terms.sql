-- All terms of R − B, unit by unit, in document currency. Whatever is too small for a class is BL02 in its own effect; what
-- is left over after all terms is the rounding effect, so that the terms add up to R − B to the last decimal by construction.
-- A remainder beyond the documented bound is not rounding: it is UNEXPLAINED, and the gate refuses the month.
with units as (

    select
        *,
        abs(expected_amount - kept_amount) <= tolerance as agrees,
        coalesce(has_notes, false)
        or coalesce(is_billed_as_one and quantity > 1, false)
        or coalesce(correction_amount <> 0, false)
        or coalesce(dead_amount <> 0, false) as is_written_otherwise,
        -- A document a thousand times too small was rounded to a subunit a thousand times too coarse.
        {{ decimal_multiply('tolerance', 'rate_scale') }} as term_bound
    from {{ ref('int_bridge__units') }}

),

documents as (

    select * from {{ ref('int_leak__document') }}
    union all
    select * from {{ ref('int_leak__identity') }}

),

comparisons as (

    select * from {{ ref('int_leak__existence') }}
    union all
    select * from {{ ref('int_leak__unassigned') }}
    union all
    select * from {{ ref('int_leak__quantity') }}
    union all
    select * from {{ ref('int_leak__period') }}
    union all
    select * from {{ ref('int_leak__price') }}
    union all
    select * from {{ ref('int_leak__consumption') }}
    union all
    select * from {{ ref('int_leak__fx') }}

),

shapes as (

    select
        comparisons.unit_id,
        count_if(comparisons.effect <> 'period' and abs(comparisons.amount) > units.tolerance) = 0 as is_only_period
    from comparisons
    inner join units on comparisons.unit_id = units.unit_id
    group by comparisons.unit_id

),

-- Terms that cancel are findings, unless the two sides only write the same thing in two ways: calendar against anniversary
-- months, a lump sum against seats, a note that puts the invoice right, a correction already re-billed.
kept as (

    select * from documents
    union all
    select comparisons.*
    from comparisons
    inner join units on comparisons.unit_id = units.unit_id
    inner join shapes on comparisons.unit_id = shapes.unit_id
    where not (units.agrees and (units.is_written_otherwise or shapes.is_only_period))

),

sized as (

    select
        kept.unit_id,
        case
            when kept.class_code = 'EX07' then kept.class_code
            when abs(kept.amount) <= case
                when kept.effect = 'existence' or (units.mode = 'amount' and units.is_cost_based) then units.cost_tolerance
                else units.tolerance
            end then 'BL02'
            else kept.class_code
        end as class_code,
        kept.effect,
        kept.amount,
        kept.atom_key,
        kept.invoice_id,
        kept.customer_id,
        kept.evidence
    from kept
    inner join units on kept.unit_id = units.unit_id
    where units.rate_scale = 1 or abs(kept.amount) > units.term_bound

),

misscaled as (

    select unit_id, min(atom_key) as atom_key, min(invoice_id) as invoice_id
    from sized
    where class_code = 'FX06'
    group by unit_id

),

summed as (

    select unit_id, sum(amount) as amount
    from sized
    group by unit_id

),

remainders as (

    select
        units.unit_id,
        units.difference_amount - coalesce(summed.amount, 0) as amount,
        {{ decimal_multiply('units.tolerance + coalesce(units.rounding_bound, 0)', 'units.rate_scale') }} as bound,
        misscaled.unit_id is not null as is_misscaled,
        coalesce(misscaled.atom_key, '') as atom_key,
        misscaled.invoice_id
    from units
    left join summed on units.unit_id = summed.unit_id
    left join misscaled on units.unit_id = misscaled.unit_id

)

select * from sized
where amount <> 0
union all
select
    unit_id,
    case when abs(amount) > bound then 'UNEXPLAINED' when is_misscaled then 'FX06' else 'BL02' end as class_code,
    case when is_misscaled and abs(amount) <= bound then 'fx' else 'rounding' end as effect,
    amount,
    atom_key,
    invoice_id,
    null as customer_id,
    {{ evidence({'remainder': 'amount', 'bound': 'bound'}) }} as evidence
from remainders
where amount <> 0
