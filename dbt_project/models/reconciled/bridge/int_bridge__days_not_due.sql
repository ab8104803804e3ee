-- Days billed on which nothing was due, by what is wrong with them: twice billed (TP07) if the month before had billed them; else
-- after the provider's last day the service had ended (TP02), and before its first the proration is wrong (TP05).
with billed_before as (

    select
        unit_id,
        min(covered_from) as covered_from,
        max(covered_to) as covered_to
    from {{ ref('int_invoice__lines') }}
    where is_posted and sign > 0 and covered_from < {{ period_start() }}
    group by unit_id

),

judged as (

    select
        days.unit_id,
        case
            when billed_before.unit_id is not null then 'TP07'
            when days.is_after_end then 'TP02'
            else 'TP05'
        end as class_code,
        {{ for_ticks('days.billed_value', 'days.ticks') }} as billed_amount,
        days.outside_part,
        days.slice_from,
        days.slice_to
    from {{ ref('int_bridge__days') }} as days
    left join billed_before
        on days.unit_id = billed_before.unit_id
        and days.slice_from >= billed_before.covered_from
        and days.slice_to <= billed_before.covered_to
    where days.outside_part <> 0

)

select
    unit_id,
    class_code,
    -sum(billed_amount) as contract_amount,
    max(outside_part) as quantity,
    min(slice_from) as first_day,
    max(slice_to) - 1 as last_day
from judged
group by unit_id, class_code
