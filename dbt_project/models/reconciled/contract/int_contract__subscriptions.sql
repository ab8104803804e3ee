-- One row per CRM subscription, as its contract stands at the end of the month being closed, with the stretch of time in
-- which it answers for the charges of its provider subscription.
with versions as (

    select
        *,
        lag(valid_from) over in_time is null as is_first,
        lead(valid_from) over in_time as next_valid_from
    from {{ ref('stg_crm__subscriptions') }}
    window in_time as (partition by subscription_id order by valid_from)

),

contracts as (

    select * from {{ ref('stg_crm__contracts') }}

),

customers as (

    select * from {{ ref('stg_crm__customers') }}

),

current as (

    select
        versions.subscription_id,
        versions.contract_id,
        versions.customer_id,
        coalesce(contracts.country, customers.country) as country,
        lower(trim(versions.provider)) as provider,
        lower(trim(versions.provider_subscription_id)) as provider_subscription_key,
        versions.provider_subscription_id,
        versions.product_code,
        versions.family,
        versions.price_basis,
        versions.quantity,
        case versions.price_period when 'year' then 12 else 1 end as price_months,
        versions.currency,
        versions.term,
        versions.billing_frequency,
        versions.start_date,
        versions.end_date,
        versions.trial_end,
        versions.promo_end,
        versions.uplift_pct,
        versions.status,
        contracts.status as contract_status,
        versions.min_commit_amount,
        versions.included_quantity,
        versions.overage_price,
        versions.pass_credits,
        customers.status = 'internal' as is_internal,
        customers.owner as cost_owner,
        least(
            coalesce(versions.end_date + 1, {{ far_ahead() }}),
            case when versions.next_valid_from is null then coalesce(versions.valid_to + 1, {{ far_ahead() }})
                else {{ far_ahead() }} end,
            case when contracts.status in ('terminated', 'expired') then coalesce(contracts.end_date + 1, {{ far_ahead() }})
                else {{ far_ahead() }} end,
            case when versions.status = 'terminated' and versions.end_date is null then versions.valid_from
                else {{ far_ahead() }} end
        ) as live_to
    from versions
    left join contracts on versions.contract_id = contracts.contract_id
    left join customers on versions.customer_id = customers.customer_id
    -- The version of the month's last day, else the first one there is.
    where (versions.is_first or versions.valid_from <= {{ period_end() }})
        and coalesce(versions.next_valid_from > {{ period_end() }}, true)

),

ranked as (

    select
        *,
        start_date <= {{ period_end() }} and live_to > {{ period_start() }} as is_live_in_period,
        max(case when start_date <= {{ period_end() }} and live_to > {{ period_start() }} then live_to end) over (
            partition by provider, provider_subscription_key
            order by start_date, subscription_id
            rows between unbounded preceding and 1 preceding
        ) as earlier_live_to
    from current

),

-- Two live subscriptions over the same days on one provider subscription: the later one is the duplicate.
judged as (

    select
        *,
        is_live_in_period and coalesce(earlier_live_to > start_date, false) as is_duplicate
    from ranked

),

-- Of the others, the live ones share the time between them, else the one that ended last has it all.
answering as (

    select
        *,
        row_number() over in_turn as place,
        lead(start_date) over in_turn as next_start_date,
        count_if(is_live_in_period and not is_duplicate) over (partition by provider, provider_subscription_key) as live_count
    from judged
    window in_turn as (
        partition by provider, provider_subscription_key, is_duplicate
        order by is_live_in_period desc, case when not is_live_in_period then start_date end desc, start_date, subscription_id
    )

)

select
    * exclude (earlier_live_to, place, next_start_date, live_count),
    case
        when is_duplicate or (place > 1 and place > live_count) then null
        when place = 1 then {{ long_ago() }}
        else start_date
    end as answers_from,
    case
        when is_duplicate or (place > 1 and place > live_count) then null
        when place < live_count then next_start_date
        else {{ far_ahead() }}
    end as answers_to
from answering
