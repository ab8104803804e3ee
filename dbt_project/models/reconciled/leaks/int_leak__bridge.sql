-- The terms of R − B as findings, in the columns of every finding: one row for each unit, class and document where the class is a
-- document's. Rounding (BL02) is one row for each unit: counted and summed, never hidden.
with terms as (

    select
        unit_id,
        'BL02' as class_code,
        sum(amount) as amount,
        '' as atom_key,
        cast(null as string) as invoice_id,
        cast(null as string) as customer_id,
        {{ evidence({'terms': 'count(*)', 'amount': 'sum(amount)'}) }} as evidence
    from {{ ref('int_bridge__terms') }}
    where class_code = 'BL02'
    group by unit_id
    having sum(amount) <> 0
    union all
    select
        unit_id,
        class_code,
        sum(amount) as amount,
        atom_key,
        max(invoice_id) as invoice_id,
        max(customer_id) as customer_id,
        max(evidence) as evidence
    from {{ ref('int_bridge__terms') }}
    where class_code <> 'BL02'
    group by unit_id, class_code, atom_key

),

found as (

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
        -- The atom of EX07 is its one charge.
        case when terms.class_code = 'EX07' then {{ list_of(['terms.atom_key']) }} else charges.evidence_charge_ids end as evidence_charge_ids,
        case when terms.class_code = 'EX07' then 1 else coalesce(charges.evidence_charge_count, 0) end as evidence_charge_count,
        terms.atom_key as evidence_key
    from terms
    inner join {{ ref('int_bridge__units') }} as units on terms.unit_id = units.unit_id
    left join {{ ref('int_leak__charges') }} as charges on terms.unit_id = charges.unit_id
    -- What is wrong with one document is worth what it was worth on that document's day.
    left join {{ ref('int_cash__documents') }} as documents
        on terms.atom_key = documents.company_id || ':' || documents.invoice_id

)

select {{ leak_columns('found', absent=['payment_id'], counted=true) }}
from found
