-- Money on the documents of each unit: to date on those that make B, in the month on any. A line in another currency than the
-- unit's counts at the expected rates of both, as in B. Without the ERP's payments nothing is known, and nothing is not zero.
with units as (

    select
        unit_id,
        currency,
        expected_rate
    from {{ ref('int_bridge__units') }}

),

received as (

    select
        lines.unit_id,
        sum(case
            when not lines.is_billed_in_month then 0
            when lines.currency = units.currency then lines.to_date_net
            else {{ decimal_multiply(decimal_divide('lines.to_date_net', 'lines.rate'), 'units.expected_rate') }}
        end) as to_date_amount,
        case
            when count_if(lines.is_billed_in_month and lines.to_date_usd is null) = 0
                then sum(case when lines.is_billed_in_month then lines.to_date_usd else 0 end)
        end as to_date_usd,
        case when count(*) = count(lines.in_month_usd) then sum(lines.in_month_usd) end as in_month_usd
    from {{ ref('int_cash__lines') }} as lines
    inner join units on lines.unit_id = units.unit_id
    group by lines.unit_id

),

payments as (

    select coalesce(bool_and(is_judged), true) as are_known from {{ ref('int_cash__documents') }}

)

select
    units.unit_id,
{% for amount in ['to_date_amount', 'to_date_usd', 'in_month_usd'] %}
    case
        when payments.are_known and received.unit_id is null then 0
        when payments.are_known then received.{{ amount }}
    end as collected_{{ amount }}{{ ',' if not loop.last }}
{% endfor %}
from units
cross join payments
left join received on units.unit_id = received.unit_id
