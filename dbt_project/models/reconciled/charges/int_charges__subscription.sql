{{ config(materialized='view') }}
-- Every charge with the CRM subscription it belongs to, by (provider, provider_subscription_id) on the charge's first day. A
-- view, like int_identity__charges after it: what is found for a charge goes down the row with it, and no charge is looked up.
with charges as (

    select
        *,
        lower(trim(provider_subscription_id)) as provider_subscription_key,
        cast(coalesce(charge_period_start, billing_period_start) as date) as charge_from
    from {{ ref('int_focus__charges') }}

),

subscriptions as (

    select
        subscription_id,
        provider,
        provider_subscription_key,
        answers_from,
        answers_to
    from {{ ref('int_contract__identities') }}
    where answers_from is not null

)

select
    {%- for name, _ in focus_column_types() %}
        charges.{{ name }},
    {%- endfor %}
    charges.charge_from,
    subscriptions.subscription_id
from charges
left join subscriptions
    on charges.provider = subscriptions.provider
    and charges.provider_subscription_key = subscriptions.provider_subscription_key
    and charges.charge_from >= subscriptions.answers_from
    and charges.charge_from < subscriptions.answers_to
