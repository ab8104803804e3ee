-- One row per CRM subscription, as its contract stands at the end of the month being closed.
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
                else {{ far_ahead() }}
            end,
            case when contracts.status in ('terminated', 'expired') then coalesce(contracts.end_date + 1, {{ far_ahead() }})
                else {{ far_ahead() }}
            end,
            case when versions.status = 'terminated' and versions.end_date is null then versions.valid_from
                else {{ far_ahead() }}
            end
        ) as live_to
    from versions
    left join contracts on versions.contract_id = contracts.contract_id
    left join customers on versions.customer_id = customers.customer_id
    -- The version of the month's last day, else the first one there is.
    where (versions.is_first or versions.valid_from <= {{ period_end() }})
        and coalesce(versions.next_valid_from > {{ period_end() }}, true)

)

select
    *,
    start_date <= {{ period_end() }} and live_to > {{ period_start() }} as is_live_in_period
from current
