-- One side is missing altogether, so the class takes the unit whole: R − B after the documents that should not be there.
with units as (

    select
        units.*,
        units.expected_amount - units.kept_amount as open_amount,
        subscriptions.contract_status,
        subscriptions.status as subscription_status,
        subscriptions.live_to,
        subscriptions.start_date,
        delivered.provider is not null as is_provider_delivered,
        exists (select 1 from {{ ref('stg_erp__invoices') }}) as is_erp_delivered
    from {{ ref('int_bridge__units') }} as units
    left join {{ ref('int_contract__subscriptions') }} as subscriptions on units.subscription_id = subscriptions.subscription_id
    left join {{ ref('int_charges__delivered') }} as delivered on units.provider = delivered.provider

),

costs as (

    select unit_id, sum(billed_cost) as provider_cost, min(billing_currency) as cost_currency
    from {{ ref('int_charges__matched') }}
    where charge_kind = 'cost'
    group by unit_id
    having count(distinct billing_currency) = 1

),

renamed as (

    select * from {{ ref('int_charges__renamed') }}

),

-- EX13: cost of our own tenants that nobody answers for.
internal as (

    select unit_id, 'EX13' as class_code, open_amount as amount
    from units
    where route = 'internal'

),

-- EX01: a provider subscription the CRM does not know.
unmapped as (

    select unit_id, 'EX01' as class_code, open_amount as amount
    from units
    where route = 'unmapped' and unit_id not like 'unassigned:%'

),

-- EX04: an invoice line of no subscription.
orphan as (

    select unit_id, 'EX04' as class_code, open_amount as amount
    from units
    where route = 'orphan'

),

-- EX05, EX09, TP02, TP04: invoiced, and the provider charged nothing. A provider that delivered nothing at all is DQ02, and a
-- yearly charge is only due in its anniversary month: billing it by the month is another cadence, not another service.
uncharged as (

    select
        unit_id,
        case
            when is_duplicate then 'EX09'
            when not is_live_in_period then 'TP02'
            when not is_provider_delivered then 'DQ02'
            when billing_frequency = 'annual' and month(start_date) <> month({{ period_start() }}) then 'TP04'
            else 'EX05'
        end as class_code,
        open_amount as amount
    from units
    where route = 'uncharged'

),

-- Charged on days on which no contract was live: at least the cost must come back.
dead_parts as (

    {% for part, class_code in [
        ('ended_amount', "case when has_renewal and (contract_status in ('expired', 'terminated') or subscription_status <> 'terminated') then 'TP09' else 'TP01' end"),
        ('suspended_amount', "'TP14'"), ('before_amount', "'EX01'"), ('departed_amount', "'EX10'")] %}
    select unit_id, route, open_amount, expected_rate, {{ part }} as contract_amount, {{ class_code }} as class_code
    from units
    where route in ('unbilled', 'dead', 'compare') and {{ part }} <> 0
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

dead as (

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

),

-- EX03, EX08, TP13, CR10, TX06: contracted and due, and no invoice line covers it. Without any ERP delivery it is DQ02.
unbilled as (

    select
        units.unit_id,
        case
            when not units.is_erp_delivered then 'DQ02'
            when units.has_voided or voided.unit_id is not null then 'CR10'
            when rejected.unit_id is not null then 'TX06'
            when renamed.unit_id is not null then 'EX08'
            when units.trial_end < {{ period_end() }} then 'TP13'
            else 'EX03'
        end as class_code,
        units.open_amount - {{ decimal_multiply('units.dead_amount + units.correction_amount', 'units.expected_rate') }} as amount
    from units
    left join renamed on units.unit_id = renamed.unit_id
    left join {{ ref('int_invoice__voided') }} as voided on units.unit_id = voided.unit_id
    left join {{ ref('int_invoice__rejected') }} as rejected on units.unit_id = rejected.unit_id
    where units.route = 'unbilled'

),

-- TP08: the provider restates a month that is closed.
corrected as (

    select
        unit_id,
        'TP08' as class_code,
        {{ decimal_multiply('correction_amount', 'expected_rate') }} as amount
    from units
    where route in ('unbilled', 'compare', 'dead') and correction_amount <> 0

),

findings as (

    select * from internal
    union all
    select * from unmapped
    union all
    select * from orphan
    union all
    select * from uncharged
    union all
    select * from dead
    union all
    select * from unbilled
    union all
    select * from corrected

),

valued as (

    select
        findings.unit_id,
        findings.class_code,
        'existence' as effect,
        sum(findings.amount) as amount,
        '' as atom_key,
        max(case when findings.class_code = 'TX06' then rejected.invoice_id else units.invoice_id end) as invoice_id,
        cast(null as varchar) as customer_id,
        {{ evidence({
            'provider_cost': 'max(costs.provider_cost)', 'provider_currency': 'max(costs.cost_currency)',
            'expected_in_contract_currency': 'max(units.expected_contract_amount)', 'expected_amount': 'max(units.expected_amount)',
            'invoiced_amount': 'max(units.invoiced_amount)', 'contract_start': 'max(units.start_date)',
            'contract_live_to': 'max(units.live_to)', 'subscription_status': 'max(units.subscription_status)',
            'unit': 'max(units.unit_id)'
        }) }} as evidence
    from findings
    inner join units on findings.unit_id = units.unit_id
    left join costs on findings.unit_id = costs.unit_id
    left join {{ ref('int_invoice__rejected') }} as rejected on findings.unit_id = rejected.unit_id
    where findings.amount <> 0
    group by findings.unit_id, findings.class_code

)

select {{ bridge_columns() }}
from valued
