-- BL05, a line lost in aggregation: the header of a document does not add up to its lines. Judged are the documents that bill
-- this month, whenever they were issued, and those issued in it.
with documents as (

    select * from {{ ref('int_cash__documents') }}

),

lines as (

    select
        company_id,
        invoice_id,
        count(*) as line_count,
        sum(net_amount) as net_amount,
        min(subscription_id) as subscription_id,
        count(distinct subscription_id) as subscription_count,
        bool_or(date_trunc('month', period_from) = {{ period_start() }}) as bills_this_month
    from {{ ref('stg_erp__invoice_lines') }}
    group by company_id, invoice_id

),

compared as (

    select
        documents.*,
        lines.line_count,
        lines.net_amount as line_total,
        case when lines.subscription_count = 1 then lines.subscription_id end as subscription_id,
        case when documents.doc_class in ('credit_note', 'cancellation') then -1 else 1 end
        * (lines.net_amount - documents.net_amount) as amount,
        currencies.subunit * lines.line_count as allowed
    from documents
    inner join lines on documents.company_id = lines.company_id and documents.invoice_id = lines.invoice_id
    inner join {{ ref('currencies') }} as currencies on documents.currency = currencies.currency
    where documents.status = 'posted'
        and not documents.is_rejected
        and (coalesce(lines.bills_this_month, false) or documents.issue_date between {{ period_start() }} and {{ period_end() }})

),

found as (

    select
        '{{ var("close_period") }}' as close_period,
        'BL05' as class_code,
        country,
        customer_id,
        subscription_id,
        invoice_id,
        amount,
        currency,
        {{ decimal_divide('amount', 'units_per_usd') }} as amount_usd,
        false as is_bridge,
        {{ evidence({
            'header_net_amount': 'net_amount', 'line_total': 'line_total', 'line_count': 'line_count', 'allowed': 'allowed'
        }) }} as evidence,
        company_id || ':' || invoice_id as evidence_key
    from compared
    where abs(amount) > allowed

)

select {{ leak_columns('found', absent=[
    'unit_id', 'provider', 'product_code', 'provider_invoice_id', 'payment_id', 'evidence_charge_ids'
]) }}
from found
