-- EX02: the CRM says active, the provider charged nothing, and nothing was invoiced. No money moves; somebody should look.
with units as (

    select * from {{ ref('int_bridge__units') }} where route = 'idle' and unit_kind = 'subscription' and not is_duplicate

),

live as (

    select distinct subscription_id
    from {{ ref('int_contract__spans') }}
    where state = 'live' and span_from <= {{ period_end() }} and span_to > {{ period_start() }}

),

found as (

    select
        '{{ var("close_period") }}' as close_period,
        'EX02' as class_code,
        units.unit_id,
        units.country,
        units.provider,
        units.customer_id,
        units.subscription_id,
        units.product_code,
        0 as amount,
        units.currency,
        0 as amount_usd,
        false as is_bridge,
        {{ evidence({'price_basis': 'units.price_basis', 'billing_frequency': 'units.billing_frequency', 'charges': '0'}) }} as evidence,
        '' as evidence_key
    from units
    inner join live on units.subscription_id = live.subscription_id
    -- A provider that delivered nothing at all is late, not silent.
    inner join {{ ref('int_charges__delivered') }} as delivered on units.provider = delivered.provider
    where units.billing_frequency = 'monthly' and units.price_basis not in ('fixed_fee', 'metered')

)

select {{ leak_columns('found', absent=['invoice_id', 'provider_invoice_id', 'payment_id', 'evidence_charge_ids']) }}
from found
