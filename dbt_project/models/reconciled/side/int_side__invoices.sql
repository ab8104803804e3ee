-- Each provider invoice header beside the lines delivered for it, in the header's currency.
with headers as (

    select * from {{ ref('stg_provider_invoices__headers') }}

),

lines as (

    select
        provider,
        invoice_id,
        billing_currency as currency,
        count(*) as line_count,
        sum(billed_cost) as line_total
    from {{ ref('int_focus__charges') }}
    where invoice_id is not null
    group by provider, invoice_id, billing_currency

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
    coalesce(headers.adjustments, 0) as adjustments,
    coalesce(lines.line_count, 0) as line_count,
    coalesce(lines.line_total, 0) as line_total,
    headers.total - coalesce(headers.adjustments, 0) - coalesce(lines.line_total, 0) as missing_amount,
    -- FOCUS 1.4, Invoice Detail: max(100 × subunit, sqrt(rows) × 0.5 × subunit)
    greatest(
        bounds.fixed_subunits * currencies.subunit,
        cast(sqrt(coalesce(lines.line_count, 0)) as decimal(18, 6)) * bounds.growing_subunits * currencies.subunit
    ) as tolerance,
    usd.units_per_usd
from headers
inner join {{ ref('currencies') }} as currencies on headers.currency = currencies.currency
cross join bounds
left join lines
    on lower(headers.provider) = lines.provider
    and headers.invoice_id = lines.invoice_id
    and headers.currency = lines.currency
left join {{ ref('int_fx__usd') }} as usd
    on headers.currency = usd.currency and usd.on_date = {{ period_end() }}
