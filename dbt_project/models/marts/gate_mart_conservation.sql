{{ config(materialized='view', schema='focus') }}
-- Charges and money on the focus floor and in the mart: Σ focus = Σ mart, to the last decimal.
with all_floors as (

    select
        'focus' as floor,
        close_period,
        source,
        delivery_sha256,
        provider,
        invoice_id,
        billing_currency,
        count(*) as charge_count,
        sum(billed_cost) as charge_total
    from {{ ref('int_focus__charges') }}
    group by all
    union all
    select
        'mart' as floor,
        close_period,
        source,
        delivery_sha256,
        provider,
        invoice_id,
        billing_currency,
        count(*) as charge_count,
        sum(billed_cost) as charge_total
    from {{ ref('fct_provider_charge') }}
    group by all

)

select
    close_period,
    source,
    delivery_sha256,
    provider,
    invoice_id,
    billing_currency,
    cast(sum(case floor when 'focus' then charge_count else 0 end) as bigint) as focus_charges,
    cast(sum(case floor when 'mart' then charge_count else 0 end) as bigint) as mart_charges,
    cast(sum(case floor when 'focus' then charge_total else 0 end) as decimal(38, 12)) as focus_total,
    cast(sum(case floor when 'mart' then charge_total else 0 end) as decimal(38, 12)) as mart_total
from all_floors
group by close_period, source, delivery_sha256, provider, invoice_id, billing_currency
