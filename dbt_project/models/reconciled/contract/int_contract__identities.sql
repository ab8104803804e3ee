-- Which CRM subscription answers for which provider id, and for the charges of which days. A subscription's id is dated: a
-- migration or a conversion gives it another one, and both lead to the same subscription. An id is never without an answer
-- because its row ended: a credit of its last weeks comes later.
with versions as (

    select
        subscription_id,
        lower(trim(provider)) as provider,
        lower(trim(provider_subscription_id)) as provider_subscription_key,
        valid_from,
        lag(lower(trim(provider_subscription_id))) over in_time as key_before
    from {{ ref('stg_crm__subscriptions') }}
    window in_time as (partition by subscription_id order by valid_from)

),

changes as (

    select
        *,
        lead(valid_from) over (partition by subscription_id order by valid_from) as next_valid_from
    from versions
    where provider_subscription_key is distinct from key_before

),

claims as (

    select
        changes.subscription_id,
        changes.provider,
        changes.provider_subscription_key,
        case when changes.key_before is null then standing.start_date else changes.valid_from end as claimed_from,
        least(standing.live_to, coalesce(changes.next_valid_from, {{ far_ahead() }})) as claimed_to
    from changes
    inner join {{ ref('int_contract__standing') }} as standing on changes.subscription_id = standing.subscription_id

),

ranked as (

    select
        *,
        claimed_from <= {{ period_end() }} and claimed_to > {{ period_start() }} as is_live_in_period,
        max(case when claimed_from <= {{ period_end() }} and claimed_to > {{ period_start() }} then claimed_to end) over (
            partition by provider, provider_subscription_key
            order by claimed_from, subscription_id
            rows between unbounded preceding and 1 preceding
        ) as earlier_claimed_to
    from claims

),

-- Two live subscriptions over the same days on one provider id: the later one is the duplicate.
judged as (

    select
        *,
        is_live_in_period and coalesce(earlier_claimed_to > claimed_from, false) as is_duplicate
    from ranked

),

-- Of the others, the live ones share the time between them, else the one that ended last has it all.
answering as (

    select
        *,
        row_number() over in_turn as place,
        lead(claimed_from) over in_turn as next_claimed_from,
        count_if(is_live_in_period and not is_duplicate) over (partition by provider, provider_subscription_key) as live_count
    from judged
    window in_turn as (
        partition by provider, provider_subscription_key, is_duplicate
        order by is_live_in_period desc, case when not is_live_in_period then claimed_from end desc, claimed_from, subscription_id
    )

)

select
    subscription_id,
    provider,
    provider_subscription_key,
    claimed_from,
    claimed_to,
    is_live_in_period,
    is_duplicate,
    case
        when is_duplicate or (place > 1 and place > live_count) then null
        when place = 1 then {{ long_ago() }}
        else claimed_from
    end as answers_from,
    case
        when is_duplicate or (place > 1 and place > live_count) then null
        when place < live_count then next_claimed_from
        else {{ far_ahead() }}
    end as answers_to
from answering
