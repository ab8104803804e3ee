{{ config(materialized='view') }}
-- Every charge of a Google Cloud billing export in FOCUS columns. The reseller pays cost + Σ credits.
with mapped as (

    select
        ---------- ours
        charges.charge_id,
        charges.close_period,
        'gcp_billing' as source,
        'gcp' as provider,
        charges.delivery_sha256,
        charges.source_file,
        charges.source_row,
        charges.original_charge_type,
        charges.is_partner_margin,
        -- The reseller export names the customer by its sub-account; the standard export has one account, so the project does.
        case
            when charges.payer_billing_account_id is not null then 'gcp_billing_account'
            when charges.project_id is not null then 'gcp_project'
            when charges.billing_account_id is not null then 'gcp_billing_account'
        end as customer_id_system,
        case when charges.payer_billing_account_id is not null then charges.billing_account_id
            else coalesce(charges.project_id, charges.billing_account_id)
        end as provider_customer_id,
        coalesce(charges.customer_resource_name, charges.project_name) as provider_customer_name,
        coalesce(charges.project_id, charges.entitlement_name, charges.billing_account_id) as provider_subscription_id,
        charges.sku_id as provider_product_code,
        coalesce(upper(charges.transaction_type) in ('THIRD_PARTY_RESELLER', 'THIRD_PARTY_AGENCY'), false) as publisher_is_third_party,
        charges.exchange_rate,
        charges.states_other_period,

        ---------- who and what
        coalesce(charges.payer_billing_account_id, charges.billing_account_id) as billing_account_id,
        'Billing account' as billing_account_type,
        coalesce(charges.project_id, charges.entitlement_name, charges.billing_account_id) as sub_account_id,
        charges.project_name as sub_account_name,
        case when charges.project_id is not null then 'Project' when charges.entitlement_name is not null then 'Entitlement'
            when charges.billing_account_id is not null then 'Billing account'
        end as sub_account_type,
        'Google' as invoice_issuer_name,
        'Google Cloud' as provider_name,
        coalesce(charges.seller_name, 'Google') as publisher_name,
        charges.zone as availability_zone,
        charges.region_id,
        charges.location_location as region_name,
        charges.resource_global_name as resource_id,
        charges.resource_name,
        charges.service_name,
        charges.service_category,
        charges.service_subcategory,
        charges.sku_id,
        charges.sku_name as sku_meter,
        charges.sku_id as sku_price_id,
        coalesce(charges.labels, charges.tags) as tags,

        ---------- when
        charges.billing_period_start,
        charges.billing_period_end,
        charges.usage_started_at as charge_period_start,
        charges.usage_ended_at as charge_period_end,

        ---------- kind
        charges.charge_category,
        charges.charge_class,
        charges.charge_frequency,
        charges.charge_description,
        case when charges.charge_category = 'Usage' then 'Standard' end as pricing_category,

        ---------- money
        charges.currency as billing_currency,
        charges.billed_cost,
        charges.billed_cost as effective_cost,
        charges.billed_cost as contracted_cost,
        charges.list_cost,
        case when charges.charge_category = 'Usage' then charges.list_unit_price end as list_unit_price,
        case when charges.charge_category = 'Usage' then charges.effective_unit_price end as contracted_unit_price,
        case when charges.charge_category = 'Usage' then charges.pricing_quantity end as pricing_quantity,
        case when charges.charge_category = 'Usage' then charges.pricing_unit end as pricing_unit,
        case when charges.charge_category = 'Usage' then charges.consumed_quantity end as consumed_quantity,
        case when charges.charge_category = 'Usage' then charges.consumed_unit end as consumed_unit

    from {{ ref('int_focus__gcp_lines') }} as charges

)

select {{ focus_columns('mapped', absent=[
    'provider_customer_domain', 'seat_quantity', 'subscription_started_on', 'subscription_ends_on', 'term', 'billing_frequency',
    'promotion_id', 'pec_pct', 'invoice_id', 'billing_account_name', 'capacity_reservation_id', 'capacity_reservation_status',
    'commitment_discount_category', 'commitment_discount_id', 'commitment_discount_name', 'commitment_discount_quantity',
    'commitment_discount_status', 'commitment_discount_type', 'commitment_discount_unit', 'pricing_currency',
    'pricing_currency_contracted_unit_price', 'pricing_currency_effective_cost', 'pricing_currency_list_unit_price',
    'resource_type', 'sku_price_details'
]) }}
from mapped
