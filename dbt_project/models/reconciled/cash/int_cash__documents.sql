-- What was settled on each customer document by the last day of the month being closed: money, documented deductions, and
-- settlements without money. Where no payments were delivered at all, cash is unknown, not zero.
with documents as (

    select * from {{ ref('stg_erp__invoices') }}

),

delivered as (

    select (select count(*) from {{ ref('stg_erp__payments') }}) + (select count(*) from {{ ref('stg_erp__payment_applications') }}) > 0
        as is_judged

),

settled as (

    select
        company_id,
        invoice_id,
        sum(case when counts_as = 'cash' then amount else 0 end) as cash_amount,
        sum(case when is_documented_deduction then amount else 0 end) as documented_deduction_amount,
        sum(case when counts_as = 'deduction' then amount else 0 end) as deduction_amount,
        sum(case when counts_as = 'settlement' then amount else 0 end) as settlement_amount,
        sum(case when kind = 'credit_note' then amount else 0 end) as credited_amount,
        sum(amount) as applied_amount,
        sum(case when is_collected and is_in_month then amount else 0 end) as collected_in_month,
        max(case when counts_as = 'cash' then applied_on end) as last_cash_on
    from {{ ref('int_cash__applications') }}
    group by company_id, invoice_id

),

-- A posted credit note lowers what is owed whether or not the ledger has applied it yet; never both times.
credited as (

    select
        company_id,
        applies_to_invoice_id as invoice_id,
        sum(total_amount) as credited_amount
    from documents
    where doc_class in ('credit_note', 'cancellation')
        and status = 'posted'
        and applies_to_invoice_id is not null
        and issue_date <= {{ period_end() }}
    group by company_id, applies_to_invoice_id

),

usd as (

    select * from {{ ref('int_fx__usd') }}

),

counted as (

    select
        documents.company_id,
        documents.invoice_id,
        documents.doc_class,
        documents.status,
        coalesce(documents.legal_status in ('rejected', 'annulled'), false) as is_rejected,
        documents.customer_id,
        documents.country,
        documents.currency,
        documents.issue_date,
        documents.due_date,
        documents.net_amount,
        documents.total_amount,
        delivered.is_judged,
        case when delivered.is_judged then coalesce(settled.cash_amount, 0) end as cash_amount,
        case when delivered.is_judged then coalesce(settled.documented_deduction_amount, 0) end as documented_deduction_amount,
        case when delivered.is_judged then coalesce(settled.deduction_amount, 0) end as deduction_amount,
        case when delivered.is_judged then coalesce(settled.settlement_amount, 0) end as settlement_amount,
        case when delivered.is_judged then coalesce(settled.collected_in_month, 0) end as collected_in_month,
        case
            when delivered.is_judged then
                documents.total_amount - coalesce(settled.applied_amount, 0) + coalesce(settled.credited_amount, 0)
                - greatest(coalesce(settled.credited_amount, 0), coalesce(credited.credited_amount, 0))
        end as open_amount,
        coalesce(settled.applied_amount, 0) <> 0 as has_applications,
        settled.last_cash_on,
        coalesce(usd_that_day.units_per_usd, usd_at_the_end.units_per_usd) as units_per_usd
    from documents
    cross join delivered
    left join settled
        on documents.company_id = settled.company_id and documents.invoice_id = settled.invoice_id
    left join credited
        on documents.company_id = credited.company_id and documents.invoice_id = credited.invoice_id
    left join usd as usd_that_day
        on documents.currency = usd_that_day.currency and documents.issue_date = usd_that_day.on_date
    left join usd as usd_at_the_end
        on documents.currency = usd_at_the_end.currency and usd_at_the_end.on_date = {{ period_end() }}

)

select
    *,
    cash_amount + documented_deduction_amount as collected_amount,
    {{ net_of_tax('cash_amount + documented_deduction_amount') }} as collected_net,
    {{ net_of_tax('collected_in_month') }} as collected_in_month_net,
    -- Money given back (cash on a credit note) is negative in dollars, which are added up over documents of every class.
    {% for view in ['collected_net', 'collected_in_month_net'] %}
        {{ decimal_divide("case when doc_class in ('invoice', 'debit_note') then 1 else -1 end * " ~ view, 'units_per_usd') }}
            as {{ 'collected_usd' if loop.first else 'collected_in_month_usd' }},
    {% endfor %}
    case when open_amount <= 0 then {{ days_between('issue_date', 'last_cash_on') }} end as days_to_cash,
    {{ days_between('due_date', period_end()) }} as days_past_due
from counted
