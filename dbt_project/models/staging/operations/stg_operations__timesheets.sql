-- Hours of one engineer team on one own service on one day.
with source as (

    select * from {{ source('operations', 'timesheets') }}

)

select
    timesheet_id,
    customer_id,
    subscription_id,
    worked_on,
    hours,
    hourly_rate,
    currency,
    billable,

    ---------- provenance
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale

from source
