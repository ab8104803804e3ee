-- The expected quantities with their coverage in ticks of the anniversary month that contains each day.
with anniversaries as (

    select
        unit_id,
        day(max(subscription_started_on)) as anniversary_day
    from {{ ref('int_charges__matched') }}
    where subscription_started_on is not null and subscription_id is not null
    group by unit_id

)

select
    seats.*,
    coalesce(anniversaries.anniversary_day, 1) as anniversary_day,
    {{ month_ticks('covered_to', 'coalesce(anniversaries.anniversary_day, 1)') }}
    - {{ month_ticks('covered_from', 'coalesce(anniversaries.anniversary_day, 1)') }} as ticks
from {{ ref('int_expected__seats') }} as seats
left join anniversaries on seats.unit_id = anniversaries.unit_id
