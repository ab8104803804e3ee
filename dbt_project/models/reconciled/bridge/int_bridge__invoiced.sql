-- B of each unit, in the currency of its main document: the sums of its lines, the rate that is expected of them and what their
-- currency is worth in dollars. Of documents of several days both rates are means, each document with the weight of what it
-- bills, so that R and every term are worth what each document was worth on its own day.
with lines as (

    select * from {{ ref('int_bridge__lines') }}

),

main_documents as (

    select * from {{ ref('int_bridge__main_documents') }}

),

-- A line in another currency than the unit's counts at the expected rates of both.
counted as (

    select
        lines.*,
        lines.currency <> main.currency as is_foreign,
        case when lines.currency = main.currency then lines.expected_rate else main.expected_rate end as rate_to_unit,
        case when lines.currency = main.currency then lines.net_amount
            else {{ decimal_multiply('lines.contract_amount', 'main.expected_rate') }}
        end as net_in_unit,
        case when lines.currency = main.currency then lines.kept_amount
            else {{ decimal_multiply('lines.kept_contract_amount', 'main.expected_rate') }}
        end as kept_in_unit,
        case when lines.currency = main.currency then lines.expected_rate_amount
            else {{ decimal_multiply('lines.kept_contract_amount', 'main.expected_rate') }}
        end as expected_rate_in_unit,
        case when lines.kept_amount <> 0 then {{ decimal_divide('lines.expected_rate_amount', 'lines.units_per_usd') }} end
            as expected_rate_usd
    from lines
    inner join main_documents as main on lines.unit_id = main.unit_id

),

summed as (

    select
        unit_id,
        count(*) as line_count,
        sum(net_in_unit) as invoiced_amount,
        sum(kept_in_unit) as kept_amount,
        sum(kept_contract_amount) as kept_contract_amount,
        sum(expected_rate_in_unit) as kept_at_expected_rate,
        bool_or(sign < 0 and applies_to_invoice_id is not null) as has_voided,
        bool_or(override_user is not null) as has_override,
        count_if(rate is null) > 0 as is_unrated,
        bool_or(fx_class = 'FX03') as has_no_rate,
        max(case when fx_class = 'FX06' and rate < expected_rate then {{ decimal_divide('expected_rate', 'rate') }} else 1 end)
            as rate_scale,
        count_if(doc_class <> 'invoice' and kept_amount <> 0) > 0 as has_notes,
        bool_and(abs(quantity) = 1) as is_billed_as_one,
        sum(rounding_bound) as rounding_bound,
        max(rate) as used_rate,
        -- a document without a rate to the dollar makes the sum unknown, not smaller
        case when count(*) = count(units_per_usd) then sum({{ decimal_divide('net_amount', 'units_per_usd') }}) end as invoiced_usd,
        sum(expected_rate_usd) as expected_rate_usd,
        min(case when kept_amount <> 0 then rate_to_unit end) as lowest_rate,
        max(case when kept_amount <> 0 then rate_to_unit end) as highest_rate,
        min(case when kept_amount <> 0 then units_per_usd end) as lowest_units,
        max(case when kept_amount <> 0 then units_per_usd end) as highest_units,
        count_if(is_foreign) = 0 as has_one_currency
    from counted
    group by unit_id

),

means as (

    select
        *,
        case when lowest_rate < highest_rate then {{ decimal_divide('kept_at_expected_rate', 'kept_contract_amount') }} end as mean_rate,
        case when lowest_units < highest_units or not has_one_currency
                then {{ decimal_divide('kept_at_expected_rate', 'expected_rate_usd') }}
        end as mean_units
    from summed

)

select
    means.unit_id,
    means.line_count,
    means.invoiced_amount,
    means.kept_amount,
    means.kept_contract_amount,
    means.kept_at_expected_rate,
    means.has_voided,
    means.has_override,
    means.is_unrated,
    means.has_no_rate,
    means.rate_scale,
    means.has_notes,
    means.is_billed_as_one,
    means.rounding_bound,
    means.used_rate,
    means.invoiced_usd,
    -- Documents that take each other back bill nothing, and their mean is no rate: the main document's stands.
    case
        when means.lowest_rate = means.highest_rate then means.lowest_rate
        when means.mean_rate between means.lowest_rate and means.highest_rate then means.mean_rate
        else main.expected_rate
    end as expected_rate,
    case
        when means.lowest_units = means.highest_units and means.has_one_currency then means.lowest_units
        when means.mean_units between means.lowest_units and means.highest_units and means.has_one_currency then means.mean_units
        when not means.has_one_currency and means.mean_units > 0 then means.mean_units
        else main.units_per_usd
    end as units_per_usd
from means
inner join main_documents as main on means.unit_id = main.unit_id
