-- R of every subscription unit in the contract's currency, part by part.
with subscriptions as (

    select * from {{ ref('int_contract__subscriptions') }}

),

seats as (

    select
        unit_id,
        -- One division for the whole unit, so that credit and re-bill expect to the last decimal what one line expects.
        {{ for_ticks("sum(case when not is_correction then " ~ decimal_multiply('quantity', 'price') ~ " * ticks else 0 end)", '1') }}
            as amount,
        {{ for_ticks("sum(case when is_correction then " ~ decimal_multiply('quantity', 'price') ~ " * ticks else 0 end)", '1') }}
            as correction_amount,
        {{ for_ticks('sum(case when not is_correction then quantity * ticks else 0 end)', '1') }} as quantity
    from {{ ref('int_expected__coverage') }}
    group by unit_id

),

truncations as (

    select unit_id, billing_currency, sum(bound) as bound
    from {{ ref('int_charges__truncated') }}
    group by unit_id, billing_currency

),

-- The provider's currency into the contract's; one row per unit even if it bills in two currencies.
usage as (

    select
        usage.unit_id,
        {% for part in ['cost', 'amount', 'correction_amount', 'ended_amount', 'suspended_amount', 'before_amount', 'departed_amount',
            'third_party_amount', 'third_party_markup', 'credit_cost', 'credit_amount'] %}
        sum(case when usage.billing_currency = subscriptions.currency then usage.{{ part }}
            else {{ decimal_divide(decimal_multiply('usage.' ~ part, 'conversion.contract_units'), 'conversion.provider_units') }}
        end) as {{ part }},
        {% endfor %}
        -- how far the cost may be off because the provider cuts its lines off
        coalesce({{ decimal_multiply(
            'sum(case when usage.billing_currency = subscriptions.currency then truncations.bound else '
            ~ decimal_divide(decimal_multiply('truncations.bound', 'conversion.contract_units'), 'conversion.provider_units') ~ ' end)',
            'greatest(coalesce(max(usage.markup_factor), 1), 1)'
        ) }}, 0) as truncated_amount,
        max(usage.markup_factor) as markup_factor,
        bool_or(usage.has_licences) as has_licences,
        bool_or(usage.has_renewal) as has_renewal,
        bool_or(usage.has_live) as has_live
    from {{ ref('int_expected__usage') }} as usage
    inner join subscriptions on usage.unit_id = 'subscription:' || subscriptions.subscription_id
    left join {{ ref('int_expected__conversion') }} as conversion
        on usage.unit_id = conversion.unit_id and usage.billing_currency = conversion.billing_currency
    left join truncations on usage.unit_id = truncations.unit_id and usage.billing_currency = truncations.billing_currency
    group by usage.unit_id

),

meters as (

    select * from {{ ref('int_expected__meters') }}

),

summed as (

    select
        'subscription:' || subscriptions.subscription_id as unit_id,
        subscriptions.subscription_id,
        usage.unit_id is not null as has_charges,
        coalesce(usage.has_live, false) as has_live_charges,
        coalesce(usage.has_licences, false) as has_licences,
        coalesce(usage.has_renewal, false) as has_renewal,
        seats.unit_id is not null as has_seats,
        case
            when subscriptions.price_basis in ('per_unit', 'fixed_fee') and seats.unit_id is not null then 'coverage'
            else 'amount'
        end as mode,
        seats.quantity,
        coalesce(usage.cost, 0) as cost,
        coalesce(seats.amount, 0) + coalesce(usage.amount, 0) + coalesce(meters.overage_amount, 0) as priced_amount,
        coalesce(usage.amount, 0) as usage_amount,
        coalesce(meters.overage_amount, 0) as overage_amount,
        meters.read_quantity,
        coalesce(seats.correction_amount, 0) + coalesce(usage.correction_amount, 0) as correction_amount,
        coalesce(usage.ended_amount, 0) as ended_amount,
        coalesce(usage.suspended_amount, 0) as suspended_amount,
        coalesce(usage.before_amount, 0) as before_amount,
        coalesce(usage.departed_amount, 0) as departed_amount,
        coalesce(usage.third_party_amount, 0) as third_party_amount,
        coalesce(usage.third_party_markup, 0) as third_party_markup,
        coalesce(usage.credit_cost, 0) as credit_cost,
        coalesce(usage.credit_amount, 0) as credit_amount,
        usage.markup_factor,
        coalesce(usage.truncated_amount, 0) as truncated_amount,
        case when subscriptions.is_live_in_period and not subscriptions.is_duplicate then subscriptions.min_commit_amount end
            as min_commit_amount
    from subscriptions
    left join seats on 'subscription:' || subscriptions.subscription_id = seats.unit_id
    left join usage on 'subscription:' || subscriptions.subscription_id = usage.unit_id
    left join meters on 'subscription:' || subscriptions.subscription_id = meters.unit_id

),

committed as (

    select
        *,
        case
            when min_commit_amount > priced_amount and (has_charges or has_seats) then min_commit_amount - priced_amount
            else 0
        end as shortfall_amount,
        ended_amount + suspended_amount + before_amount + departed_amount as dead_amount
    from summed

)

select
    * replace (case when shortfall_amount > 0 then 'amount' else mode end as mode),
    priced_amount + shortfall_amount + correction_amount + dead_amount as expected_amount
from committed
