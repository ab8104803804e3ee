-- What could earn partner earned credit: each Azure meter of Microsoft's own on each day of the daily usage, or, for a plan
-- without it, each line of the invoice. A day at 0 % between days on which its entitlement earns lost that rate of its list cost.
-- A gap at the month's edge is taken to end in the month beside it, unless it is longer than the tolerance says: then the
-- partner did not manage the entitlement yet, or no longer. A meter that earns nothing on days on which its entitlement earns
-- is not eligible. One invoice line can hold days with the credit and days without: what it earned is
-- then between nothing and its whole rate.
with usage_days as (

    select
        provider_subscription_id,
        sub_account_id as entitlement_id,
        coalesce(sku_meter, provider_product_code) as meter,
        cast(charge_period_start as date) as used_on,
        invoice_id,
        billing_currency,
        billed_cost as list_cost,
        coalesce(pec_pct, 0) as pec_pct,
        cast(null as decimal(38, 12)) as earned_credit
    from {{ ref('int_focus__azure_usage_detail') }}
    where charge_category = 'Usage'
        and not is_partner_margin
        and not publisher_is_third_party
        and billed_cost > 0
        -- spot capacity never earns the credit (Partner Center, partner earned credit FAQ)
        and coalesce(sku_meter, charge_description, '') not ilike '%spot%'

),

credits as (

    select source_file, source_row, -sum(billed_cost) as earned_credit
    from {{ ref('int_focus__charges') }}
    where source = 'microsoft_csp_invoice' and is_partner_margin
    group by source_file, source_row

),

invoice_lines as (

    select
        focus.provider_subscription_id,
        focus.provider_subscription_id as entitlement_id,
        coalesce(focus.sku_meter, focus.provider_product_code) as meter,
        cast(null as date) as used_on,
        focus.invoice_id,
        focus.billing_currency,
        focus.billed_cost as list_cost,
        coalesce(focus.pec_pct, 0) as pec_pct,
        coalesce(credits.earned_credit, 0) as earned_credit
    from {{ ref('int_focus__charges') }} as focus
    left join credits on focus.source_file = credits.source_file and focus.source_row = credits.source_row
    where focus.source = 'microsoft_csp_invoice'
        and focus.charge_category = 'Usage'
        and not focus.is_partner_margin
        and not focus.publisher_is_third_party
        and focus.billed_cost > 0
        and coalesce(focus.sku_meter, focus.charge_description, '') not ilike '%spot%'
        and focus.provider_subscription_id not in (
            select provider_subscription_id from usage_days where provider_subscription_id is not null
        )

),

eligible as (

    select * from usage_days
    union all
    select * from invoice_lines

),

entitlement_days as (

    select
        provider_subscription_id,
        entitlement_id,
        used_on,
        max(pec_pct) > 0 as earns
    from usage_days
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
            over (partition by eligible.provider_subscription_id, eligible.entitlement_id, eligible.meter) = 0 as never_earns
    from eligible
    left join entitlement_days as days
        on eligible.provider_subscription_id = days.provider_subscription_id
        and eligible.entitlement_id is not distinct from days.entitlement_id
        and eligible.used_on = days.used_on

)

select
    rates.* exclude (earned_from, earned_to, never_earns),
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
