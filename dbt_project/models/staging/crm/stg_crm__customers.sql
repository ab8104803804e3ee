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
    {{ provenance() }}

from source
