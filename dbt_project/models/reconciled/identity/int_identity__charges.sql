{{ config(materialized='view') }}
-- Whose each charge is: the customer of its subscription, else the crosswalk row valid that day, else the only customer of its
-- domain. Nothing else decides: an unmatched charge stays unmatched and is counted.
with subscriptions as (

    select
        subscription_id,
        max_by(customer_id, valid_from) as customer_id
    from {{ ref('stg_crm__subscriptions') }}
    group by subscription_id

),

matched as (

    select
        charges.*,
        subscriptions.customer_id as by_subscription,
        coalesce(by_account.customer_id, by_resource.customer_id, by_domain_row.customer_id) as by_crosswalk,
        domains.customer_id as by_domain
    from {{ ref('int_charges__subscription') }} as charges
    left join subscriptions on charges.subscription_id = subscriptions.subscription_id
    left join {{ ref('int_identity__crosswalk') }} as by_account
        on charges.customer_id_system = by_account.id_system
        and lower(charges.provider_customer_id) = by_account.id_value
        and cast(charges.charge_period_start as date) between by_account.valid_from and by_account.valid_to
    left join {{ ref('int_identity__crosswalk') }} as by_resource
        -- Google's reseller export names the customer by an account and the resource by its project
        on case charges.customer_id_system when 'gcp_billing_account' then 'gcp_project' else charges.customer_id_system end
        = by_resource.id_system
        and lower(charges.provider_subscription_id) = by_resource.id_value
        and cast(charges.charge_period_start as date) between by_resource.valid_from and by_resource.valid_to
    left join {{ ref('int_identity__crosswalk') }} as by_domain_row
        on by_domain_row.id_system = 'ms_domain'
        and lower(charges.provider_customer_domain) = by_domain_row.id_value
        and cast(charges.charge_period_start as date) between by_domain_row.valid_from and by_domain_row.valid_to
    left join {{ ref('int_identity__domains') }} as domains
        on lower(charges.provider_customer_domain) = domains.email_domain

)

select
    {%- for name, _ in focus_column_types() %}
        matched.{{ name }},
    {%- endfor %}
    matched.charge_from,
    matched.subscription_id,
    coalesce(by_subscription, by_crosswalk, by_domain) as customer_id,
    case
        when by_subscription is not null then 'subscription'
        when by_crosswalk is not null then 'crosswalk'
        when by_domain is not null then 'domain'
        else 'unmatched'
    end as match_method,
    coalesce(customers.is_internal, false) as is_internal,
    customers.country as customer_country
from matched
left join {{ ref('int_identity__customers') }} as customers
    on coalesce(by_subscription, by_crosswalk, by_domain) = customers.customer_id
