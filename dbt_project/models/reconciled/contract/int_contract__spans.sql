-- The life of each subscription cut into stretches in which its terms stay the same. The first reaches back for ever (state
-- `before`), the last reaches ahead for ever (state `ended`, when there is an end), so that every charge falls into one.
with versions as (

    select
        subscriptions.*,
        contracts.status as contract_status,
        contracts.end_date as contract_end_date,
        case subscriptions.price_period when 'year' then {{ decimal_divide('subscriptions.unit_price', '12') }}
            else subscriptions.unit_price
        end as monthly_price,
        lead(subscriptions.valid_from) over in_time as next_valid_from,
        lag(subscriptions.uplift_pct) over in_time as uplift_pct_before,
        row_number() over in_time = 1 as is_first
    from {{ ref('stg_crm__subscriptions') }} as subscriptions
    left join {{ ref('stg_crm__contracts') }} as contracts on subscriptions.contract_id = contracts.contract_id
    window in_time as (partition by subscriptions.subscription_id order by subscriptions.valid_from)

),

-- A row whose price is the row's before it with the agreed uplift is that uplift, already written into the CRM.
uplifted as (

    select
        *,
        lag(monthly_price) over (partition by subscription_id order by valid_from) as monthly_price_before
    from versions

),

-- A row that only changes the quantity, the id or the dates goes on with the price agreed before it.
priced as (

    select
        *,
        max(case when is_first or monthly_price is distinct from monthly_price_before then valid_from end)
            over (partition by subscription_id order by valid_from rows between unbounded preceding and current row) as priced_from
    from uplifted

),

bounded as (

    select
        *,
        case
            when abs(monthly_price - {{ decimal_multiply('monthly_price_before', '1 + coalesce(uplift_pct, uplift_pct_before) * 0.01') }}) <= 0.01
                and monthly_price > monthly_price_before
                then monthly_price_before
        end as uplifted_from_price,
        greatest(valid_from, start_date) as live_from,
        least(
            coalesce(valid_to + 1, {{ far_ahead() }}),
            coalesce(end_date + 1, {{ far_ahead() }}),
            case when contract_status in ('terminated', 'expired') then coalesce(contract_end_date + 1, {{ far_ahead() }})
                else {{ far_ahead() }}
            end,
            coalesce(next_valid_from, {{ far_ahead() }})
        ) as live_to,
        case when is_first then {{ long_ago() }} else valid_from end as reach_from,
        coalesce(next_valid_from, {{ far_ahead() }}) as reach_to
    from priced

),

cuts as (

    select
        *,
        {{ each_of(list_of([
            'reach_from', 'live_from', 'live_to', 'suspended_from', 'suspended_to + 1', 'trial_end + 1', 'promo_end + 1'
        ])) }} as span_from
    from bounded

),

-- Two terms may change on one day.
spans as (

    select distinct *
    from cuts
    where span_from >= reach_from and span_from < reach_to

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
    monthly_price,
    uplifted_from_price,
    case price_period when 'year' then 12 else 1 end as price_months,
    price_value,
    quantity as contract_quantity,
    start_date,
    priced_from,
    term,
    uplift_pct,
    promo_end,
    promo_discount_pct
from spans
