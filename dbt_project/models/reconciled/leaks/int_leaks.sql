-- Every finding of the month, in the columns of fct_leak. The bridge's terms first (their sum per unit is R − B), then what
-- was found beside the bridge. BL02 is one row per unit: counted and summed, never hidden.
with units as (

    select * from {{ ref('int_bridge__units') }}

),

rounding as (

    select
        unit_id,
        'BL02' as class_code,
        sum(amount) as amount,
        '' as atom_key,
        cast(null as varchar) as invoice_id,
        cast(null as varchar) as customer_id,
        {{ evidence({'terms': 'count(*)', 'amount': 'sum(amount)'}) }} as evidence
    from {{ ref('int_bridge__terms') }}
    where class_code = 'BL02'
    group by unit_id
    having sum(amount) <> 0

),

terms as (

    select * from rounding
    union all
    select unit_id, class_code, sum(amount), atom_key, max(invoice_id), max(customer_id), max(evidence)
    from {{ ref('int_bridge__terms') }}
    where class_code <> 'BL02'
    group by unit_id, class_code, atom_key

),

bridged as (

    select
        '{{ var("close_period") }}' as close_period,
        terms.class_code,
        terms.unit_id,
        units.country,
        units.provider,
        coalesce(terms.customer_id, units.customer_id) as customer_id,
        units.subscription_id,
        units.product_code,
        terms.invoice_id,
        charges.provider_invoice_id,
        terms.amount,
        units.currency,
        {{ decimal_divide('terms.amount', 'coalesce(documents.units_per_usd, units.units_per_usd)') }} as amount_usd,
        true as is_bridge,
        terms.evidence,
        case when terms.class_code = 'EX07' then [terms.atom_key] else charges.evidence_charge_ids end as evidence_charge_ids,
        case when terms.class_code = 'EX07' then 1 else coalesce(charges.evidence_charge_count, 0) end as evidence_charge_count,
        terms.atom_key as evidence_key
    from terms
    inner join units on terms.unit_id = units.unit_id
    left join {{ ref('int_leak__charges') }} as charges on terms.unit_id = charges.unit_id
    -- What is wrong with one document is worth what it was worth on that document's day.
    left join {{ ref('int_cash__documents') }} as documents
        on terms.atom_key = documents.company_id || ':' || documents.invoice_id

),

outside as (

    select found.* replace (coalesce(found.unit_id, units.unit_id) as unit_id)
    from {{ ref('int_leak__outside_bridge') }} as found
    left join units on found.subscription_id = units.subscription_id

),

found as (

    select {{ leak_columns('bridged', absent=['payment_id'], counted=true) }}
    from bridged
    union all
    select * from outside

),

classes as (

    select * from {{ ref('leak_classes') }}

),

named as (

    select
        *,
        left({{ sha256_text("concat_ws('|', class_code, unit_id, subscription_id, customer_id, evidence_key)") }}, 32) as leak_id
    from found

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
    cast(classes.stage as varchar) as stage,
    named.country,
    named.provider,
    named.customer_id,
    named.subscription_id,
    named.product_code,
    named.unit_id,
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
left join classes on named.class_code = classes.code
left join seen on named.leak_id = seen.leak_id
left join {{ ref('int_leak__awaited') }} as awaited on named.unit_id = awaited.unit_id
cross join (
    select rules_version, not has_ended as is_month_going_on from {{ ref('stg_cuadre__close') }}
) as this_close
