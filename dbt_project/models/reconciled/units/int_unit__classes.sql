-- The primary class of each unit, by the order in which causes are decided, and the bucket its charges fall into.
with terms as (

    select
        unit_id,
        class_code,
        sum(amount) as amount
    from {{ ref('int_bridge__terms') }}
    group by unit_id, class_code

),

ordered as (

    select
        terms.*,
        case
            when class_code = 'UNEXPLAINED' then 0
            when class_code = 'BL01' then 2
            when class_code in ('EX06', 'EX08') then 4
            when class_code like 'EX%' or class_code in ('TP01', 'TP08', 'TP09', 'TP13', 'TP14', 'CR10', 'TX06', 'DQ02') then 3
            when class_code like 'QT%' then 5
            when class_code like 'TP%' then 6
            when class_code like 'PR%' or class_code = 'BL03' then 7
            when class_code like 'FX%' then 8
            when class_code = 'BL02' then 12
            else 10
        end as place,
        coalesce(classes.direction, 'R') as direction
    from terms
    left join {{ ref('leak_classes') }} as classes on terms.class_code = classes.code

),

primaries as (

    select
        unit_id,
        min_by(class_code, place * 1000 + ascii(right(class_code, 1))) as class_code,
        count_if(class_code = 'UNEXPLAINED') > 0 as is_unexplained,
        count_if(class_code <> 'BL02') as finding_count,
        count_if(class_code <> 'BL02' and direction not in ('T', 'R')) as money_count,
        sum(case when class_code <> 'BL02' then amount else 0 end) as found_amount
    from ordered
    group by unit_id

)

select
    units.unit_id,
    nullif(primaries.class_code, 'UNEXPLAINED') as class_code,
    case
        when units.route = 'internal' then 'INTERNAL'
        when units.route = 'unrated' then 'TIMING'
        when primaries.is_unexplained then 'UNEXPLAINED'
        when primaries.finding_count > 0 and primaries.money_count = 0 then 'TIMING'
        when primaries.finding_count > 0 and primaries.found_amount >= 0 then 'LEAK'
        when primaries.finding_count > 0 then 'OVERBILL'
        when units.difference_amount = 0 then 'MATCHED'
        else 'WITHIN_TOLERANCE'
    end as bucket
from {{ ref('int_bridge__units') }} as units
left join primaries on units.unit_id = primaries.unit_id
