-- Documents on which money came and something is still open on the last day of the month: how much of it the banks kept on the
-- way, and whether it is time to call the rest short. An instalment before the due date is no short payment; a payment that
-- its customer calls final, and a document that the ERP has closed, are judged at once.
with documents as (

    select * from {{ ref('int_cash__documents') }}
    where is_judged
        and status = 'posted'
        and not is_rejected
        and doc_class in ('invoice', 'debit_note')
        and cash_amount > 0
        and open_amount > 0

),

cash as (

    select
        applications.company_id,
        applications.invoice_id,
        applications.payment_id,
        applications.amount,
        payments.currency,
        payments.is_final,
        payments.bank_fee_amount,
        sum(applications.amount) over (partition by applications.payment_id) as payment_applied
    from {{ ref('stg_erp__payment_applications') }} as applications
    inner join {{ ref('stg_erp__payments') }} as payments on applications.payment_id = payments.payment_id
    where applications.kind = 'cash' and applications.applied_on <= {{ period_end() }} and payments.status <> 'reversed'

),

-- A fee belongs to the documents that its payment pays, by what it pays of each.
fees as (

    select
        cash.company_id,
        cash.invoice_id,
        max(cash.payment_id) as payment_id,
        bool_or(coalesce(cash.is_final, false)) as is_final,
        count_if(cash.bank_fee_amount is not null) as fee_count,
        sum(case
            when cash.currency <> documents.currency or cash.bank_fee_amount is null then 0
            when cash.amount = cash.payment_applied then cash.bank_fee_amount
            else {{ decimal_divide(decimal_multiply('cash.bank_fee_amount', 'cash.amount'), 'cash.payment_applied') }}
        end) as bank_fee
    from cash
    inner join documents on cash.company_id = documents.company_id and cash.invoice_id = documents.invoice_id
    group by cash.company_id, cash.invoice_id

),

-- What was ever applied, also after the month: a document that the ERP shows without a balance although less came is closed.
applied as (

    select
        company_id,
        invoice_id,
        sum(amount) as amount
    from {{ ref('stg_erp__payment_applications') }}
    group by company_id, invoice_id

)

select
    documents.company_id,
    documents.invoice_id,
    documents.customer_id,
    documents.country,
    documents.currency,
    documents.units_per_usd,
    documents.due_date,
    documents.last_cash_on,
    documents.total_amount,
    documents.cash_amount,
    documents.deduction_amount,
    documents.settlement_amount,
    documents.open_amount,
    fees.payment_id,
    least(coalesce(fees.bank_fee, 0), documents.open_amount) as bank_fee,
    coalesce(fees.fee_count, 0) * coalesce(customers.agreed_bank_fee, 0) as agreed_fee,
    documents.open_amount - least(coalesce(fees.bank_fee, 0), documents.open_amount) as short_amount,
    coalesce(documents.due_date, documents.issue_date) < {{ period_end() }}
    or coalesce(fees.is_final, false)
    or coalesce(invoices.is_final, false)
    or coalesce(invoices.open_amount = 0 and applied.amount < documents.total_amount, false) as is_due
from documents
inner join {{ ref('stg_erp__invoices') }} as invoices
    on documents.company_id = invoices.company_id and documents.invoice_id = invoices.invoice_id
left join fees on documents.company_id = fees.company_id and documents.invoice_id = fees.invoice_id
left join applied on documents.company_id = applied.company_id and documents.invoice_id = applied.invoice_id
left join {{ ref('stg_crm__customers') }} as customers on documents.customer_id = customers.customer_id
