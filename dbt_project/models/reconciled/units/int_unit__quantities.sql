-- How much of each unit the provider charged, the contract holds on the last day of the month, and the documents billed, in seats
-- for a month: half a month of ten seats is five.
with charged as (

    select
        unit_id,
        sum({{ for_ticks('quantity', 'ticks') }}) as quantity
    from {{ ref('int_expected__coverage') }}
    where not is_correction
    group by unit_id

),

contracted as (

    select
        subscription_id,
        max(contract_quantity) as quantity
    from {{ ref('int_contract__spans') }}
    where state = 'live' and span_from <= {{ period_end() }} and span_to > {{ period_end() }}
    group by subscription_id

),

-- What the authority rejected was not invoiced.
invoiced as (

    select
        unit_id,
        sum(case when removed_class = 'TX06' then 0 else {{ for_ticks('quantity', 'ticks') }} end) as quantity
    from {{ ref('int_bridge__lines') }}
    group by unit_id

)

select
    units.unit_id,
    charged.quantity as provider_quantity,
    contracted.quantity as contract_quantity,
    invoiced.quantity as invoiced_quantity
from {{ ref('int_unit__identity') }} as units
left join charged on units.unit_id = charged.unit_id
left join contracted on units.subscription_id = contracted.subscription_id
left join invoiced on units.unit_id = invoiced.unit_id
