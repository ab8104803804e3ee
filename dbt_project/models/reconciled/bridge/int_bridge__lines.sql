-- The invoice lines that make B, after the verdicts: what is left of each, what it says it bills (quantity × price × its own
-- days), and whether its amount follows from what it says.
with lines as (

    select
        lines.* replace (
            case when lines.is_posted then lines.net_amount else 0 end as net_amount,
            case when lines.is_posted then lines.contract_amount else 0 end as contract_amount
        ),
        verdicts.class_code as removed_class,
        coalesce(verdicts.removed_amount, 0) as removed_amount
    from {{ ref('int_invoice__lines') }} as lines
    left join {{ ref('int_invoice__verdicts') }} as verdicts
        on lines.company_id = verdicts.company_id
        and lines.invoice_id = verdicts.invoice_id
        and lines.line_no = verdicts.line_no
    where lines.is_in_period and (lines.is_posted or verdicts.class_code = 'TX06')

),

anniversaries as (

    select
        unit_id,
        max(anniversary_day) as anniversary_day,
        min(covered_from) as expected_from,
        max(covered_to) as expected_to
    from {{ ref('int_expected__coverage') }}
    where not is_correction
    group by unit_id

),

kept as (

    select
        lines.* exclude (covered_from, covered_to),
        lines.net_amount - lines.removed_amount as kept_amount,
        coalesce(anniversaries.anniversary_day, 1) as anniversary_day,
        -- A line without a period bills whatever days are due.
        coalesce(lines.covered_from, anniversaries.expected_from, {{ period_start() }}) as covered_from,
        coalesce(lines.covered_to, anniversaries.expected_to, {{ period_end() }} + 1) as covered_to,
        coalesce(subscriptions.price_months, 1) as price_months,
        currencies.subunit,
        dollars.units_per_usd
    from lines
    left join anniversaries on lines.unit_id = anniversaries.unit_id
    left join {{ ref('int_contract__subscriptions') }} as subscriptions on lines.subscription_id = subscriptions.subscription_id
    left join {{ ref('currencies') }} as currencies on lines.currency = currencies.currency
    left join {{ ref('int_fx__usd') }} as dollars on lines.currency = dollars.currency and lines.issue_date = dollars.on_date

),

covered as (

    select
        *,
        {{ month_ticks('covered_to', 'anniversary_day') }} - {{ month_ticks('covered_from', 'anniversary_day') }} as ticks,
        {{ decimal_divide(decimal_multiply('unit_price', '1 - discount_pct * 0.01'), 'rate * price_months') }} as price,
        case
            when removed_amount = 0 then contract_amount
            else {{ decimal_divide('kept_amount', 'rate') }}
        end as kept_contract_amount
    from kept

),

stated as (

    select
        *,
        {{ for_ticks('quantity * price', 'ticks') }} as stated_amount
    from covered

),

-- What a line may be off by its own rounding: one subunit, or for each unit half of the last decimal of its price. Zeros
-- at the end are not kept from the file, so that no price counts as written more coarsely than its currency.
bounded as (

    select
        *,
        greatest(subunit, {{ decimal_multiply('abs(quantity)', 'least(' ~ half_of_last_decimal('unit_price') ~ ', subunit * 0.5)') }})
            as rounding_bound
    from stated

)

select
    * exclude (status, is_posted, is_rejected, is_in_period, override_reason, unit_price, price_months),
    {{ decimal_multiply('kept_contract_amount', 'expected_rate') }} as expected_rate_amount,
    abs({{ decimal_multiply('kept_contract_amount - stated_amount', 'rate') }}) <= rounding_bound as is_consistent
from bounded
