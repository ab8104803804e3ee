-- The part of R − B that is an amount and not quantity × time: consumption, meters, commitments, credits, notes. In the
-- contract's currency. `named_amount` is the part that one known cause explains, recognised by its amount; what is left is
-- price. Causes are tried in the order of the design: quantity, period, price, credit.
with units as (

    select * from {{ ref('int_bridge__units') }} where route = 'compare'

),

margins as (

    select
        charges.unit_id,
        -sum(case when conversion.unit_id is null then charges.billed_cost
            else {{ decimal_divide(decimal_multiply('charges.billed_cost', 'conversion.contract_units'), 'conversion.provider_units') }}
        end) as partner_margin
    from {{ ref('int_charges__matched') }} as charges
    left join {{ ref('int_expected__conversion') }} as conversion
        on charges.unit_id = conversion.unit_id and charges.billing_currency = conversion.billing_currency
    where charges.charge_kind = 'partner_margin' and charges.subscription_id is not null
    group by charges.unit_id

),

compared as (

    select
        units.*,
        left_open.credited_amount,
        left_open.uncovered_amount,
        left_open.uncovered_from,
        left_open.uncovered_to,
        left_open.open_amount - left_open.uncovered_amount as rest_amount,
        coalesce(margins.partner_margin, 0) as partner_margin,
        {{ decimal_multiply('coalesce(margins.partner_margin, 0)', 'coalesce(units.markup_factor, 1)') }} as partner_margin_with_markup,
        {{ decimal_multiply('units.credit_cost', 'coalesce(units.markup_factor, 1)') }} as credit_cost_with_markup,
        {{ decimal_divide('units.tolerance + coalesce(units.cost_tolerance, units.tolerance)', 'units.expected_rate') }} as near
    from units
    inner join {{ ref('int_bridge__open_amounts') }} as left_open on units.unit_id = left_open.unit_id
    left join margins on units.unit_id = margins.unit_id

),

recognised as (

    select
        *,
        case
            when mode = 'amount' and overage_amount > 0 and rest_amount > near then 'QT06'
            when shortfall_amount > 0 and rest_amount > near then 'QT07'
            when third_party_amount <> 0 and abs(rest_amount - third_party_amount) <= near then 'PR16'
            when third_party_markup <> 0 and abs(rest_amount - third_party_markup) <= near then 'PR16'
            when partner_margin <> 0 and abs(rest_amount - partner_margin) <= near then 'PR11'
            when partner_margin <> 0 and abs(rest_amount - partner_margin_with_markup) <= near then 'PR11'
            when has_licences and has_renewal and mode = 'amount' and rest_amount > near then 'PR07'
            when credit_amount < 0 and rest_amount <= credit_cost + near and credited_amount = 0 then 'CR02'
            when credit_cost < 0 and credit_amount = 0 and credited_amount > 0
                and (abs(credited_amount + credit_cost) <= near or abs(credited_amount + credit_cost_with_markup) <= near) then 'CR03'
            when credit_cost < 0 and credit_amount = 0
                and (abs(rest_amount + credit_cost) <= near or abs(rest_amount + credit_cost_with_markup) <= near) then 'CR03'
        end as class_code
    from compared

)

select
    unit_id,
    uncovered_amount,
    uncovered_from,
    uncovered_to,
    class_code,
    case class_code
        when 'QT06' then least(rest_amount, overage_amount)
        when 'QT07' then least(rest_amount, shortfall_amount)
        when 'CR02' then greatest(rest_amount, credit_amount)
        when 'CR03' then case when credited_amount > 0 then credited_amount else rest_amount end
        when 'PR07' then rest_amount
        when 'PR11' then rest_amount
        when 'PR16' then rest_amount
        else 0
    end as named_amount,
    rest_amount,
    read_quantity,
    overage_amount,
    min_commit_amount,
    priced_amount,
    third_party_amount,
    partner_margin,
    credit_cost,
    credited_amount
from recognised
