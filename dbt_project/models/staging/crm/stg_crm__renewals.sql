-- One renewal decision.
with source as (

    select * from {{ source('crm', 'renewals') }}

)

select
    subscription_id,
    customer_id,
    renewal_due_date,
    mrr_due,
    currency,
    decision,
    decided_at,
    new_subscription_id,
    new_mrr,
    reason,

    ---------- provenance
    {{ provenance() }}

from source
