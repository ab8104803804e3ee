{{ config(materialized='view') }}
-- Contract-days, run-length coded: each unit's time cut wherever the expected quantity, its price or the billing lines change,
-- so that between two cuts everything is constant. A plain whole month is one slice. Amounts are per month, in the contract's
-- currency; `ticks` is the slice's length (377,580 to the month).
with units as (

    select unit_id
    from {{ ref('int_bridge__units') }}
    where route = 'compare' and mode = 'coverage'

),

coverage as (

    select coverage.*
    from {{ ref('int_expected__coverage') }} as coverage
    inner join units on coverage.unit_id = units.unit_id
    where not coverage.is_correction

),

lines as (

    select lines.*
    from {{ ref('int_bridge__lines') }} as lines
    inner join units on lines.unit_id = units.unit_id
    where lines.kept_amount <> 0 and (lines.doc_class = 'invoice' or (lines.is_consistent and lines.removed_amount = 0))

),

changes as (

    {% for side, sign in [('covered_from', 1), ('covered_to', -1)] %}
    select
        unit_id,
        {{ side }} as changes_on,
        anniversary_day,
        {{ sign }} * quantity as expected_quantity,
        {{ sign }} * {{ decimal_multiply('quantity', 'price') }} as expected_value,
        case when is_base then {{ sign }} else 0 end as base_lines,
        0 as billed_lines,
        cast(0 as decimal(38, 12)) as billed_quantity,
        cast(0 as decimal(38, 12)) as billed_value
    from coverage
    union all
    select
        unit_id,
        {{ side }},
        anniversary_day,
        0,
        0,
        0,
        {{ sign }} * sign,
        {{ sign }} * quantity,
        {{ sign }} * {{ decimal_multiply('quantity', 'price') }}
    from lines
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

daily as (

    select
        unit_id,
        changes_on,
        max(anniversary_day) as anniversary_day,
        sum(expected_quantity) as expected_quantity,
        sum(expected_value) as expected_value,
        sum(base_lines) as base_lines,
        sum(billed_lines) as billed_lines,
        sum(billed_quantity) as billed_quantity,
        sum(billed_value) as billed_value
    from changes
    group by unit_id, changes_on

),

running as (

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
    from daily
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
    * exclude (anniversary_day),
    expected_quantity > 0 as is_expected,
    max(case when expected_quantity > 0 then slice_to end) over (partition by unit_id) as expected_until,
    -- What one line alone bills too much: quantity. Only what several lines bill beyond it is overlap.
    max(case when expected_quantity > 0 and billed_lines = 1 then greatest(billed_quantity - expected_quantity, 0) end)
        over (partition by unit_id) as excess_of_one_line,
    first_value(greatest(expected_quantity - billed_quantity, 0)) over (
        partition by unit_id
        order by case when expected_quantity > 0 and billed_lines > 0 then 0 else 1 end, slice_from
        rows between unbounded preceding and unbounded following
    ) as first_shortage,
    first_value(expected_quantity) over (
        partition by unit_id
        order by case when expected_quantity > 0 and billed_lines > 0 then 0 else 1 end, slice_from
        rows between unbounded preceding and unbounded following
    ) as first_quantity
from sliced
