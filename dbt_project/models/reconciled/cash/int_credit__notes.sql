-- Credit notes that give back more than they may: without an invoice (CR05), above what their invoice had left (CR05), or the
-- same note again (CR06). A note on an invoice that was not delivered cannot be judged and is left alone.
with notes as (

    select * from {{ ref('int_credit__repeats') }}

),

invoices as (

    select * from {{ ref('stg_erp__invoices') }} where doc_class in ('invoice', 'debit_note') and status = 'posted'

),

subunits as (

    select
        currency,
        subunit
    from {{ ref('currencies') }}

),

against_invoice as (

    select
        notes.*,
        invoices.net_amount as applies_to_net,
        invoices.net_amount - coalesce(sum(case when notes.is_duplicate then 0 else notes.net_amount end) over (
            partition by notes.company_id, notes.applies_to_invoice_id
            order by notes.issue_date, notes.invoice_id
            rows between unbounded preceding and 1 preceding
        ), 0) as left_to_credit
    from notes
    left join invoices
        on notes.company_id = invoices.company_id and notes.applies_to_invoice_id = invoices.invoice_id

),

measured as (

    select
        against_invoice.*,
        case
            when is_duplicate or applies_to_invoice_id is null then against_invoice.net_amount
            when applies_to_net is null then 0
            else greatest(against_invoice.net_amount - greatest(left_to_credit, 0), 0)
        end as excess,
        subunits.subunit
    from against_invoice
    inner join subunits on against_invoice.currency = subunits.currency

)

select
    company_id,
    invoice_id,
    customer_id,
    country,
    currency,
    issue_date,
    net_amount,
    applies_to_invoice_id,
    applies_to_net,
    left_to_credit,
    case when is_duplicate then first_of_its_kind end as duplicate_of_invoice_id,
    case
        when is_duplicate then 'CR06'
        when excess > case when applies_to_invoice_id is null then 0 else subunit end then 'CR05'
    end as class_code,
    case
        when is_duplicate or excess > case when applies_to_invoice_id is null then 0 else subunit end then excess
        else cast(0 as decimal(38, 12))
    end as excess_amount,
    case
        when is_duplicate then 'same note as another'
        when applies_to_invoice_id is null then 'no invoice named'
        when applies_to_net is null then 'its invoice was not delivered'
        when excess > subunit then 'above what its invoice had left'
        else 'within its invoice'
    end as reason
from measured
