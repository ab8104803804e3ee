-- Every provider charge with the unit it is reconciled in. A charge without a subscription makes a unit of its own kind: its
-- provider subscription's, or, when it names no customer either, its provider invoice's. Nothing is dropped.
with charges as (

    select
        charge_id,
        close_period,
        source,
        provider,
        customer_id_system,
        lower(trim(provider_customer_id)) as provider_customer_key,
        provider_subscription_id,
        provider_product_code,
        original_charge_type,
        charge_category,
        charge_class,
        seat_quantity,
        pricing_quantity,
        consumed_quantity,
        billed_cost,
        list_cost,
        billing_currency,
        invoice_id,
        subscription_started_on,
        cast(coalesce(charge_period_start, billing_period_start) as date) as charge_from,
        greatest(
            cast(coalesce(charge_period_end, billing_period_end) - interval 1 microsecond as date) + 1,
            cast(coalesce(charge_period_start, billing_period_start) as date) + 1
        ) as charge_to,
        coalesce(publisher_is_third_party, false) as is_third_party,
        case
            when charge_category = 'Tax' then 'tax'
            when is_partner_margin then 'partner_margin'
            when lower(original_charge_type) = 'rounding_error' then 'rounding'
            else 'cost'
        end as charge_kind
    from {{ ref('int_focus__charges') }}

),

subscription_of as (

    select * from {{ ref('int_charges__subscription') }}

),

identities as (

    select * from {{ ref('int_identity__charges') }}

),

subscriptions as (

    select * from {{ ref('int_contract__subscriptions') }}

),

customers as (

    select customer_id, country from {{ ref('int_identity__customers') }}

),

named as (

    select
        charges.*,
        subscription_of.subscription_id,
        coalesce(subscriptions.customer_id, identities.customer_id) as customer_id,
        coalesce(subscriptions.is_internal, identities.is_internal, false) as is_internal,
        coalesce(subscriptions.country, customers.country) as country,
        coalesce(subscriptions.product_code, charges.provider_product_code) as product_code,
        case
            when subscription_of.subscription_id is not null then 'subscription'
            else 'unmapped_charge'
        end as unit_kind
    from charges
    inner join subscription_of on charges.charge_id = subscription_of.charge_id
    left join subscriptions on subscription_of.subscription_id = subscriptions.subscription_id
    left join identities on charges.charge_id = identities.charge_id
    left join customers on identities.customer_id = customers.customer_id

)

select
    *,
    case
        when subscription_id is not null then 'subscription:' || subscription_id
        when provider_subscription_id is not null
            then concat_ws(':', 'charge', provider, provider_subscription_id, billing_currency)
        when provider_customer_key is not null
            then concat_ws(':', 'charge', provider, provider_customer_key, billing_currency)
        else concat_ws(':', 'unassigned', provider, coalesce(invoice_id, '-'), billing_currency)
    end as unit_id
from named
