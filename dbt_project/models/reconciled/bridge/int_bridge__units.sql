-- Every unit once, with both sides in its documents' currency: R, B, their difference, and how far they may differ by rounding.
select
    units.unit_id,
    units.unit_kind,
    units.country,
    units.provider,
    units.customer_id,
    units.subscription_id,
    units.product_code,
    units.contract_currency,
    coalesce(main_documents.currency, units.contract_currency) as currency,
    main_documents.company_id,
    main_documents.invoice_id,
    routes.route,

    -- B: what was invoiced. `kept` is what the verdicts leave of it.
    coalesce(invoiced.line_count, 0) as line_count,
    coalesce(invoiced.invoiced_amount, 0) as invoiced_amount,
    coalesce(invoiced.kept_amount, 0) as kept_amount,
    coalesce(invoiced.kept_contract_amount, 0) as kept_contract_amount,
    coalesce(invoiced.expected_rate, 1) as expected_rate,
    coalesce(invoiced.rate_scale, 1) as rate_scale,
    invoiced.has_voided,
    invoiced.has_override,
    invoiced.has_no_rate,
    invoiced.has_notes,
    invoiced.is_billed_as_one,
    -- A unit without documents is worth its dollars on the last day of the month.
    case when invoiced.unit_id is null then month_end.units_per_usd else invoiced.units_per_usd end as units_per_usd,
    case when invoiced.unit_id is null then 0 else invoiced.invoiced_usd end as invoiced_usd,

    -- R: what the contract expects, and what it is made of.
    routes.expected_amount,
    routes.expected_contract_amount,
    {{ decimal_divide(
        'routes.expected_amount',
        'case when invoiced.unit_id is null then month_end.units_per_usd else invoiced.units_per_usd end'
    ) }} as expected_usd,
    expected.has_licences,
    expected.has_renewal,
    expected.mode,
    expected.quantity,
    expected.priced_amount,
    expected.usage_amount,
    expected.overage_amount,
    expected.read_quantity,
    expected.correction_amount,
    expected.ended_amount,
    expected.suspended_amount,
    expected.before_amount,
    expected.departed_amount,
    expected.dead_amount,
    expected.third_party_amount,
    expected.third_party_markup,
    expected.credit_cost,
    expected.credit_amount,
    expected.markup_factor,
    expected.min_commit_amount,
    expected.shortfall_amount,
    subscriptions.price_basis,
    coalesce(subscriptions.price_basis in ('markup_pct_on_cost', 'discount_off_list', 'passthrough'), false) as is_cost_based,
    subscriptions.billing_frequency,
    subscriptions.trial_end,
    subscriptions.is_duplicate,
    subscriptions.is_live_in_period,

    routes.expected_amount - coalesce(invoiced.invoiced_amount, 0) as difference_amount,
    invoiced.rounding_bound,
    -- The rounding of the unit's document lines: below it a term is rounding whatever its kind, above it never.
    coalesce(invoiced.rounding_bound, currencies.subunit) as tolerance,
    -- The same where R is a cost: Microsoft cuts each line off, also where a seat change was cancelled again.
    coalesce(invoiced.rounding_bound, currencies.subunit) + {{ decimal_multiply(
        'coalesce(expected.truncated_amount, unmapped.truncated_amount, 0)', 'coalesce(invoiced.expected_rate, 1)'
    ) }} as cost_tolerance
from {{ ref('int_unit__identity') }} as units
inner join {{ ref('int_bridge__routes') }} as routes on units.unit_id = routes.unit_id
left join {{ ref('int_bridge__main_documents') }} as main_documents on units.unit_id = main_documents.unit_id
left join {{ ref('int_bridge__invoiced') }} as invoiced on units.unit_id = invoiced.unit_id
left join {{ ref('int_expected') }} as expected on units.unit_id = expected.unit_id
left join {{ ref('int_charges__unmapped') }} as unmapped on units.unit_id = unmapped.unit_id
left join {{ ref('int_contract__subscriptions') }} as subscriptions on units.subscription_id = subscriptions.subscription_id
left join {{ ref('int_fx__period_usd') }} as month_end on units.contract_currency = month_end.currency
left join {{ ref('currencies') }} as currencies
    on coalesce(main_documents.currency, units.contract_currency) = currencies.currency
