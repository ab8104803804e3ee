-- How much of each provider's cost has an owner, and how it was found. Unowned cost is its own row, never spread.
select
    charges.close_period,
    charges.provider,
    charges.billing_currency,
    identities.match_method,
    count(*) as charge_count,
    sum(charges.billed_cost) as billed_cost
from {{ ref('int_focus__charges') }} as charges
inner join {{ ref('int_identity__charges') }} as identities on charges.charge_id = identities.charge_id
where charges.charge_category <> 'Tax' and not charges.is_partner_margin
group by all
