-- Every line of every customer document, signed, with the unit it is reconciled in, the days it covers, and its amount in the
-- contract's currency at the rate it used and at the rate it should have used. What the authority rejected or annulled was
-- never invoiced, and what takes back a document that was never invoiced takes nothing back.
with documents as (

    select
        own.*,
        case when own.doc_class in ('invoice', 'debit_note') then 1 else -1 end as sign,
        own.status = 'posted' and coalesce(own.legal_status in ('rejected', 'annulled'), false) as is_rejected,
        own.doc_class in ('credit_note', 'cancellation') and (
            coalesce(others.legal_status in ('rejected', 'annulled'), false)
            or (own.doc_class = 'cancellation' and coalesce(others.status <> 'posted', false))
        ) as takes_nothing_back
    from {{ ref('stg_erp__invoices') }} as own
    left join {{ ref('stg_erp__invoices') }} as others
        on own.company_id = others.company_id and own.applies_to_invoice_id = others.invoice_id

),

subscriptions as (

    select * from {{ ref('int_contract__subscriptions') }}

),

own_products as (

    select distinct product_code from subscriptions where family = 'own_service'

),

-- A note that names no subscription is about the only one of the document it applies to, if that has only one.
sole_subscriptions as (

    select
        company_id,
        invoice_id,
        min(subscription_id) as subscription_id
    from {{ ref('stg_erp__invoice_lines') }}
    group by company_id, invoice_id
    having count(distinct subscription_id) = 1 and count(*) = count(subscription_id)

),

headed as (

    select
        lines.*,
        documents.doc_class,
        documents.sign,
        documents.status,
        documents.is_rejected,
        documents.takes_nothing_back,
        documents.customer_id,
        documents.country,
        documents.currency,
        documents.issue_date,
        documents.applies_to_invoice_id,
        case when lines.subscription_id is null and documents.doc_class <> 'invoice' then documents.applies_to_invoice_id end
            as inherits_from_invoice_id
    from {{ ref('stg_erp__invoice_lines') }} as lines
    inner join documents on lines.company_id = documents.company_id and lines.invoice_id = documents.invoice_id

),

named as (

    select
        headed.*,
        coalesce(headed.subscription_id, sole_subscriptions.subscription_id) as named_subscription_id
    from headed
    left join sole_subscriptions
        on headed.company_id = sole_subscriptions.company_id
        and headed.inherits_from_invoice_id = sole_subscriptions.invoice_id

),

placed as (

    select
        named.* exclude (subscription_id),
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
