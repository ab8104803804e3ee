-- The invoice lines that make B, after the verdicts: what is left of each, what it says it bills (quantity × price × its own
-- days), and whether its amount follows from what it says.
with lines as (

    select *
    from {{ ref('int_invoice__lines') }}
    where is_posted and is_in_period

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
        verdicts.class_code as removed_class,
        coalesce(verdicts.removed_amount, 0) as removed_amount,
        lines.net_amount - coalesce(verdicts.removed_amount, 0) as kept_amount,
        coalesce(anniversaries.anniversary_day, 1) as anniversary_day,
        -- A line without a period bills whatever days are due.
        coalesce(lines.covered_from, anniversaries.expected_from, {{ period_start() }}) as covered_from,
        coalesce(lines.covered_to, anniversaries.expected_to, {{ period_end() }} + 1) as covered_to,
        coalesce(subscriptions.price_months, 1) as price_months,
        currencies.subunit,
        dollars.units_per_usd
    from lines
    left join {{ ref('int_invoice__verdicts') }} as verdicts
        on lines.company_id = verdicts.company_id
        and lines.invoice_id = verdicts.invoice_id
        and lines.line_no = verdicts.line_no
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

)

select
    * exclude (status, is_posted, is_in_period, override_reason, unit_price, price_months),
    {{ decimal_multiply('kept_contract_amount', 'expected_rate') }} as expected_rate_amount,
    -- One subunit of rounding for the line, or half a subunit for each prorated seat price.
    subunit * greatest(1, abs(quantity) * 0.5) as rounding_bound,
    abs({{ decimal_multiply('kept_contract_amount - stated_amount', 'rate') }}) <= subunit * greatest(1, abs(quantity) * 0.5)
        as is_consistent,
    unit_price % subunit = 0 as is_price_in_subunits
from stated
