{{ config(materialized='view') }}
-- Own metered services: what the counters ran in the month, from the last reading at or before its first instant (else the
-- first one inside it) to the last one in it. After a reset the counter starts again from the reset's value. An estimate
-- counts until an actual reading replaces it.
with readings as (

    select
        lower(trim(meter_id)) as meter_key,
        counter,
        read_at,
        value,
        reading_kind,
        read_at > cast({{ period_start() }} as timestamp) as is_in_period
    from {{ ref('stg_meters__readings') }}
    where read_at <= cast({{ period_end() }} + 1 as timestamp)

),

followed as (

    select
        *,
        max(case when reading_kind = 'actual' then read_at end)
            over (partition by meter_key, counter, is_in_period) as last_actual_at
    from readings

),

stepped as (

    select
        *,
        lag(value) over (partition by meter_key, counter order by read_at) as value_before
    from followed
    where reading_kind <> 'estimated' or last_actual_at is null or read_at > last_actual_at

),

-- A meter that was exchanged, or that changed hands, counts for whom it was on each reading's day.
ran as (

    select
        identities.subscription_id,
        sum(case when stepped.reading_kind = 'reset' then 0 else stepped.value - stepped.value_before end) as quantity,
        count_if(stepped.reading_kind = 'estimated') > 0 as has_estimate
    from stepped
    inner join {{ ref('int_contract__identities') }} as identities
        on stepped.meter_key = identities.provider_subscription_key
        and cast(stepped.read_at - interval 1 microsecond as date) >= identities.answers_from
        and cast(stepped.read_at - interval 1 microsecond as date) < identities.answers_to
    where stepped.is_in_period and stepped.value_before is not null
    group by identities.subscription_id

)

select
    'subscription:' || subscriptions.subscription_id as unit_id,
    ran.quantity as read_quantity,
    ran.has_estimate,
    {{ decimal_multiply(
        'greatest(ran.quantity - coalesce(subscriptions.included_quantity, 0), 0)', 'subscriptions.overage_price'
    ) }} as overage_amount
from ran
inner join {{ ref('int_contract__subscriptions') }} as subscriptions
    on ran.subscription_id = subscriptions.subscription_id
where subscriptions.price_basis = 'metered' and subscriptions.is_live_in_period
