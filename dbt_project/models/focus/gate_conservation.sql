-- Rows and money on each floor, per delivery, provider, invoice and currency: Σ raw = Σ staging = Σ focus, to the last decimal.
-- A row of the file is counted once on the focus floor, however many charges it became. Azure's daily usage is compared with
-- its own charges; `is_counted` says whether they are among all charges, or only detail of a delivered invoice.
with staging_totals as (

    {{ file_totals('microsoft_csp_invoice', ref('stg_microsoft_csp_invoice__lines'), "'microsoft'", 'invoice_id', 'currency',
        'sum(net_cost) + sum(tax_cost)') }}
    union all
    {{ file_totals('microsoft_csp_usage', ref('stg_microsoft_csp_usage__lines'), "'microsoft'", 'invoice_id', 'currency',
        'sum(net_cost)') }}
    union all
    {{ file_totals('aws_cur', ref('stg_aws_cur__lines'), "'aws'", 'invoice_id', 'currency', 'sum(unblended_cost)') }}
    union all
    {{ gcp_file_totals(ref('stg_gcp_billing__lines')) }}
    union all
    {{ file_totals('focus', ref('stg_focus__lines'), 'lower(provider_name)', 'invoice_id', 'billing_currency', 'sum(billed_cost)') }}
    union all
    {{ file_totals('vendor', ref('stg_vendor__licence_charges'), 'lower(vendor)', 'invoice_id', 'currency', 'sum(amount)') }}

),

delivered as (

    select
        'raw' as floor,
        *
    from {{ ref('gate_raw_totals') }}
    union all
    select
        'staging' as floor,
        *
    from staging_totals

),

named as (

    select
        delivered.floor,
        delivered.close_period,
        delivered.source,
        delivered.delivery_sha256,
        case when delivered.source = 'focus' then providers.provider else delivered.provider_word end as provider,
        delivered.invoice_id,
        delivered.billing_currency,
        delivered.line_count,
        delivered.line_total
    from delivered
    left join {{ ref('focus_providers') }} as providers
        on delivered.source = 'focus' and delivered.provider_word = lower(providers.provider_name)

),

focus_charges as (

    select
        charge_id,
        close_period,
        source,
        delivery_sha256,
        provider,
        invoice_id,
        billing_currency,
        billed_cost
    from {{ ref('int_focus__charges') }}
    where source <> 'microsoft_csp_usage'
    union all
    select
        charge_id,
        close_period,
        source,
        delivery_sha256,
        provider,
        invoice_id,
        billing_currency,
        billed_cost
    from {{ ref('int_focus__azure_usage_detail') }}

),

all_floors as (

    select * from named
    union all
    select
        'focus' as floor,
        close_period,
        source,
        delivery_sha256,
        provider,
        invoice_id,
        billing_currency,
        -- The line itself is named content-ordinal; its tax, margin and credits carry a third part.
        sum(case when charge_id not like '%-%-%' then 1 else 0 end) as line_count,
        sum(billed_cost) as line_total
    from focus_charges
    group by all

)

select
    close_period,
    source,
    delivery_sha256,
    provider,
    invoice_id,
    billing_currency,
    cast(sum(case floor when 'raw' then line_count else 0 end) as bigint) as raw_rows,
    cast(sum(case floor when 'staging' then line_count else 0 end) as bigint) as staging_rows,
    cast(sum(case floor when 'focus' then line_count else 0 end) as bigint) as focus_rows,
    cast(sum(case floor when 'raw' then line_total else 0 end) as decimal(38, 12)) as raw_total,
    cast(sum(case floor when 'staging' then line_total else 0 end) as decimal(38, 12)) as staging_total,
    cast(sum(case floor when 'focus' then line_total else 0 end) as decimal(38, 12)) as focus_total,
    source <> 'microsoft_csp_usage' or not exists (select 1 from {{ ref('stg_microsoft_csp_invoice__lines') }}) as is_counted
from all_floors
group by close_period, source, delivery_sha256, provider, invoice_id, billing_currency
