-- Each provider invoice header beside the lines delivered for it, in the header's currency. `total` is what is payable; lines are
-- compared without tax, because not every report has tax lines, with total − tax − adjustments. Nothing is concluded from
-- net_total: some senders hold the adjustments in it, some beside it.
with headers as (

    select
        *,
        count(*) over (partition by lower(provider), billing_account_id, currency) as invoices_of_account
    from {{ ref('stg_provider_invoices__headers') }}

),

lines as (

    select
        provider,
        invoice_id,
        billing_account_id,
        billing_currency as currency,
        count(*) as line_count,
        sum(case when charge_category = 'Tax' then 0 else billed_cost end) as line_total
    from {{ ref('int_focus__charges') }}
    group by provider, invoice_id, billing_account_id, billing_currency

),

numbered as (

    select
        provider,
        invoice_id,
        currency,
        sum(line_count) as line_count,
        sum(line_total) as line_total
    from lines
    where invoice_id is not null
    group by provider, invoice_id, currency

),

-- An export that numbers no invoice at all finds its header by the billing account, where that account has only one.
unnumbered as (

    select
        provider,
        billing_account_id,
        currency,
        sum(line_count) as line_count,
        sum(line_total) as line_total
    from lines
    group by provider, billing_account_id, currency
    having count(invoice_id) = 0

),

bounds as (

    select
        max(case when tolerance = 'header_subunits' then value end) as fixed_subunits,
        max(case when tolerance = 'header_sqrt_subunits' then value end) as growing_subunits
    from {{ ref('tolerances') }}

)

select
    lower(headers.provider) as provider,
    headers.invoice_id as provider_invoice_id,
    headers.billing_account_id,
    headers.issued_on,
    headers.currency,
    headers.net_total + headers.tax_total as stated_total,
    headers.total as header_total,
    headers.tax_total,
    coalesce(headers.adjustments, 0) as adjustments,
    coalesce(numbered.line_count, unnumbered.line_count, 0) as line_count,
    coalesce(numbered.line_total, unnumbered.line_total, 0) as line_total,
    headers.total
    - coalesce(headers.tax_total, 0)
    - coalesce(headers.adjustments, 0)
    - coalesce(numbered.line_total, unnumbered.line_total, 0) as missing_amount,
    -- FOCUS 1.4, Invoice Detail: max(100 × subunit, sqrt(rows) × 0.5 × subunit)
    greatest(
        bounds.fixed_subunits * currencies.subunit,
        cast(sqrt(coalesce(numbered.line_count, unnumbered.line_count, 0)) as decimal(18, 6)) * bounds.growing_subunits * currencies.subunit
    ) as tolerance,
    usd.units_per_usd
from headers
inner join {{ ref('currencies') }} as currencies on headers.currency = currencies.currency
cross join bounds
left join numbered
    on lower(headers.provider) = numbered.provider
    and headers.invoice_id = numbered.invoice_id
    and headers.currency = numbered.currency
left join unnumbered
    on numbered.invoice_id is null
    and headers.invoices_of_account = 1
    and lower(headers.provider) = unnumbered.provider
    and headers.billing_account_id = unnumbered.billing_account_id
    and headers.currency = unnumbered.currency
left join {{ ref('int_fx__usd') }} as usd
    on headers.currency = usd.currency and usd.on_date = {{ period_end() }}
