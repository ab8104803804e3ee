-- One customer document, with the tax, rate and cash it should show beside those it shows.
with documents as (

    select
        *,
        status = 'posted' and coalesce(legal_status, '') not in ('rejected', 'annulled') as is_owed
    from {{ ref('stg_erp__invoices') }}

),

cash as (

    select * from {{ ref('int_cash__documents') }}

),

-- A document on contracts of several currencies has a rate for each: the first one in another currency than the document's.
rates as (

    select
        company_id,
        invoice_id,
        min_by(used_rate, contract_currency) as used_rate,
        min_by(expected_rate, contract_currency) as expected_rate
    from {{ ref('int_fx__expected') }}
    where contract_currency <> document_currency
    group by company_id, invoice_id

),

lines as (

    select
        company_id,
        invoice_id,
        max(period_to) as served_to,
        count_if(tax_rate_pct = 0) > 0 as has_untaxed_lines
    from {{ ref('stg_erp__invoice_lines') }}
    group by company_id, invoice_id

),

-- The general sales tax of a country on a day. Colombia may exclude cloud services, line by line: there an untaxed line makes
-- the whole expectation unknown.
taxes as (

    select
        country,
        rate,
        valid_from,
        valid_to
    from {{ ref('legal_overlay') }}
    where rule_code in ('IGV', 'IVA') and effect = 'add_to_invoice'

)

select
    '{{ var("close_period") }}' as close_period,
    documents.company_id,
    documents.invoice_id,
    -- The newest that this close knows; over several closes the release marks the newest of them (meta.newest_by).
    true as is_current,
    documents.doc_class,
    case when documents.doc_class in ('invoice', 'debit_note') then 1 else -1 end as sign,
    documents.status,
    documents.customer_id,
    documents.country,
    documents.issue_date,
    documents.due_date,
    documents.currency,
    documents.net_amount,
    documents.tax_amount,
    documents.total_amount,
    case
        when lines.has_untaxed_lines then null
        else cast(
                round({{ decimal_divide(decimal_multiply('documents.net_amount', 'taxes.rate'), 'currencies.subunit') }}, 0)
                * currencies.subunit as decimal(38, 12)
            )
    end as expected_tax_amount,
    documents.total_amount - cash.deduction_amount as expected_cash_amount,
    cash.cash_amount,
    cash.documented_deduction_amount,
    cash.collected_in_month as collected_in_month_amount,
    case when documents.is_owed then coalesce(cash.open_amount, documents.open_amount) else 0 end as open_amount,
    case
        when documents.is_owed
            and documents.doc_class in ('invoice', 'debit_note')
            and coalesce(cash.open_amount, documents.open_amount) > 0
            then greatest(cash.days_past_due, 0)
    end as days_overdue,
    cast({{ decimal_divide('documents.total_amount', 'cash.units_per_usd') }} as decimal(38, 12)) as total_usd,
    rates.used_rate as used_fx_rate,
    rates.expected_rate as expected_fx_rate,
    documents.legal_status,
    {{ days_between('lines.served_to', 'documents.issue_date') }} as days_to_issue,
    cash.days_to_cash
from documents
inner join cash on documents.company_id = cash.company_id and documents.invoice_id = cash.invoice_id
left join rates on documents.company_id = rates.company_id and documents.invoice_id = rates.invoice_id
left join lines on documents.company_id = lines.company_id and documents.invoice_id = lines.invoice_id
left join {{ ref('currencies') }} as currencies on documents.currency = currencies.currency
left join taxes
    on documents.country = taxes.country
    and documents.issue_date >= coalesce(taxes.valid_from, {{ long_ago() }})
    and documents.issue_date <= coalesce(taxes.valid_to, {{ far_ahead() }})
