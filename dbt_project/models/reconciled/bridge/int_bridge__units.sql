-- Every unit once: who it is, R and B in its document currency, and by which route its difference is explained.
--   internal      a customer of our own; not to be invoiced
--   unmapped      charges that no subscription answers for
--   orphan        invoice lines that no subscription answers for
--   own_service   invoice lines of the reseller's own services
--   unbilled      charges or a contract amount, and nothing invoiced
--   uncharged     invoiced, and the provider charged nothing
--   dead          charged while no contract was live
--   compare       both sides are there: quantity, period, price and rate are compared
--   unrated       invoiced in another currency than the contract's, and no rate is known: not judged
--   idle          nothing on either side
with subscriptions as (

    select * from {{ ref('int_contract__subscriptions') }}

),

expected as (

    select * from {{ ref('int_expected') }}

),

loose_charges as (

    select
        charges.unit_id,
        min(charges.country) as country,
        min(charges.provider) as provider,
        min(charges.customer_id) as customer_id,
        min(charges.product_code) as product_code,
        min(charges.billing_currency) as currency,
        bool_or(charges.is_internal) as is_internal,
        max(customers.owner) as cost_owner,
        sum(charges.billed_cost) as cost,
        coalesce(sum(truncations.bound), 0) as truncated_amount
    from {{ ref('int_charges__matched') }} as charges
    left join {{ ref('int_charges__truncated') }} as truncations on charges.charge_id = truncations.charge_id
    left join {{ ref('int_identity__customers') }} as customers on charges.customer_id = customers.customer_id
    where charges.charge_kind = 'cost' and charges.subscription_id is null
    group by charges.unit_id

),

documents as (

    select * from {{ ref('int_bridge__documents') }}

),

named as (

    select
        'subscription:' || subscription_id as unit_id,
        case when family = 'own_service' then 'own_service' else 'subscription' end as unit_kind,
        country,
        provider,
        customer_id,
        subscription_id,
        product_code,
        currency as contract_currency,
        currency as default_currency,
        is_internal,
        cost_owner
    from subscriptions
    union all
    select
        unit_id,
        'unmapped_charge',
        country,
        provider,
        customer_id,
        null,
        product_code,
        currency,
        currency,
        is_internal,
        cost_owner
    from loose_charges
    union all
    select
        unit_id,
        main.unit_kind,
        main.country,
        null,
        main.customer_id,
        null,
        main.product_code,
        main.currency,
        main.currency,
        false,
        null
    from documents
    where main.unit_kind <> 'subscription'

),

together as (

    select
        named.*,
        coalesce(documents.main.currency, named.default_currency) as currency,
        documents.main.company_id as company_id,
        documents.main.invoice_id as invoice_id,
        coalesce(documents.expected_rate, 1) as expected_rate,
        documents.* exclude (
            unit_id, main, expected_rate, rate_scale, line_count, invoiced_amount, kept_amount, kept_contract_amount,
            kept_at_expected_rate, units_per_usd, invoiced_usd
        ),
        coalesce(documents.rate_scale, 1) as rate_scale,
        coalesce(documents.line_count, 0) as line_count,
        coalesce(documents.invoiced_amount, 0) as invoiced_amount,
        coalesce(documents.kept_amount, 0) as kept_amount,
        coalesce(documents.kept_contract_amount, 0) as kept_contract_amount,
        coalesce(documents.kept_at_expected_rate, 0) as kept_at_expected_rate,
        case when documents.unit_id is null then at_the_end.units_per_usd else documents.units_per_usd end as units_per_usd,
        case when documents.unit_id is null then 0 else documents.invoiced_usd end as invoiced_usd,
        expected.* exclude (unit_id, subscription_id, expected_amount, cost, has_charges, has_seats, truncated_amount),
        coalesce(expected.truncated_amount, loose_charges.truncated_amount, 0) as truncated_amount,
        coalesce(expected.has_charges, loose_charges.unit_id is not null) as has_charges,
        coalesce(expected.has_seats, false) as has_seats,
        case
            when named.unit_kind = 'unmapped_charge' then loose_charges.cost
            when named.is_internal and expected.unit_id is not null then expected.cost
            when expected.unit_id is not null then expected.expected_amount
            when named.unit_kind = 'own_service' then documents.kept_contract_amount
            else 0
        end as expected_contract_amount
    from named
    left join documents on named.unit_id = documents.unit_id
    left join {{ ref('int_fx__period_usd') }} as at_the_end on named.default_currency = at_the_end.currency
    left join expected on named.unit_id = expected.unit_id
    left join loose_charges on named.unit_id = loose_charges.unit_id

),

routed as (

    select
        together.*,
        subscriptions.price_basis,
        coalesce(subscriptions.price_basis in ('markup_pct_on_cost', 'discount_off_list', 'passthrough'), false) as is_cost_based,
        subscriptions.billing_frequency,
        subscriptions.trial_end,
        subscriptions.is_duplicate,
        subscriptions.is_live_in_period,
        case
            when together.is_internal then 'internal'
            when together.unit_kind = 'unmapped_charge' then 'unmapped'
            when together.unit_kind = 'orphan_invoice' then 'orphan'
            when together.unit_kind = 'own_service' and (subscriptions.subscription_id is null or not together.has_seats) then 'own_service'
            when coalesce(together.is_unrated, false) then 'unrated'
            when together.kept_amount = 0 and together.expected_contract_amount = 0 and together.line_count = 0 and not together.has_charges
                then 'idle'
            when together.kept_amount = 0 then 'unbilled'
            when not together.has_charges and not together.has_seats and together.expected_contract_amount = 0 then 'uncharged'
            when together.has_charges and not together.has_live_charges and not together.has_seats then 'dead'
            else 'compare'
        end as route
    from together
    left join subscriptions on together.subscription_id = subscriptions.subscription_id

),

-- R in document currency: what was invoiced is expected at its own document's rate, the rest at their mean.
converted as (

    select
        *,
        case
            when route = 'internal' and cost_owner is not null then invoiced_amount
            when route = 'own_service' then invoiced_amount
            when route = 'unrated' then kept_amount
            else {{ decimal_multiply('expected_contract_amount - kept_contract_amount', 'expected_rate') }} + kept_at_expected_rate
        end as expected_amount
    from routed

)

select
    converted.* exclude (
        default_currency, is_internal, cost_owner, is_unrated, kept_at_expected_rate, has_charges, has_seats,
        has_live_charges
    ),
    converted.expected_amount - converted.invoiced_amount as difference_amount,
    currencies.subunit,
    -- The rounding of the unit's document lines: below it a term is rounding whatever its kind, above it never.
    coalesce(converted.rounding_bound, currencies.subunit) as tolerance,
    -- The same where R is a cost: Microsoft cuts each line off, also where a seat change was cancelled again.
    coalesce(converted.rounding_bound, currencies.subunit)
    + {{ decimal_multiply('converted.truncated_amount', 'converted.expected_rate') }} as cost_tolerance,
    {{ decimal_divide('converted.expected_amount', 'converted.units_per_usd') }} as expected_usd
from converted
left join {{ ref('currencies') }} as currencies on converted.currency = currencies.currency
