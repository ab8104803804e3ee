-- The invoice lines that make B, after the verdicts: what is left of each, what it says it bills (quantity × price × its own
-- days), and whether its amount follows from what it says.
with expected_days as (

    select
        unit_id,
        max(anniversary_day) as anniversary_day,
        min(covered_from) as covered_from,
        max(covered_to) as covered_to
    from {{ ref('int_expected__coverage') }}
    where not is_correction
    group by unit_id

),

-- A document that the authority rejected bills nothing, and is compared all the same: the verdict takes its amount back.
judged as (

    select
        lines.*,
        case when lines.is_posted then lines.net_amount else 0 end as posted_amount,
        case when lines.is_posted then lines.contract_amount else 0 end as posted_contract_amount,
        verdicts.class_code as removed_class,
        coalesce(verdicts.removed_amount, 0) as removed_amount,
        coalesce(expected_days.anniversary_day, 1) as anniversary_day,
        -- A line without a period bills whatever days are due.
        coalesce(lines.covered_from, expected_days.covered_from, {{ period_start() }}) as billed_from,
        coalesce(lines.covered_to, expected_days.covered_to, {{ period_end() }} + 1) as billed_to,
        coalesce(subscriptions.price_months, 1) as price_months,
        currencies.subunit,
        dollars.units_per_usd
    from {{ ref('int_invoice__lines') }} as lines
    left join {{ ref('int_invoice__verdicts') }} as verdicts
        on lines.company_id = verdicts.company_id
        and lines.invoice_id = verdicts.invoice_id
        and lines.line_no = verdicts.line_no
    left join expected_days on lines.unit_id = expected_days.unit_id
    left join {{ ref('int_contract__subscriptions') }} as subscriptions on lines.subscription_id = subscriptions.subscription_id
    left join {{ ref('currencies') }} as currencies on lines.currency = currencies.currency
    left join {{ ref('int_fx__usd') }} as dollars on lines.currency = dollars.currency and lines.issue_date = dollars.on_date
    where lines.is_in_period and (lines.is_posted or verdicts.class_code = 'TX06')

),

priced as (

    select
        *,
        posted_amount - removed_amount as kept_amount,
        case
            when removed_amount = 0 then posted_contract_amount
            else {{ decimal_divide('posted_amount - removed_amount', 'rate') }}
        end as kept_contract_amount,
        {{ month_ticks('billed_to', 'anniversary_day') }} - {{ month_ticks('billed_from', 'anniversary_day') }} as ticks,
        {{ decimal_divide(decimal_multiply('unit_price', '1 - discount_pct * 0.01'), 'rate * price_months') }} as price
    from judged

),

-- What a line may be off by its own rounding: one subunit, or for each unit half of the last decimal of its price. Zeros
-- at the end are not kept from the file, so that no price counts as written more coarsely than its currency.
stated as (

    select
        *,
        {{ for_ticks('quantity * price', 'ticks') }} as stated_amount,
        greatest(subunit, {{ decimal_multiply('abs(quantity)', 'least(' ~ half_of_last_decimal('unit_price') ~ ', subunit * 0.5)') }})
            as rounding_bound
    from priced

)

select
    company_id,
    invoice_id,
    line_no,
    doc_class,
    issue_date,
    applies_to_invoice_id,
    override_user,
    unit_id,
    unit_kind,
    subscription_id,
    customer_id,
    country,
    product_code,
    sign,
    quantity,
    price,
    discount_pct,
    billed_from as covered_from,
    billed_to as covered_to,
    anniversary_day,
    ticks,
    currency,
    fx_class,
    rate,
    expected_rate,
    units_per_usd,
    posted_amount as net_amount,
    posted_contract_amount as contract_amount,
    removed_class,
    removed_amount,
    kept_amount,
    kept_contract_amount,
    {{ decimal_multiply('kept_contract_amount', 'expected_rate') }} as expected_rate_amount,
    stated_amount,
    rounding_bound,
    abs({{ decimal_multiply('kept_contract_amount - stated_amount', 'rate') }}) <= rounding_bound as is_consistent
from stated
