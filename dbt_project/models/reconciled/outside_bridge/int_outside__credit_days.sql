-- What could earn partner earned credit, and the credit that it lost. A day at 0 % between days on which its entitlement earns lost
-- that rate of its list cost. A gap at the month's edge is taken to end in the month beside it, unless it is longer than the
-- tolerance says: then the partner did not manage the entitlement yet, or no longer. A meter that earns nothing on days on which
-- its entitlement earns is not eligible. One invoice line can hold days with the credit and days without: what it earned is then
-- between nothing and its whole rate.
with eligible as (

    select * from {{ ref('int_outside__creditable_usage') }}

),

entitlement_days as (

    select
        provider_subscription_id,
        entitlement_id,
        used_on,
        max(pec_pct) > 0 as earns
    from eligible
    where used_on is not null
    group by provider_subscription_id, entitlement_id, used_on

),

rates as (

    select
        eligible.*,
        max(eligible.pec_pct) over (partition by eligible.provider_subscription_id, eligible.entitlement_id) as earned_pct,
        min(case when eligible.pec_pct > 0 then eligible.used_on end)
            over (partition by eligible.provider_subscription_id, eligible.entitlement_id) as earned_from,
        max(case when eligible.pec_pct > 0 then eligible.used_on end)
            over (partition by eligible.provider_subscription_id, eligible.entitlement_id) as earned_to,
        -- never on a day on which its entitlement earned, though it was used on one
        max(case when days.earns then eligible.pec_pct end)
            over (partition by eligible.provider_subscription_id, eligible.entitlement_id, eligible.meter)
        = 0 as never_earns
    from eligible
    left join entitlement_days as days
        on eligible.provider_subscription_id = days.provider_subscription_id
        and eligible.entitlement_id is not distinct from days.entitlement_id
        and eligible.used_on = days.used_on

)

select
    rates.provider_subscription_id,
    rates.entitlement_id,
    rates.meter,
    rates.used_on,
    rates.invoice_id,
    rates.billing_currency,
    rates.list_cost,
    rates.pec_pct,
    rates.earned_pct,
    case
        when used_on is null and pec_pct > 0 and earned_credit < {{ decimal_multiply('list_cost', 'earned_pct * 0.01') }} - 0.01
            -- a cent: Microsoft cuts each line off
            then {{ decimal_multiply('list_cost', 'earned_pct * 0.01') }} - earned_credit
        when pec_pct = 0
            and not coalesce(never_earns, false)
            and (used_on > earned_from or {{ days_between(period_start(), 'earned_from') }} <= edge.days)
            and (used_on < earned_to or {{ days_between('earned_to', period_end()) }} <= edge.days)
            then {{ decimal_multiply('list_cost', 'earned_pct * 0.01') }}
        else 0
    end as lost_credit
from rates
cross join (select max(value) as days from {{ ref('tolerances') }} where tolerance = 'credit_edge_days') as edge
where earned_pct > 0
