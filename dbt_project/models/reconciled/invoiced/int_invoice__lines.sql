-- Every line of every customer document, signed, with the unit it is reconciled in, the days it covers, and its amount in the
-- contract's currency at the rate it used and at the rate it should have used.
with named as (

    select * from {{ ref('int_invoice__named') }}

),

subscriptions as (

    select * from {{ ref('int_contract__subscriptions') }}

),

own_products as (

    select distinct product_code from subscriptions where family = 'own_service'

),

placed as (

    select
        named.*,
        subscriptions.subscription_id,
        subscriptions.currency as contract_currency,
        case
            when subscriptions.subscription_id is not null then 'subscription'
            when own_products.product_code is not null then 'own_service'
            else 'orphan_invoice'
        end as unit_kind,
        case
            when subscriptions.subscription_id is not null then 'subscription:' || subscriptions.subscription_id
            else concat_ws(
                    ':', 'line', named.company_id, named.invoice_id, coalesce(named.named_subscription_id, named.product_code)
                )
        end as unit_id
    from named
    left join subscriptions on named.named_subscription_id = subscriptions.subscription_id
    left join own_products on named.product_code = own_products.product_code

),

-- Without a rate by the rule nothing can be judged: the document's own stands. Without a rate on the document (FX03) the
-- rule's stands, and the whole deviation shows in the price. Without either the line has no rate, and its unit is not judged.
rated as (

    select
        placed.*,
        rates.fx_class,
        coalesce(rates.rate_on, placed.issue_date) as rate_on,
        coalesce(
            rates.expected_rate,
            rates.used_rate,
            case when coalesce(placed.contract_currency, placed.currency) = placed.currency then 1 end
        ) as expected_rate,
        case
            when rates.fx_class in ('FX01', 'FX02', 'FX06') then rates.used_rate
            else coalesce(
                    rates.expected_rate,
                    rates.used_rate,
                    case when coalesce(placed.contract_currency, placed.currency) = placed.currency then 1 end
                )
        end as rate
    from placed
    left join {{ ref('int_fx__expected') }} as rates
        on placed.company_id = rates.company_id
        and placed.invoice_id = rates.invoice_id
        and placed.contract_currency = rates.contract_currency

)

select
    company_id,
    invoice_id,
    line_no,
    doc_class,
    status,
    status = 'posted' and not is_rejected and not takes_nothing_back as is_posted,
    is_rejected,
    date_trunc('month', coalesce(period_from, issue_date)) = {{ period_start() }} as is_in_period,
    unit_id,
    unit_kind,
    subscription_id,
    customer_id,
    country,
    product_code,
    currency,
    coalesce(contract_currency, currency) as contract_currency,
    issue_date,
    rate_on,
    applies_to_invoice_id,
    override_user,
    override_reason,
    sign,
    sign * quantity as quantity,
    unit_price,
    coalesce(discount_pct, 0) as discount_pct,
    sign * net_amount as net_amount,
    period_from as covered_from,
    coalesce(period_to, last_day(period_from)) + 1 as covered_to,
    fx_class,
    expected_rate,
    rate,
    {{ decimal_divide('sign * net_amount', 'rate') }} as contract_amount
from rated
