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

lines as (

    select
        unit_id,
        min(covered_from) as covered_from,
        max(covered_to) as covered_to,
        sum(case when doc_class = 'invoice' or (is_consistent and removed_amount = 0) then 0 else kept_contract_amount end) as note_amount,
        sum(case when sign < 0 then -kept_contract_amount else 0 end) as credited_amount
    from {{ ref('int_bridge__lines') }}
    group by unit_id

),

compared as (

    select
        units.*,
        case
            when units.mode = 'coverage' then units.usage_amount - lines.note_amount
            else units.priced_amount + units.shortfall_amount - units.kept_contract_amount
        end as open_amount,
        case when units.mode = 'coverage' then -lines.note_amount else lines.credited_amount end as credited_amount,
        coalesce(margins.partner_margin, 0) as partner_margin,
        {{ decimal_divide('units.tolerance + coalesce(units.cost_tolerance, units.tolerance)', 'units.expected_rate') }} as near,
        lines.covered_from,
        lines.covered_to,
        greatest(subscriptions.start_date, {{ period_start() }}) as due_from,
        least(subscriptions.live_to, {{ period_end() }} + 1) as due_to
    from units
    inner join lines on units.unit_id = lines.unit_id
    inner join {{ ref('int_contract__subscriptions') }} as subscriptions on units.subscription_id = subscriptions.subscription_id
    left join margins on units.unit_id = margins.unit_id

),

dated as (

    select
        *,
        greatest({{ days_between('due_from', 'least(covered_from, due_to)') }}, 0)
        + greatest({{ days_between('greatest(covered_to, due_from)', 'due_to') }}, 0) as uncovered_days,
        {{ days_between('due_from', 'due_to') }} as due_days
    from compared

),

-- Days without a line are a gap only where about their share of the amount is missing too.
gapped as (

    select
        *,
        case
            when mode = 'amount' and uncovered_days > 0 and due_days > 0
                and open_amount * due_days * 2 >= priced_amount * uncovered_days
                then {{ decimal_divide('priced_amount * uncovered_days', 'due_days') }}
            else 0
        end as uncovered_amount
    from dated

),

left_open as (

    select
        *,
        open_amount - uncovered_amount as rest_amount
    from gapped

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
            when partner_margin <> 0 and abs(rest_amount - {{ decimal_multiply('partner_margin', 'coalesce(markup_factor, 1)') }}) <= near then 'PR11'
            when has_licences and has_renewal and mode = 'amount' and rest_amount > near then 'PR07'
            when credit_amount < 0 and rest_amount <= credit_cost + near and credited_amount = 0 then 'CR02'
            when credit_cost < 0 and credit_amount = 0 and credited_amount > 0
                and (abs(credited_amount + credit_cost) <= near
                    or abs(credited_amount + {{ decimal_multiply('credit_cost', 'coalesce(markup_factor, 1)') }}) <= near) then 'CR03'
            when credit_cost < 0 and credit_amount = 0
                and (abs(rest_amount + credit_cost) <= near
                    or abs(rest_amount + {{ decimal_multiply('credit_cost', 'coalesce(markup_factor, 1)') }}) <= near) then 'CR03'
        end as class_code
    from left_open

)

select
    unit_id,
    mode,
    open_amount,
    uncovered_amount,
    case when covered_from > due_from then due_from else covered_to end as uncovered_from,
    case when covered_from > due_from then covered_from - 1 else due_to - 1 end as uncovered_to,
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
    shortfall_amount,
    min_commit_amount,
    priced_amount,
    third_party_amount,
    partner_margin,
    credit_cost,
    credited_amount
from recognised
