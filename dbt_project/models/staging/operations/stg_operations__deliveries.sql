-- One delivery milestone.
with source as (

    select * from {{ source('operations', 'deliveries') }}

)

select
    delivery_id,
    contract_id,
    customer_id,
    subscription_id,
    milestone,
    planned_on,
    provisioned_at,
    delivered_at,
    accepted_at,
    acceptance_doc,
    training_done,
    billable_amount,
    currency,

    ---------- provenance
    {{ provenance() }}

from source
