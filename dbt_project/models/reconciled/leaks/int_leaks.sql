-- Every finding of the month, in the columns of fct_leak: the bridge's terms (their sum per unit is R − B) and what was found
-- outside the bridge, each with its class's words, the months in which it was published before, and whether it is provisional.
with this_close as (

    select
        rules_version,
        not has_ended as is_month_going_on
    from {{ ref('stg_cuadre__close') }}

),

found as (

    select bridge.*
    from {{ ref('int_leak__bridge') }} as bridge
    union all
    select outside.*
    from {{ ref('int_leak__outside_bridge') }} as outside

),

-- A finding outside the bridge knows its subscription only: the unit is the subscription's.
placed as (

    select
        found.*,
        coalesce(found.unit_id, units.unit_id) as placed_unit_id
    from found
    left join {{ ref('int_unit__identity') }} as units on found.subscription_id = units.subscription_id and not found.is_bridge

),

named as (

    select
        *,
        left({{ sha256_text("concat_ws('|', class_code, placed_unit_id, subscription_id, customer_id, evidence_key)") }}, 32) as leak_id
    from placed

),

-- How often this same finding was published before.
seen as (

    select
        leak_id,
        min(close_period) as first_period,
        count(distinct close_period) as periods
    from {{ source('cuadre', 'published_leaks') }}
    where close_period < '{{ var("close_period") }}'
    group by leak_id

)

select
    named.leak_id,
    named.close_period,
    named.class_code,
    case
        when classes.direction in ('L/O', 'L+O', 'O/L') then case when named.amount >= 0 then 'L' else 'O' end
        when named.class_code = 'EX02' then 'T'
        else left(classes.direction, 1)
    end as direction,
    classes.severity,
    classes.cause_7m,
    cast(classes.stage as string) as stage,
    named.country,
    named.provider,
    named.customer_id,
    named.subscription_id,
    named.product_code,
    named.placed_unit_id as unit_id,
    named.invoice_id,
    named.provider_invoice_id,
    named.payment_id,
    named.amount,
    named.currency,
    named.amount_usd,
    named.is_bridge,
    named.evidence,
    named.evidence_charge_ids,
    named.evidence_charge_count,
    this_close.rules_version as rule_version,
    classes.resolution_es as suggested_resolution_es,
    classes.resolution_pt as suggested_resolution_pt,
    classes.resolution_en as suggested_resolution_en,
    coalesce(seen.first_period, named.close_period) as first_seen_period,
    coalesce(seen.periods, 0) + 1 as periods_seen,
    -- Whether it may only mean that something has not been delivered yet; a payment is judged on the month's last day.
    coalesce(
        (named.is_bridge and (
            (awaited.awaits_invoice and named.amount > 0) or (awaited.awaits_charge and named.amount < 0) or awaited.awaits_contract
            or (awaited.is_month_going_on and named.class_code = 'TP06')
        ))
        or (this_close.is_month_going_on and named.class_code in ('CO01', 'CO03')), false
    ) as is_provisional
from named
left join {{ ref('leak_classes') }} as classes on named.class_code = classes.code
left join seen on named.leak_id = seen.leak_id
left join {{ ref('int_leak__awaited') }} as awaited on named.placed_unit_id = awaited.unit_id
cross join this_close
