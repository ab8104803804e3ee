-- One external identity of one customer for one validity range.
with source as (

    select * from {{ source('crm', 'customer_xref') }}

)

select
    id_system,
    id_value,
    customer_id,
    valid_from,
    valid_to,
    match_method,
    approved_by,
    approved_at,

    ---------- provenance
    {{ provenance() }}

from source
