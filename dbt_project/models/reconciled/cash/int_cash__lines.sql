-- What came in on each document, given to its lines in proportion to their net amounts; the last line takes what rounding
-- leaves, so that the lines of a document hold all that came in on it, to the last decimal. Money given back (cash on a credit
-- note) is negative. A document without lines, or one that the ERP did not deliver, is a line of its own: its money belongs to
-- no unit and is counted all the same.
with received as (

    select
        company_id,
        invoice_id,
        customer_id,
        country,
        currency,
        case when doc_class in ('invoice', 'debit_note') then 1 else -1 end as sign,
        collected_in_month,
        collected_in_month_net,
        collected_in_month_usd,
        collected_amount,
        collected_net,
        collected_usd
    from {{ ref('int_cash__documents') }}
    where collected_amount <> 0 or collected_in_month <> 0

),

lines as (

    select
        received.company_id,
        received.invoice_id,
        lines.line_no,
        lines.unit_id,
        coalesce(units.country, received.country) as country,
        -- A unit's customer, also where the document names another (EX06): margin stands where cost and R stand.
        coalesce(units.customer_id, received.customer_id) as customer_id,
        coalesce(units.product_code, lines.product_code) as product_code,
        received.currency,
        coalesce(lines.is_posted and lines.is_in_period, false) as is_billed_in_month,
        lines.rate,
        received.sign * received.collected_in_month as in_month_amount,
        received.sign * received.collected_in_month_net as in_month_net,
        received.collected_in_month_usd as in_month_usd,
        received.sign * received.collected_amount as to_date_amount,
        received.sign * received.collected_net as to_date_net,
        received.collected_usd as to_date_usd,
        abs(lines.net_amount) as weight,
        sum(abs(lines.net_amount)) over document as document_weight,
        row_number() over (document order by lines.line_no) as place,
        count(*) over document as line_count
    from received
    left join {{ ref('int_invoice__lines') }} as lines
        on received.company_id = lines.company_id and received.invoice_id = lines.invoice_id
    left join {{ ref('int_bridge__units') }} as units on lines.unit_id = units.unit_id
    window document as (partition by received.company_id, received.invoice_id)

),

shared as (

    select
        *,
    {% for measure in ['in_month_amount', 'in_month_net', 'in_month_usd', 'to_date_amount', 'to_date_net', 'to_date_usd'] %}
        case
            when place = line_count or document_weight = 0 then 0
            else {{ decimal_multiply(measure, decimal_divide('weight', 'document_weight')) }}
        end as {{ measure }}_share{{ ',' if not loop.last }}
    {% endfor %}
    from lines

)

select
    company_id,
    invoice_id,
    line_no,
    unit_id,
    country,
    customer_id,
    product_code,
    currency,
    is_billed_in_month,
    rate,
{% for measure in ['in_month_amount', 'in_month_net', 'in_month_usd', 'to_date_amount', 'to_date_net', 'to_date_usd'] %}
    cast(case
        when place = line_count then {{ measure }} - sum({{ measure }}_share) over (partition by company_id, invoice_id)
        else {{ measure }}_share
        end as decimal(38, 12)) as {{ measure }}{{ ',' if not loop.last }}
{% endfor %}
from shared

union all

select
    company_id,
    invoice_id,
    null as line_no,
    null as unit_id,
    null as country,
    customer_id,
    null as product_code,
    currency,
    false as is_billed_in_month,
    null as rate,
    cast(in_month_amount as decimal(38, 12)) as in_month_amount,
    null as in_month_net,
    null as in_month_usd,
    cast(to_date_amount as decimal(38, 12)) as to_date_amount,
    null as to_date_net,
    null as to_date_usd
from {{ ref('int_cash__undelivered') }}
