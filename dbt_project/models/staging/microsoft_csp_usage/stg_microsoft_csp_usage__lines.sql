-- One meter of one resource on one day; the file has no line id.
with source as (

    select * from {{ source('microsoft_csp_usage', 'lines') }}

)

select
    partner_id as partner_tenant_id,
    partner_name,
    replace(customer_id, 'org:', '') as customer_tenant_id,  -- the API prefixes some tenants
    customer_name,
    customer_domain_name,
    customer_country,
    mpn_id,
    tier2_mpn_id as reseller_mpn_id,
    invoice_number as invoice_id,
    product_id,
    sku_id,
    availability_id,
    sku_name,
    product_name,
    publisher_name,
    publisher_id,
    subscription_description as offer_name,
    subscription_id as provider_subscription_id,
    charge_start_date as charged_from,
    charge_end_date as charged_to,
    usage_date as used_on,
    meter_type,
    meter_category,
    meter_id,
    meter_sub_category,
    meter_name,
    meter_region,
    unit,
    resource_location,
    consumed_service,
    resource_group,
    resource_uri as resource_id,
    charge_type,
    unit_price as list_unit_price,
    quantity,
    unit_type,
    billing_pre_tax_total as net_cost,
    billing_currency as currency,
    pricing_pre_tax_total as pricing_cost,
    pricing_currency,
    service_info1,
    service_info2,
    tags,
    additional_info,
    effective_unit_price,
    pc_to_bc_exchange_rate as exchange_rate,
    pc_to_bc_exchange_rate_date as exchange_rate_date,
    entitlement_id as azure_subscription_id,
    entitlement_description as azure_subscription_name,
    partner_earned_credit_percentage as pec_pct,
    credit_percentage as credit_pct,
    credit_type,
    benefit_order_id,
    benefit_id,
    benefit_type,
    rate_of_partner_earned_credit as pec_ratio,
    rate_of_credit as credit_ratio,
    has_partner_earned_credit,
    invoice_line_item_type,
    billing_provider,
    attributes_object_type,

    ---------- provenance
    {{ provenance() }}

from source
