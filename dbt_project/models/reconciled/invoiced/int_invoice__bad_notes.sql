-- Every line of a credit note without, above or twice against its invoice (CR05, CR06), with the part that should not be there:
-- the whole line, or its share of what the note gives back too much.
with lines as (

    select *
    from {{ ref('int_invoice__lines') }}
    where is_posted and is_in_period

)

select
    lines.company_id,
    lines.invoice_id,
    lines.line_no,
    lines.unit_id,
    lines.contract_amount,
    lines.net_amount,
    bad.class_code,
    case
        when bad.excess_amount >= -sum(lines.net_amount) over (partition by lines.company_id, lines.invoice_id) then lines.net_amount
        else {{ decimal_multiply('-bad.excess_amount', decimal_divide(
            'lines.net_amount', 'sum(lines.net_amount) over (partition by lines.company_id, lines.invoice_id)'
        )) }}
    end as removed_amount
from lines
inner join {{ ref('int_credit__notes') }} as bad
    on lines.company_id = bad.company_id and lines.invoice_id = bad.invoice_id
where bad.class_code is not null
