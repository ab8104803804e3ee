-- The life of each subscription cut into stretches in which its terms stay the same. The first reaches back for ever (state
-- `before`), the last reaches ahead for ever (state `ended`, when there is an end), so that every charge falls into one.
with versions as (

    select
        subscriptions.*,
        contracts.status as contract_status,
        contracts.end_date as contract_end_date,
        lead(subscriptions.valid_from) over (partition by subscriptions.subscription_id order by subscriptions.valid_from) as next_valid_from,
        row_number() over (partition by subscriptions.subscription_id order by subscriptions.valid_from) = 1 as is_first
    from {{ ref('stg_crm__subscriptions') }} as subscriptions
    left join {{ ref('stg_crm__contracts') }} as contracts on subscriptions.contract_id = contracts.contract_id

),

bounded as (

    select
        *,
        greatest(valid_from, start_date) as live_from,
        least(
            coalesce(valid_to + 1, {{ far_ahead() }}),
            coalesce(end_date + 1, {{ far_ahead() }}),
            case when contract_status in ('terminated', 'expired') then coalesce(contract_end_date + 1, {{ far_ahead() }})
                else {{ far_ahead() }} end,
            coalesce(next_valid_from, {{ far_ahead() }})
        ) as live_to,
        case when is_first then {{ long_ago() }} else valid_from end as reach_from,
        coalesce(next_valid_from, {{ far_ahead() }}) as reach_to
    from versions

),

cuts as (

    select
        *,
        unnest(list_distinct(list_filter(
            [reach_from, live_from, live_to, suspended_from, suspended_to + 1, trial_end + 1],
            cut -> cut is not null and cut >= reach_from and cut < reach_to
        ))) as span_from
    from bounded

)

select
    subscription_id,
    span_from,
    coalesce(lead(span_from) over (partition by subscription_id order by span_from), {{ far_ahead() }}) as span_to,
    case
        when span_from < live_from then 'before'
        when span_from >= live_to then 'ended'
        when status = 'terminated' and end_date is null then 'ended'
        when status = 'suspended' and suspended_from is null then 'suspended'
        when span_from >= suspended_from and (suspended_to is null or span_from <= suspended_to) then 'suspended'
        when span_from <= trial_end then 'trial'
        else 'live'
    end as state,
    price_basis,
    case price_period when 'year' then {{ decimal_divide('unit_price', '12') }} else unit_price end as monthly_price,
    case price_period when 'year' then 12 else 1 end as price_months,
    price_value,
    quantity as contract_quantity,
    start_date,
    valid_from,
    term,
    uplift_pct,
    promo_end,
    promo_discount_pct
from cuts
