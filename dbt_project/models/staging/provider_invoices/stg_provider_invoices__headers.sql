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
    {{ provenance() }}

from source
