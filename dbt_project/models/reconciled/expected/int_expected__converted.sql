-- What consumption should bring, from the provider's currency into the contract's: one row a unit, even if it bills in two currencies.
with truncations as (

    select
        unit_id,
        billing_currency,
        sum(bound) as bound
    from {{ ref('int_charges__truncated') }}
    group by unit_id, billing_currency

)

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
inner join {{ ref('int_contract__subscriptions') }} as subscriptions on usage.unit_id = 'subscription:' || subscriptions.subscription_id
left join {{ ref('int_expected__conversion') }} as conversion
    on usage.unit_id = conversion.unit_id and usage.billing_currency = conversion.billing_currency
left join truncations on usage.unit_id = truncations.unit_id and usage.billing_currency = truncations.billing_currency
group by usage.unit_id
