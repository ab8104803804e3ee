{{ config(materialized='view', schema='reconciled') }}
-- The delivered lines of each provider invoice and currency beside their buckets and the invoice's header. The header's adjustments
-- are not among the lines (they are shown on the header alone), and not every report has tax lines: the lines' net is compared with
-- total − tax − adjustments, with the tax lines there are on both sides. Senders differ in what their net_total holds.
with delivered as (

    select
        close_period,
        provider,
        invoice_id,
        billing_currency as currency,
        sum(raw_rows) as line_count,
        sum(raw_total) as line_total
    from {{ ref('gate_conservation') }}
    where is_counted
    group by close_period, provider, invoice_id, billing_currency

),

charges as (

    select
        close_period,
        provider,
        invoice_id,
        billing_currency as currency,
        min(billing_account_id) as billing_account_id,
        count(distinct billing_account_id) as account_count,
        sum(billed_cost) as bucket_total,
        sum(case when charge_category = 'Tax' then billed_cost else 0 end) as tax_line_total,
        sum(case when bucket is null or bucket = 'UNEXPLAINED' then billed_cost else 0 end) as unexplained_total
    from {{ ref('fct_provider_charge') }}
    group by close_period, provider, invoice_id, billing_currency

),

lines as (

    select
        delivered.close_period,
        delivered.provider,
        delivered.invoice_id,
        delivered.currency,
        delivered.line_count,
        delivered.line_total,
        charges.bucket_total,
        charges.tax_line_total,
        charges.unexplained_total,
        charges.billing_account_id,
        charges.account_count = 1
        and count(delivered.invoice_id) over (partition by delivered.provider, delivered.currency) = 0 as names_no_invoice
    from delivered
    left join charges
        on delivered.close_period = charges.close_period
        and delivered.provider is not distinct from charges.provider
        and delivered.invoice_id is not distinct from charges.invoice_id
        and delivered.currency is not distinct from charges.currency

),

headers as (

    select
        close_period,
        lower(provider) as provider,
        invoice_id,
        currency,
        billing_account_id,
        total - coalesce(adjustments, 0) - tax_total as header_net,
        count(*) over (partition by lower(provider), billing_account_id, currency) as invoices_of_account
    from {{ ref('stg_provider_invoices__headers') }}
    where not is_stale

)

-- An export without invoice numbers (Google, FOCUS 1.0, a month that AWS has not closed) finds its header by the billing
-- account, where that account has a single invoice and no line of the provider names one.
select
    coalesce(lines.close_period, headers.close_period) as close_period,
    coalesce(lines.provider, headers.provider) as provider,
    coalesce(lines.invoice_id, case when lines.provider is null then headers.invoice_id end) as invoice_id,
    coalesce(lines.currency, headers.currency) as currency,
    coalesce(lines.line_count, 0) as line_count,
    case when lines.provider is null then 0 else lines.line_total end as line_total,
    headers.header_net + coalesce(lines.tax_line_total, 0) as header_total,
    case when lines.provider is null then 0 else lines.bucket_total end as bucket_total,
    case when lines.provider is null then 0 else lines.unexplained_total end as unexplained_total
from lines
full outer join headers
    on lines.provider = headers.provider
    and lines.currency = headers.currency
    and (
        lines.invoice_id = headers.invoice_id
        or (lines.names_no_invoice and lines.billing_account_id = headers.billing_account_id and headers.invoices_of_account = 1)
    )
