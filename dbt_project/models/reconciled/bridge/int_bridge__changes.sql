{{ config(materialized='view') }}
-- The days on which something changes in a unit: by how much the expected seats and their value do, and by how much the billed
-- seats, their value and the number of lines that bill them. A line adds on its first day what it takes away after its last.
-- Values are per month, in the contract's currency.
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
            {{ side }} as changes_on,
            anniversary_day,
            0 as expected_quantity,
            0 as expected_value,
            0 as base_lines,
            {{ sign }} * sign as billed_lines,
            {{ sign }} * quantity as billed_quantity,
            {{ sign }} * {{ decimal_multiply('quantity', 'price') }} as billed_value
        from lines
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

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
