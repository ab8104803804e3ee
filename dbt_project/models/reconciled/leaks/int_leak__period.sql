-- TP06 gap, TP07 overlap, TP02 billed after the provider's end, TP05 proration: the days, not the seats, are wrong.
with days as (

    select * from {{ ref('int_bridge__days') }}

),

units as (

    select * from {{ ref('int_bridge__units') }}

),

lines as (

    select * from {{ ref('int_bridge__lines') }}

),

gaps as (

    select
        unit_id,
        'TP06' as class_code,
        sum({{ for_ticks(decimal_multiply('gap_part', 'price'), 'ticks') }}) as contract_amount,
        max(gap_part) as quantity,
        min(slice_from) as first_day,
        max(slice_to) - 1 as last_day
    from days
    where gap_part <> 0
    group by unit_id

),

overlapping as (

    select
        unit_id,
        'TP07' as class_code,
        -sum({{ for_ticks(decimal_multiply('overlap_part', 'price'), 'ticks') }}) as contract_amount,
        max(overlap_part) as quantity,
        min(slice_from) as first_day,
        max(slice_to) - 1 as last_day
    from days
    where overlap_part <> 0
    group by unit_id

),

-- The anniversary month before this one, as it was billed.
billed_before as (

    select
        unit_id,
        min(covered_from) as covered_from,
        max(covered_to) as covered_to
    from {{ ref('int_invoice__lines') }}
    where is_posted and sign > 0 and covered_from < {{ period_start() }}
    group by unit_id

),

-- Days billed on which nothing was due: twice billed if the month before had billed them; else after the provider's last day
-- the service had ended, and before its first the proration is wrong.
outside as (

    select
        days.unit_id,
        case
            when billed_before.unit_id is not null then 'TP07'
            when days.is_after_end then 'TP02'
            else 'TP05'
        end as class_code,
        days.billed_value,
        days.outside_part,
        days.slice_from,
        days.slice_to,
        days.ticks
    from days
    left join billed_before
        on days.unit_id = billed_before.unit_id
        and days.slice_from >= billed_before.covered_from
        and days.slice_to <= billed_before.covered_to
    where days.outside_part <> 0

),

outside_parts as (

    select
        unit_id,
        class_code,
        -sum({{ for_ticks('billed_value', 'ticks') }}) as contract_amount,
        max(outside_part) as quantity,
        min(slice_from) as first_day,
        max(slice_to) - 1 as last_day
    from outside
    group by unit_id, class_code

),

-- A line whose amount is not its own quantity × price × days.
prorated as (

    select
        lines.unit_id,
        'TP05' as class_code,
        sum(lines.stated_amount - lines.kept_contract_amount) as contract_amount,
        max(lines.quantity) as quantity,
        min(lines.covered_from) as first_day,
        max(lines.covered_to) - 1 as last_day
    from lines
    inner join units on lines.unit_id = units.unit_id
    where units.route = 'compare'
        and units.mode = 'coverage'
        and lines.doc_class = 'invoice'
        and lines.kept_amount <> 0
        and not lines.is_consistent
    group by lines.unit_id

),

-- Consumption billed for a part of the month only, at about that part of its amount.
part_months as (

    select
        unit_id,
        'TP06' as class_code,
        uncovered_amount as contract_amount,
        cast(1 as decimal(38, 12)) as quantity,
        uncovered_from as first_day,
        uncovered_to as last_day
    from {{ ref('int_bridge__amounts') }}
    where uncovered_amount <> 0

),

parts as (

    select * from gaps
    union all
    select * from part_months
    union all
    select
        unit_id,
        class_code,
        sum(contract_amount) as contract_amount,
        max(quantity) as quantity,
        min(first_day) as first_day,
        max(last_day) as last_day
    from (
        select * from overlapping
        union all
        select * from outside_parts
        union all
        select * from prorated
    )
    group by unit_id, class_code

),

valued as (

    select
        parts.unit_id,
        parts.class_code,
        'period' as effect,
        {{ decimal_multiply('parts.contract_amount', 'units.expected_rate') }} as amount,
        '' as atom_key,
        units.invoice_id,
        cast(null as varchar) as customer_id,
        {{ evidence({
            'quantity': 'parts.quantity', 'from': 'parts.first_day', 'to': 'parts.last_day',
            'amount_in_contract_currency': 'parts.contract_amount', 'expected_rate': 'units.expected_rate'
        }) }} as evidence
    from parts
    inner join units on parts.unit_id = units.unit_id

)

select {{ bridge_columns() }}
from valued
