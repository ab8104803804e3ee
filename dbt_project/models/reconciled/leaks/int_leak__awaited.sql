-- Which deliveries that are still to come could explain a unit's difference. In a complete month none can: every flag is false.
with this_close as (

    select * from {{ ref('stg_cuadre__close') }}

),

units as (

    select * from {{ ref('int_bridge__units') }}

)

select
    units.unit_id,
    not this_close.has_ended as is_month_going_on,
    -- Contracted or charged, and not one invoice line: the ERP may still issue it, or has not delivered what it issued.
    units.line_count = 0 and units.route in ('unbilled', 'dead', 'compare')
    and (not this_close.has_ended or this_close.awaits_erp) as awaits_invoice,
    -- Invoiced, and nothing charged: the provider's file is still to come, or grows until the month ends.
    units.route in ('uncharged', 'orphan')
    and (not this_close.has_ended or (this_close.awaits_provider and delivered.provider is null)) as awaits_charge,
    -- Nothing in the CRM answers for it, and the CRM of this month has not come: an older extract stands in, or none.
    units.route in ('unmapped', 'orphan', 'dead') and this_close.awaits_crm as awaits_contract
from units
cross join this_close
left join {{ ref('int_charges__delivered') }} as delivered on units.provider = delivered.provider
