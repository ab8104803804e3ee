{{ config(materialized='view') }}
-- Every provider charge with the unit it is reconciled in. A charge without a subscription makes a unit of its own kind: its
-- provider subscription's, or, when it names no customer either, its provider invoice's. An account that only pays (Google
-- writes it where a line has no project) names nobody, unless the crosswalk says whose it is. Nothing is dropped.
-- A view, so that the mart sees all of a charge in one pass over the focus floor's table; who needs less reads int_charges__matched.
with subscriptions as (

    select * from {{ ref('int_contract__subscriptions') }}

),

departed_accounts as (

    select * from {{ ref('int_contract__departures') }}

),

departed_resources as (

    select
        id_key,
        min(left_on) as left_on
    from {{ ref('int_contract__departures') }}
    where id_system in ('aws_account_id', 'gcp_project', 'vendor_account')
    group by id_key

)

select
    {%- for name, _ in focus_column_types() %}
        charges.{{ name }},
    {%- endfor %}
    charges.charge_from,
    greatest(
        cast(coalesce(charges.charge_period_end, charges.billing_period_end) - interval 1 microsecond as date) + 1,
        charges.charge_from + 1
    ) as charge_to,
    coalesce(charges.publisher_is_third_party, false) as is_third_party,
    case
        when charges.charge_category = 'Tax' then 'tax'
        when charges.is_partner_margin then 'partner_margin'
        when lower(charges.original_charge_type) = 'rounding_error' then 'rounding'
        else 'cost'
    end as charge_kind,
    charges.subscription_id,
    coalesce(subscriptions.customer_id, charges.customer_id) as customer_id,
    coalesce(subscriptions.is_internal, charges.is_internal, false) as is_internal,
    coalesce(subscriptions.country, charges.customer_country) as country,
    coalesce(subscriptions.product_code, charges.provider_product_code) as product_code,
    least(departed_accounts.left_on, departed_resources.left_on) as left_on,
    case
        when charges.subscription_id is not null then 'subscription:' || charges.subscription_id
        when charges.customer_id is null
            and charges.sub_account_type = 'Billing account'
            and charges.provider_subscription_id = charges.billing_account_id
            then concat_ws(':', 'unassigned', charges.provider, coalesce(charges.invoice_id, '-'), charges.billing_currency)
        when charges.provider_subscription_id is not null
            then concat_ws(':', 'charge', charges.provider, charges.provider_subscription_id, charges.billing_currency)
        when charges.provider_customer_id is not null
            then concat_ws(':', 'charge', charges.provider, lower(trim(charges.provider_customer_id)), charges.billing_currency)
        else concat_ws(':', 'unassigned', charges.provider, coalesce(charges.invoice_id, '-'), charges.billing_currency)
    end as unit_id
from {{ ref('int_identity__charges') }} as charges
left join subscriptions on charges.subscription_id = subscriptions.subscription_id
left join departed_accounts
    on charges.customer_id_system = departed_accounts.id_system
    and lower(trim(charges.provider_customer_id)) = departed_accounts.id_key
left join departed_resources on lower(trim(charges.provider_subscription_id)) = departed_resources.id_key
