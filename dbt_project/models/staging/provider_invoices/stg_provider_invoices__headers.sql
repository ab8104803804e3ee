-- One invoice issued by a provider to the reseller.
with source as (

    select * from {{ source('provider_invoices', 'headers') }}

)

select
    provider,
    invoice_id,
    billing_account_id,
    issued_on,
    currency,
    net_total,
    tax_total,
    adjustments,
    total,
    due_on,

    ---------- provenance
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale

from source
