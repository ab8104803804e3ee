-- One side is missing altogether, so the class takes the unit whole: R − B after the documents that should not be there. Beside
-- them TP08: the provider restates a month that is closed.
with missing as (

    select
        unit_id,
        class_code,
        amount
    from {{ ref('int_missing__contract') }}
    union all
    select
        unit_id,
        class_code,
        amount
    from {{ ref('int_missing__invoice') }}
    union all
    select
        unit_id,
        class_code,
        amount
    from {{ ref('int_missing__charge') }}
    union all
    select
        unit_id,
        'TP08' as class_code,
        {{ decimal_multiply('correction_amount', 'expected_rate') }} as amount
    from {{ ref('int_bridge__units') }}
    where route in ('unbilled', 'compare', 'dead') and correction_amount <> 0

),

costs as (

    select
        unit_id,
        sum(billed_cost) as provider_cost,
        min(billing_currency) as cost_currency
    from {{ ref('int_charges__matched') }}
    where charge_kind = 'cost'
    group by unit_id
    having count(distinct billing_currency) = 1

),

valued as (

    select
        missing.unit_id,
        missing.class_code,
        'existence' as effect,
        missing.amount,
        '' as atom_key,
        case when missing.class_code = 'TX06' then rejected.invoice_id else units.invoice_id end as invoice_id,
        cast(null as string) as customer_id,
        {{ evidence({
            'provider_cost': 'costs.provider_cost', 'provider_currency': 'costs.cost_currency',
            'expected_in_contract_currency': 'units.expected_contract_amount', 'expected_amount': 'units.expected_amount',
            'invoiced_amount': 'units.invoiced_amount', 'contract_start': 'subscriptions.start_date',
            'contract_live_to': 'subscriptions.live_to', 'subscription_status': 'subscriptions.status',
            'unit': 'units.unit_id'
        }) }} as evidence
    from missing
    inner join {{ ref('int_bridge__units') }} as units on missing.unit_id = units.unit_id
    left join {{ ref('int_contract__subscriptions') }} as subscriptions on units.subscription_id = subscriptions.subscription_id
    left join costs on missing.unit_id = costs.unit_id
    left join {{ ref('int_invoice__rejected') }} as rejected on missing.unit_id = rejected.unit_id
    where missing.amount <> 0

)

select {{ bridge_columns() }}
from valued
