-- What the documents of a unit say together: the main document (its currency is the unit's), the sums, the rate that is expected
-- of them and what their currency is worth in dollars. Of documents of several days both rates are means, each document with
-- the weight of what it bills, so that R and every term are worth what each document was worth on its own day.
with lines as (

    select * from {{ ref('int_bridge__lines') }}

),

main_documents as (

    select
        unit_id,
        arg_min(struct_pack(
            company_id := company_id, invoice_id := invoice_id, currency := currency,
            country := country, customer_id := customer_id, expected_rate := expected_rate, units_per_usd := units_per_usd,
            product_code := product_code, unit_kind := unit_kind
        ), (case when doc_class = 'invoice' and kept_amount <> 0 then 0 when doc_class = 'invoice' then 1 else 2 end, issue_date, company_id, invoice_id, line_no)) as main
    from lines
    group by unit_id

),

-- A line in another currency than the unit's counts at the expected rates of both.
counted as (

    select
        lines.*,
        main_documents.main,
        case when lines.currency = main.currency then lines.expected_rate else main.expected_rate end as rate_to_unit,
        case when lines.currency = main.currency then lines.net_amount
            else {{ decimal_multiply('lines.contract_amount', 'main.expected_rate') }} end as net_in_unit,
        case when lines.currency = main.currency then lines.kept_amount
            else {{ decimal_multiply('lines.kept_contract_amount', 'main.expected_rate') }} end as kept_in_unit,
        case when lines.currency = main.currency then lines.expected_rate_amount
            else {{ decimal_multiply('lines.kept_contract_amount', 'main.expected_rate') }} end as expected_rate_in_unit,
        case when lines.kept_amount <> 0 then {{ decimal_divide('lines.expected_rate_amount', 'lines.units_per_usd') }} end
            as expected_rate_usd
    from lines
    inner join main_documents on lines.unit_id = main_documents.unit_id

),

summed as (

    select
        unit_id,
        any_value(main) as main,
        count(*) as line_count,
        sum(net_in_unit) as invoiced_amount,
        sum(kept_in_unit) as kept_amount,
        sum(kept_contract_amount) as kept_contract_amount,
        sum(expected_rate_in_unit) as kept_at_expected_rate,
        sum(ticks * sign) as ticks,
        bool_or(sign < 0 and applies_to_invoice_id is not null) as has_voided,
        bool_or(override_user is not null) as has_override,
        count_if(rate is null) > 0 as is_unrated,
        bool_or(fx_class = 'FX03') as has_no_rate,
        max(case when fx_class = 'FX06' and rate < expected_rate then {{ decimal_divide('expected_rate', 'rate') }} else 1 end)
            as rate_scale,
        count_if(doc_class <> 'invoice' and kept_amount <> 0) > 0 as has_notes,
        bool_and(abs(quantity) = 1) as is_billed_as_one,
        sum(rounding_bound) as rounding_bound,
        -- a document without a rate to the dollar makes the sum unknown, not smaller
        case when count(*) = count(units_per_usd) then sum({{ decimal_divide('net_amount', 'units_per_usd') }}) end as invoiced_usd,
        sum(expected_rate_usd) as expected_rate_usd,
        min(case when kept_amount <> 0 then rate_to_unit end) as lowest_rate,
        max(case when kept_amount <> 0 then rate_to_unit end) as highest_rate,
        min(case when kept_amount <> 0 then units_per_usd end) as lowest_units,
        max(case when kept_amount <> 0 then units_per_usd end) as highest_units,
        count_if(currency <> main.currency) = 0 as has_one_currency
    from counted
    group by unit_id

),

means as (

    select
        *,
        case when lowest_rate < highest_rate then {{ decimal_divide('kept_at_expected_rate', 'kept_contract_amount') }} end as mean_rate,
        case when lowest_units < highest_units or not has_one_currency
            then {{ decimal_divide('kept_at_expected_rate', 'expected_rate_usd') }} end as mean_units
    from summed

)

select
    * exclude (
        lowest_rate, highest_rate, lowest_units, highest_units, mean_rate, mean_units, has_one_currency, expected_rate_usd
    ),
    -- Documents that take each other back bill nothing, and their mean is no rate: the main document's stands.
    case
        when lowest_rate = highest_rate then lowest_rate
        when mean_rate between lowest_rate and highest_rate then mean_rate
        else main.expected_rate
    end as expected_rate,
    case
        when lowest_units = highest_units and has_one_currency then lowest_units
        when mean_units between lowest_units and highest_units and has_one_currency then mean_units
        when not has_one_currency and mean_units > 0 then mean_units
        else main.units_per_usd
    end as units_per_usd
from means
