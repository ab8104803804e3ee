-- EX05, EX09, TP02, TP04: invoiced, and the provider charged nothing. A provider that delivered nothing at all is DQ02, and a
-- yearly charge is only due in its anniversary month: billing it by the month is another cadence, not another service.
select
    units.unit_id,
    case
        when units.is_duplicate then 'EX09'
        when not units.is_live_in_period then 'TP02'
        when delivered.provider is null then 'DQ02'
        when units.billing_frequency = 'annual' and month(subscriptions.start_date) <> month({{ period_start() }}) then 'TP04'
        else 'EX05'
    end as class_code,
    units.expected_amount - units.kept_amount as amount
from {{ ref('int_bridge__units') }} as units
left join {{ ref('int_contract__subscriptions') }} as subscriptions on units.subscription_id = subscriptions.subscription_id
left join {{ ref('int_charges__delivered') }} as delivered on units.provider = delivered.provider
where units.route = 'uncharged'
