-- One customer account.
with source as (

    select * from {{ source('crm', 'customers') }}

)

select
    customer_id,
    customer_code,
    legal_name,
    country,
    fiscal_id,
    parent_customer_id,
    email_domain,
    segment,
    status,
    withholding_agent,
    owner,
    agreed_bank_fee,

    ---------- provenance
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale

from source
