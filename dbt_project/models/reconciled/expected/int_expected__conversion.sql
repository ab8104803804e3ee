-- `contract_units` of the contract's currency are worth `provider_units` of the provider's, for every unit whose cost is in another
-- currency than its contract's: on the day of the document that bills the cost, each document its own share; on the month's
-- last day where nothing bills it. Second copies and notes that should not be there are no bill of anything. Two numbers and
-- not one rate, so that a cost taken there and back with the document comes back to the last decimal.
with costs as (

    select distinct
        charges.unit_id,
        charges.billing_currency,
        subscriptions.currency as contract_currency
    from {{ ref('int_charges__matched') }} as charges
    inner join {{ ref('int_contract__subscriptions') }} as subscriptions on charges.subscription_id = subscriptions.subscription_id
    where charges.charge_kind = 'cost' and charges.billing_currency <> subscriptions.currency

),

usd as (

    select * from {{ ref('int_fx__usd') }}

),

lines as (

    select
        unit_id,
        company_id,
        invoice_id,
        doc_class,
        rate_on,
        contract_amount,
        dense_rank() over (
            partition by
                unit_id, doc_class, customer_id, currency, product_code, covered_from, covered_to, quantity, unit_price,
                net_amount, applies_to_invoice_id
            order by issue_date, company_id, invoice_id
        ) as copy_number
    from {{ ref('int_invoice__lines') }}
    where is_posted and is_in_period and unit_id in (select unit_id from costs)

),

-- What each day's documents bill, in the contract's currency and, at that day's rate, in the provider's.
billed as (

    select
        costs.unit_id,
        costs.billing_currency,
        {{ decimal_divide('of_contract.units_per_usd', 'of_provider.units_per_usd') }} as rate,
        of_contract.units_per_usd as contract_units,
        of_provider.units_per_usd as provider_units,
        sum(lines.contract_amount) as contract_amount
    from costs
    inner join lines on costs.unit_id = lines.unit_id
    inner join usd as of_contract on costs.contract_currency = of_contract.currency and lines.rate_on = of_contract.on_date
    inner join usd as of_provider on costs.billing_currency = of_provider.currency and lines.rate_on = of_provider.on_date
    left join {{ ref('int_credit__notes') }} as notes
        on lines.company_id = notes.company_id and lines.invoice_id = notes.invoice_id
    where lines.copy_number = 1 and notes.class_code is null
    group by costs.unit_id, costs.billing_currency, of_contract.units_per_usd, of_provider.units_per_usd

),

shared as (

    select
        unit_id,
        billing_currency,
        min(rate) as lowest_rate,
        max(rate) as highest_rate,
        max_by(contract_units, rate) as contract_units,
        max_by(provider_units, rate) as provider_units,
        sum(contract_amount) as contract_amount,
        {{ decimal_divide('sum(contract_amount)', 'sum(' ~ decimal_divide('contract_amount', 'rate') ~ ')') }} as mean_rate
    from billed
    group by unit_id, billing_currency

),

weighted as (

    select
        unit_id,
        billing_currency,
        case when lowest_rate = highest_rate then contract_units else mean_rate end as contract_units,
        case when lowest_rate = highest_rate then provider_units else 1 end as provider_units
    from shared
    -- Documents that take each other back bill nothing, and their mean is no rate.
    where lowest_rate = highest_rate
        or (contract_amount > 0 and mean_rate between lowest_rate * 0.999999 and highest_rate * 1.000001)

)

select
    costs.unit_id,
    costs.billing_currency,
    coalesce(weighted.contract_units, contract_at_end.units_per_usd) as contract_units,
    case when weighted.unit_id is not null then weighted.provider_units else provider_at_end.units_per_usd end as provider_units
from costs
left join weighted on costs.unit_id = weighted.unit_id and costs.billing_currency = weighted.billing_currency
left join usd as contract_at_end
    on costs.contract_currency = contract_at_end.currency and contract_at_end.on_date = {{ period_end() }}
left join usd as provider_at_end
    on costs.billing_currency = provider_at_end.currency and provider_at_end.on_date = {{ period_end() }}
