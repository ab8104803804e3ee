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

ran as (

    select
        meter_key,
        sum(case when reading_kind = 'reset' then 0 else value - value_before end) as quantity,
        count_if(reading_kind = 'estimated') > 0 as has_estimate
    from stepped
    where is_in_period and value_before is not null
    group by meter_key

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
    on ran.meter_key = subscriptions.provider_subscription_key
where subscriptions.price_basis = 'metered' and subscriptions.is_live_in_period
