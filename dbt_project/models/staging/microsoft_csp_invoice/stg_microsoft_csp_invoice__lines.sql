-- One billed line; the file has no line id. Dates of the charge are inclusive, as delivered.
with source as (

    select * from {{ source('microsoft_csp_invoice', 'lines') }}

)

select
    partner_id as partner_tenant_id,
    replace(customer_id, 'org:', '') as customer_tenant_id,  -- the API prefixes some tenants
    customer_name,
    customer_domain_name,
    customer_country,
    invoice_number as invoice_id,
    mpn_id,
    reseller_mpn_id,
    order_id,
    order_date as ordered_at,
    product_id,
    sku_id,
    availability_id,
    sku_name,
    product_name,
    charge_type,
    unit_price as list_unit_price,
    quantity,
    subtotal as net_cost,
    tax_total as tax_cost,
    total as total_cost,
    currency,
    price_adjustment_description as price_adjustments,
    publisher_name,
    publisher_id,
    subscription_description as offer_name,
    subscription_id as provider_subscription_id,
    charge_start_date as charged_from,
    charge_end_date as charged_to,
    term_and_billing_cycle,
    effective_unit_price,
    unit_type,
    alternate_id,
    billable_quantity,
    billing_frequency,
    pricing_currency,
    pc_to_bc_exchange_rate as exchange_rate,
    pc_to_bc_exchange_rate_date as exchange_rate_date,
    meter_description,
    reservation_order_id,
    credit_reason_code,
    subscription_start_date as subscription_started_on,
    subscription_end_date as subscription_ends_on,
    reference_id,
    product_qualifiers,
    promotion_id,
    product_category,
    partner_name,
    publisher_discount,
    discount_details,
    invoice_line_item_type,
    billing_provider,
    provider_name,
    provider_id,
    quote_id,
    attributes_object_type,

    ---------- provenance
    {{ provenance() }}

from source
