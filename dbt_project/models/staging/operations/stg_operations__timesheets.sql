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
    {{ provenance() }}

from source
