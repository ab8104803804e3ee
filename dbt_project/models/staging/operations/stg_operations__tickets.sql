-- One support ticket.
with source as (

    select * from {{ source('operations', 'tickets') }}

)

select
    ticket_id,
    customer_id,
    subscription_id,
    priority,
    kind,
    created_at,
    first_response_at,
    resolved_at,
    reopened_count,
    paused_minutes,
    sla_response_minutes,
    sla_resolution_minutes,
    status,

    ---------- provenance
    {{ provenance() }}

from source
