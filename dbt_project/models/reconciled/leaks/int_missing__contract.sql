-- What no contract answers for: our own cost without an owner (EX13), charges (EX01) and invoice lines (EX04) of no subscription,
-- and charges on days on which no contract was live (EX01, EX10, TP01, TP09, TP14): at least their cost must come back.
with units as (

    select
        units.unit_id,
        units.route,
        units.expected_rate,
        units.expected_amount - units.kept_amount as open_amount,
        units.ended_amount,
        units.suspended_amount,
        units.before_amount,
        units.departed_amount,
        case
            when units.has_renewal and (subscriptions.contract_status in ('expired', 'terminated') or subscriptions.status <> 'terminated')
                then 'TP09'
            else 'TP01'
        end as ended_class
    from {{ ref('int_bridge__units') }} as units
    left join {{ ref('int_contract__subscriptions') }} as subscriptions on units.subscription_id = subscriptions.subscription_id

),

dead_parts as (

    {% for part, class_code in [
        ('ended_amount', 'ended_class'), ('suspended_amount', "'TP14'"), ('before_amount', "'EX01'"), ('departed_amount', "'EX10'")
    ] %}
        select
            unit_id,
            route,
            open_amount,
            expected_rate,
            {{ part }} as contract_amount,
            {{ class_code }} as class_code
        from units
        where route in ('unbilled', 'dead', 'compare') and {{ part }} <> 0
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    unit_id,
    case route when 'internal' then 'EX13' when 'unmapped' then 'EX01' when 'orphan' then 'EX04' end as class_code,
    open_amount as amount
from units
-- A charge that names no customer either is EX07, line by line.
where route in ('internal', 'orphan') or (route = 'unmapped' and unit_id not like 'unassigned:%')

union all

select
    unit_id,
    class_code,
    -- A unit with no live day at all takes what was invoiced against it into its largest part.
    case
        when route = 'dead' and row_number() over (partition by unit_id order by abs(contract_amount) desc, class_code) = 1
            then open_amount - ({{ decimal_multiply('sum(contract_amount) over (partition by unit_id) - contract_amount', 'expected_rate') }})
        else {{ decimal_multiply('contract_amount', 'expected_rate') }}
    end as amount
from dead_parts
