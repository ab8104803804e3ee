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
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale

from source
