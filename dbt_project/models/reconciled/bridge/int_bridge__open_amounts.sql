-- What is open between R and B of each compared unit, apart from quantity × time: all of it where the unit is consumption, what
-- usage and notes leave where it is seats. In the contract's currency. What days without any invoice line explain is told apart.
with units as (

    select * from {{ ref('int_bridge__units') }} where route = 'compare'

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
        units.unit_id,
        units.mode,
        units.priced_amount,
        case
            when units.mode = 'coverage' then units.usage_amount - lines.note_amount
            else units.priced_amount + units.shortfall_amount - units.kept_contract_amount
        end as open_amount,
        case when units.mode = 'coverage' then -lines.note_amount else lines.credited_amount end as credited_amount,
        lines.covered_from,
        lines.covered_to,
        greatest(subscriptions.start_date, {{ period_start() }}) as due_from,
        least(subscriptions.live_to, {{ period_end() }} + 1) as due_to
    from units
    inner join lines on units.unit_id = lines.unit_id
    inner join {{ ref('int_contract__subscriptions') }} as subscriptions on units.subscription_id = subscriptions.subscription_id

),

dated as (

    select
        *,
        greatest({{ days_between('due_from', 'least(covered_from, due_to)') }}, 0)
        + greatest({{ days_between('greatest(covered_to, due_from)', 'due_to') }}, 0) as uncovered_days,
        {{ days_between('due_from', 'due_to') }} as due_days
    from compared

)

select
    unit_id,
    open_amount,
    credited_amount,
    -- Days without a line are a gap only where about their share of the amount is missing too.
    case
        when mode = 'amount' and uncovered_days > 0 and due_days > 0
            and open_amount * due_days * 2 >= priced_amount * uncovered_days
            then {{ decimal_divide('priced_amount * uncovered_days', 'due_days') }}
        else 0
    end as uncovered_amount,
    case when covered_from > due_from then due_from else covered_to end as uncovered_from,
    case when covered_from > due_from then covered_from - 1 else due_to - 1 end as uncovered_to
from dated
