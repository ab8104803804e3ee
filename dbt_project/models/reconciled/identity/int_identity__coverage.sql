-- How much of each provider's cost has an owner, and how it was found. Unowned cost is its own row, never spread.
select
    close_period,
    provider,
    billing_currency,
    match_method,
    count(*) as charge_count,
    sum(billed_cost) as billed_cost
from {{ ref('int_identity__charges') }}
where charge_category <> 'Tax' and not is_partner_margin
group by close_period, provider, billing_currency, match_method
