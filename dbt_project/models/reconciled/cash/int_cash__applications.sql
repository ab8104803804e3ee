{{ config(materialized='view') }}
-- Each application of money or of a deduction that counts by the last day of the month being closed: no later one, and none
-- of a payment that was reversed. Collected is cash and every deduction whose paper is held.
with applications as (

    select * from {{ ref('stg_erp__payment_applications') }}

),

payments as (

    select * from {{ ref('stg_erp__payments') }}

),

kinds as (

    select * from {{ ref('application_kinds') }}

),

counted as (

    select
        applications.application_id,
        applications.payment_id,
        applications.company_id,
        applications.invoice_id,
        applications.kind,
        applications.applied_on,
        applications.amount,
        applications.applied_on >= {{ period_start() }} as is_in_month,
        kinds.counts_as,
        kinds.counts_as = 'deduction' and (not kinds.needs_certificate or applications.certificate_no is not null)
            as is_documented_deduction,
        payments.customer_id as paid_by_customer_id,
        payments.currency as paid_in_currency
    from applications
    inner join kinds on applications.kind = kinds.kind
    left join payments on applications.payment_id = payments.payment_id
    where applications.applied_on <= {{ period_end() }}
        and coalesce(payments.status, 'received') <> 'reversed'

)

select
    *,
    counts_as = 'cash' or is_documented_deduction as is_collected
from counted
