-- By which route the difference of a unit's two sides is explained, and the R that follows from it: in the contract's currency,
-- and in the documents', where what was invoiced is expected at its own document's rate and the rest at their mean.
--   internal      a customer of our own; not to be invoiced
--   unmapped      charges that no subscription answers for
--   orphan        invoice lines that no subscription answers for
--   own_service   invoice lines of the reseller's own services
--   unrated       invoiced in another currency than the contract's, and no rate is known: not judged
--   idle          nothing on either side
--   unbilled      charges or a contract amount, and nothing invoiced
--   uncharged     invoiced, and the provider charged nothing
--   dead          charged while no contract was live
--   compare       both sides are there: quantity, period, price and rate are compared
with units as (

    select * from {{ ref('int_unit__identity') }}

),

expected as (

    select * from {{ ref('int_expected') }}

),

unmapped as (

    select * from {{ ref('int_charges__unmapped') }}

),

invoiced as (

    select * from {{ ref('int_bridge__invoiced') }}

),

sides as (

    select
        units.unit_id,
        units.unit_kind,
        units.subscription_id,
        units.is_internal,
        units.cost_owner,
        -- At least the cost must come back of what no contract prices, and of a customer of our own.
        case
            when units.unit_kind = 'unmapped_charge' then unmapped.cost
            when units.is_internal and expected.unit_id is not null then expected.cost
            when expected.unit_id is not null then expected.expected_amount
            when units.unit_kind = 'own_service' then invoiced.kept_contract_amount
            else 0
        end as expected_contract_amount,
        coalesce(expected.has_charges, unmapped.unit_id is not null) as has_charges,
        coalesce(expected.has_live_charges, false) as has_live_charges,
        coalesce(expected.has_seats, false) as has_seats,
        coalesce(invoiced.line_count, 0) as line_count,
        coalesce(invoiced.is_unrated, false) as is_unrated,
        coalesce(invoiced.expected_rate, 1) as expected_rate,
        coalesce(invoiced.invoiced_amount, 0) as invoiced_amount,
        coalesce(invoiced.kept_amount, 0) as kept_amount,
        coalesce(invoiced.kept_contract_amount, 0) as kept_contract_amount,
        coalesce(invoiced.kept_at_expected_rate, 0) as kept_at_expected_rate
    from units
    left join expected on units.unit_id = expected.unit_id
    left join unmapped on units.unit_id = unmapped.unit_id
    left join invoiced on units.unit_id = invoiced.unit_id

),

routed as (

    select
        *,
        case
            when is_internal then 'internal'
            when unit_kind = 'unmapped_charge' then 'unmapped'
            when unit_kind = 'orphan_invoice' then 'orphan'
            when unit_kind = 'own_service' and (subscription_id is null or not has_seats) then 'own_service'
            when is_unrated then 'unrated'
            when kept_amount = 0 and expected_contract_amount = 0 and line_count = 0 and not has_charges then 'idle'
            when kept_amount = 0 then 'unbilled'
            when not has_charges and not has_seats and expected_contract_amount = 0 then 'uncharged'
            when has_charges and not has_live_charges and not has_seats then 'dead'
            else 'compare'
        end as route
    from sides

)

select
    unit_id,
    route,
    expected_contract_amount,
    case
        when route = 'internal' and cost_owner is not null then invoiced_amount
        when route = 'own_service' then invoiced_amount
        when route = 'unrated' then kept_amount
        else {{ decimal_multiply('expected_contract_amount - kept_contract_amount', 'expected_rate') }} + kept_at_expected_rate
    end as expected_amount
from routed
