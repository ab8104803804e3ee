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

found as (

    {% for detector in ['existence', 'unassigned', 'document', 'identity', 'quantity', 'period', 'price', 'consumption', 'fx'] %}
        select {{ bridge_columns() }}, {{ detector not in ['document', 'identity'] }} as is_compared
        from {{ ref('int_leak__' ~ detector) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

shapes as (

    select
        found.unit_id,
        count_if(found.effect <> 'period' and abs(found.amount) > units.tolerance) = 0 as is_only_period
    from found
    inner join units on found.unit_id = units.unit_id
    where found.is_compared
    group by found.unit_id

),

-- Terms that cancel are findings, unless the two sides only write the same thing in two ways: calendar against anniversary
-- months, a lump sum against seats, a note that puts the invoice right, a correction already re-billed.
sized as (

    select
        found.unit_id,
        case
            when found.class_code = 'EX07' then found.class_code
            when abs(found.amount) <= case
                    when found.effect = 'existence' or (units.mode = 'amount' and units.is_cost_based) then units.cost_tolerance
                    else units.tolerance
                end then 'BL02'
            else found.class_code
        end as class_code,
        found.effect,
        found.amount,
        found.atom_key,
        found.invoice_id,
        found.customer_id,
        found.evidence
    from found
    inner join units on found.unit_id = units.unit_id
    left join shapes on found.unit_id = shapes.unit_id
    where not (found.is_compared and units.agrees and (units.is_written_otherwise or shapes.is_only_period))
        and (units.rate_scale = 1 or abs(found.amount) > units.term_bound)

),

summed as (

    select
        unit_id,
        sum(amount) as amount,
        bool_or(class_code = 'FX06') as is_misscaled,
        min(case when class_code = 'FX06' then atom_key end) as atom_key,
        min(case when class_code = 'FX06' then invoice_id end) as invoice_id
    from sized
    group by unit_id

),

remainders as (

    select
        units.unit_id,
        units.difference_amount - coalesce(summed.amount, 0) as amount,
        {{ decimal_multiply('units.tolerance + coalesce(units.rounding_bound, 0)', 'units.rate_scale') }} as bound,
        coalesce(summed.is_misscaled, false) as is_misscaled,
        coalesce(summed.atom_key, '') as atom_key,
        summed.invoice_id
    from units
    left join summed on units.unit_id = summed.unit_id

)

select {{ bridge_columns() }}
from sized
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
