-- Every ERP line in one bucket, document by document: drafts and cancelled documents, other months, and this month's units.
-- A header that does not add up to its lines is explained when a finding names the document (BL05); headers are compared in
-- the month of issue and in the months that they bill. A rejected document is no document.
with lines as (

    select
        lines.company_id,
        lines.invoice_id,
        lines.currency,
        lines.line_no,
        lines.net_amount,
        lines.is_in_period,
        case
            when not lines.is_posted then 'NOT_POSTED'
            when not lines.is_in_period then 'TIMING'
            else classes.bucket
        end as bucket
    from {{ ref('int_invoice__lines') }} as lines
    left join {{ ref('int_unit__classes') }} as classes on lines.unit_id = classes.unit_id

),

explained as (

    select distinct evidence_key as document
    from {{ ref('int_leak__bl05_lost_line') }}

),

headers as (

    select
        company_id,
        invoice_id,
        currency,
        date_trunc('month', issue_date) = {{ period_start() }} as is_issued_in_period,
        status = 'posted' and not coalesce(legal_status in ('rejected', 'annulled'), false) as is_in_force,
        case when doc_class in ('invoice', 'debit_note') then net_amount else -net_amount end as header_total
    from {{ ref('stg_erp__invoices') }}

),

summed as (

    select
        headers.company_id,
        headers.invoice_id,
        headers.currency,
        headers.is_in_force and (headers.is_issued_in_period or coalesce(bool_or(lines.is_in_period), false)) as is_header_judged,
        count(lines.line_no) as line_count,
        coalesce(sum(lines.net_amount), 0) as line_total,
        max(headers.header_total) as header_total,
        coalesce(sum(case when lines.bucket is not null and lines.bucket <> 'UNEXPLAINED' then lines.net_amount else 0 end), 0) as bucket_total
    from headers
    left join lines on headers.company_id = lines.company_id and headers.invoice_id = lines.invoice_id
    group by headers.company_id, headers.invoice_id, headers.currency, headers.is_issued_in_period, headers.is_in_force

)

select
    '{{ var("close_period") }}' as close_period,
    'erp' as side,
    summed.company_id as provider,
    summed.invoice_id,
    summed.currency,
    summed.line_count,
    summed.line_total,
    summed.header_total,
    summed.bucket_total,
    summed.line_total - summed.bucket_total as unexplained_total,
    currencies.subunit * greatest(summed.line_count, 1) as tolerance,
    summed.line_total = summed.bucket_total
    and (
        not summed.is_header_judged
        or abs(summed.header_total - summed.line_total) <= currencies.subunit * greatest(summed.line_count, 1)
        or explained.document is not null
    ) as is_conserved
from summed
left join {{ ref('currencies') }} as currencies on summed.currency = currencies.currency
left join explained on summed.company_id || ':' || summed.invoice_id = explained.document
