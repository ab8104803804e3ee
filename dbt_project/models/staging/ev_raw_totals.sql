-- Rows and money of every delivered provider file, per invoice and currency, in the sender's own columns: the first floor of
-- the evidence that nothing was lost on the way down. Tax and credits count, as they do in the charges.
select
    _close_period as close_period,
    'microsoft_csp_invoice' as source,
    _delivery_sha256 as delivery_sha256,
    'microsoft' as provider_word,
    invoice_number as invoice_id,
    currency as billing_currency,
    count(*) as line_count,
    sum(subtotal) + sum(tax_total) as line_total
from {{ source('microsoft_csp_invoice', 'lines') }}
group by all

union all

select
    _close_period as close_period,
    'microsoft_csp_usage' as source,
    _delivery_sha256 as delivery_sha256,
    'microsoft' as provider_word,
    invoice_number as invoice_id,
    billing_currency as billing_currency,
    count(*) as line_count,
    sum(billing_pre_tax_total) as line_total
from {{ source('microsoft_csp_usage', 'lines') }}
group by all

union all

select
    _close_period as close_period,
    'aws_cur' as source,
    _delivery_sha256 as delivery_sha256,
    'aws' as provider_word,
    bill_invoice_id as invoice_id,
    line_item_currency_code as billing_currency,
    count(*) as line_count,
    sum(line_item_unblended_cost) as line_total
from {{ source('aws_cur', 'lines') }}
group by all

union all

select
    _close_period as close_period,
    'gcp_billing' as source,
    _delivery_sha256 as delivery_sha256,
    'gcp' as provider_word,
    cast(null as string) as invoice_id,
    currency as billing_currency,
    count_if(part.name = '') as line_count,
    sum(part.cost) as line_total
from (
    select _close_period, _delivery_sha256, currency, {{ gcp_line_parts('cost', 'credits') }} as part
    from {{ source('gcp_billing', 'lines') }}
) as parts
group by all

union all

select
    _close_period as close_period,
    'focus' as source,
    _delivery_sha256 as delivery_sha256,
    lower(provider_name) as provider_word,
    invoice_id as invoice_id,
    billing_currency as billing_currency,
    count(*) as line_count,
    sum(billed_cost) as line_total
from {{ source('focus', 'lines') }}
group by all

union all

select
    _close_period as close_period,
    'vendor' as source,
    _delivery_sha256 as delivery_sha256,
    lower(vendor) as provider_word,
    invoice_id as invoice_id,
    currency as billing_currency,
    count(*) as line_count,
    sum(amount) as line_total
from {{ source('vendor', 'licence_charges') }}
group by all
