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
        unit_id,
        min(country) as country,
        min(provider) as provider,
        min(customer_id) as customer_id,
        min(product_code) as product_code,
        min(billing_currency) as currency,
        bool_or(is_internal) as is_internal,
        sum(billed_cost) as cost,
        count(*) as charge_count
    from {{ ref('int_charges__matched') }}
    where charge_kind = 'cost' and subscription_id is null
    group by unit_id

),

main_documents as (

    select
        unit_id,
        arg_min(struct_pack(
            company_id := company_id, invoice_id := invoice_id, currency := currency, issue_date := issue_date,
            country := country, customer_id := customer_id, expected_rate := expected_rate, subunit := subunit,
            product_code := product_code, unit_kind := unit_kind
        ), (case when doc_class = 'invoice' and kept_amount <> 0 then 0 when doc_class = 'invoice' then 1 else 2 end, issue_date, company_id, invoice_id, line_no)) as main
    from {{ ref('int_bridge__lines') }}
    group by unit_id

),

-- A line in another currency than the unit's counts at the expected rates of both.
invoiced as (

    select
        lines.unit_id,
        count(*) as line_count,
        sum(case when lines.currency = main.currency then lines.net_amount
            else {{ decimal_multiply('lines.contract_amount', 'main.expected_rate') }} end) as invoiced_amount,
        sum(case when lines.currency = main.currency then lines.kept_amount
            else {{ decimal_multiply('lines.kept_contract_amount', 'main.expected_rate') }} end) as kept_amount,
        sum(lines.kept_contract_amount) as kept_contract_amount,
        sum(case when lines.currency = main.currency then lines.expected_rate_amount
            else {{ decimal_multiply('lines.kept_contract_amount', 'main.expected_rate') }} end) as kept_at_expected_rate,
        sum(lines.ticks * lines.sign) as ticks,
        bool_or(lines.sign < 0 and lines.applies_to_invoice_id is not null) as has_voided,
        bool_or(lines.override_user is not null) as has_override,
        count_if(lines.rate is null) > 0 as is_unrated,
        bool_or(lines.fx_class = 'FX03') as has_no_rate,
        max(case when lines.fx_class = 'FX06' and lines.rate < lines.expected_rate
            then {{ decimal_divide('lines.expected_rate', 'lines.rate') }} else 1 end) as rate_scale,
        bool_and(lines.is_price_in_subunits) as is_priced_in_subunits,
        count_if(lines.doc_class <> 'invoice' and lines.kept_amount <> 0) > 0 as has_notes,
        bool_and(abs(lines.quantity) = 1) as is_billed_as_one,
        sum(lines.rounding_bound) as rounding_bound
    from {{ ref('int_bridge__lines') }} as lines
    inner join main_documents on lines.unit_id = main_documents.unit_id
    group by lines.unit_id

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
        null
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
    from main_documents
    where main.unit_kind <> 'subscription'

),

together as (

    select
        named.*,
        coalesce(main_documents.main.currency, named.default_currency) as currency,
        main_documents.main.company_id as company_id,
        main_documents.main.invoice_id as invoice_id,
        coalesce(main_documents.main.issue_date, {{ period_end() }}) as rate_on,
        coalesce(main_documents.main.expected_rate, 1) as expected_rate,
        invoiced.* exclude (unit_id, rate_scale, line_count, invoiced_amount, kept_amount, kept_contract_amount, kept_at_expected_rate),
        coalesce(invoiced.rate_scale, 1) as rate_scale,
        coalesce(invoiced.line_count, 0) as line_count,
        coalesce(invoiced.invoiced_amount, 0) as invoiced_amount,
        coalesce(invoiced.kept_amount, 0) as kept_amount,
        coalesce(invoiced.kept_contract_amount, 0) as kept_contract_amount,
        coalesce(invoiced.kept_at_expected_rate, 0) as kept_at_expected_rate,
        expected.* exclude (unit_id, subscription_id, expected_amount, cost, has_charges, has_seats),
        coalesce(expected.has_charges, loose_charges.unit_id is not null) as has_charges,
        coalesce(expected.has_seats, false) as has_seats,
        case
            when named.unit_kind = 'unmapped_charge' then loose_charges.cost
            when named.is_internal and expected.unit_id is not null then expected.cost
            when expected.unit_id is not null then expected.expected_amount
            when named.unit_kind = 'own_service' then invoiced.kept_contract_amount
            else 0
        end as expected_contract_amount
    from named
    left join main_documents on named.unit_id = main_documents.unit_id
    left join invoiced on named.unit_id = invoiced.unit_id
    left join expected on named.unit_id = expected.unit_id
    left join loose_charges on named.unit_id = loose_charges.unit_id

),

routed as (

    select
        together.*,
        subscriptions.price_basis,
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

-- R in document currency: what was invoiced is expected at its own document's rate, the rest at the main document's.
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
        default_currency, is_internal, cost_owner, rate_on, is_unrated, kept_at_expected_rate, has_charges, has_seats,
        has_live_charges
    ),
    converted.expected_amount - converted.invoiced_amount as difference_amount,
    currencies.subunit,
    -- Each line is rounded once; below this a term is rounding.
    currencies.subunit * greatest(converted.line_count, 1) as tolerance,
    dollars.units_per_usd
from converted
left join {{ ref('currencies') }} as currencies on converted.currency = currencies.currency
left join {{ ref('int_fx__usd') }} as dollars
    on converted.currency = dollars.currency and converted.rate_on = dollars.on_date
