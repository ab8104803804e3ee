{{ config(materialized='view') }}
-- Contract-days, run-length coded: between two changes of a unit everything is constant. A plain whole month is one slice.
-- Values are per month, in the contract's currency; `ticks` is the slice's length (377,580 to the month).
with running as (

    select
        unit_id,
        changes_on as slice_from,
        lead(changes_on) over in_time as slice_to,
        anniversary_day,
        sum(expected_quantity) over in_time as expected_quantity,
        sum(expected_value) over in_time as expected_value,
        sum(base_lines) over in_time as base_lines,
        sum(billed_lines) over in_time as billed_lines,
        sum(billed_quantity) over in_time as billed_quantity,
        sum(billed_value) over in_time as billed_value
    from {{ ref('int_bridge__changes') }}
    window in_time as (partition by unit_id order by changes_on)

),

sliced as (

    select
        *,
        {{ month_ticks('slice_to', 'anniversary_day') }} - {{ month_ticks('slice_from', 'anniversary_day') }} as ticks,
        case
            when expected_quantity <> 0 then {{ decimal_divide('expected_value', 'expected_quantity') }}
            when billed_quantity <> 0 then {{ decimal_divide('billed_value', 'billed_quantity') }}
            else 0
        end as price
    from running
    where slice_to is not null

)

select
    unit_id,
    slice_from,
    slice_to,
    ticks,
    price,
    expected_quantity,
    expected_value,
    base_lines,
    billed_lines,
    billed_quantity,
    billed_value,
    expected_quantity > 0 as is_expected,
    max(case when expected_quantity > 0 then slice_to end) over (partition by unit_id) as expected_until,
    -- What one line alone bills too much: quantity. Only what several lines bill beyond it is overlap.
    max(case when expected_quantity > 0 and billed_lines = 1 then greatest(billed_quantity - expected_quantity, 0) end)
        over (partition by unit_id) as excess_of_one_line,
    -- Of the first slice that is expected and billed.
    first_value(greatest(expected_quantity - billed_quantity, 0)) over first_billed as first_shortage,
    first_value(expected_quantity) over first_billed as first_quantity
from sliced
window first_billed as (
    partition by unit_id
    order by case when expected_quantity > 0 and billed_lines > 0 then 0 else 1 end, slice_from
    rows between unbounded preceding and unbounded following
)
