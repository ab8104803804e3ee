{{ config(materialized='view') }}
-- Every charge of daily rated usage in FOCUS columns, per resource and day.
-- The invoice file states the same money per meter, so these rows are detail wherever an invoice was delivered
-- (int_focus__azure_usage decides).
with mapped as (

    select
        ---------- ours
        charges.charge_id,
        charges.close_period,
        'microsoft_csp_usage' as source,
        'microsoft' as provider,
        charges.delivery_sha256,
        charges.source_file,
        charges.source_row,
        charges.original_charge_type,
        charges.is_partner_margin,
        'ms_tenant_id' as customer_id_system,
        charges.customer_tenant_id as provider_customer_id,
        charges.customer_name as provider_customer_name,
        charges.customer_domain_name as provider_customer_domain,
        charges.provider_subscription_id,
        concat_ws(':', charges.product_id, charges.sku_id) as provider_product_code,
        coalesce(lower(charges.publisher_name) not like 'microsoft%', false) as publisher_is_third_party,
        charges.pec_pct,
        charges.exchange_rate,
        charges.states_other_period,

        ---------- who and what
        charges.partner_tenant_id as billing_account_id,
        charges.partner_name as billing_account_name,
        'Partner tenant' as billing_account_type,
        coalesce(charges.azure_subscription_id, charges.provider_subscription_id) as sub_account_id,
        coalesce(charges.azure_subscription_name, charges.offer_name) as sub_account_name,
        'Subscription' as sub_account_type,
        charges.invoice_id,
        'Microsoft' as invoice_issuer_name,
        'Microsoft' as provider_name,
        charges.publisher_name,
        charges.resource_location as region_id,
        charges.meter_region as region_name,
        charges.resource_id,
        charges.consumed_service as resource_type,
        coalesce(charges.meter_category, charges.product_name) as service_name,
        charges.service_category,
        charges.service_subcategory,
        charges.meter_id as sku_id,
        charges.meter_name as sku_meter,
        concat_ws(':', charges.product_id, charges.sku_id, charges.availability_id) as sku_price_id,
        charges.tags,

        ---------- when
        {{ close_month_start() }} as billing_period_start,
        {{ close_month_end() }} as billing_period_end,
        charges.charge_period_start,
        charges.charge_period_end,

        ---------- kind
        charges.charge_category,
        charges.charge_frequency,
        charges.charge_description,
        case when charges.charge_category = 'Usage' then 'Standard' end as pricing_category,

        ---------- money
        charges.currency as billing_currency,
        charges.billed_cost,
        charges.billed_cost as effective_cost,
        charges.billed_cost as contracted_cost,
        charges.list_cost,
        case when charges.charge_category = 'Usage' then {{ decimal_multiply('charges.list_unit_price', 'charges.exchange_rate') }} end
            as list_unit_price,
        case when charges.charge_category = 'Usage'
                then {{ decimal_multiply('charges.effective_unit_price', 'charges.exchange_rate') }}
        end as contracted_unit_price,
        case when charges.charge_category = 'Usage' then charges.list_unit_price end as pricing_currency_list_unit_price,
        case when charges.charge_category = 'Usage' then charges.effective_unit_price end as pricing_currency_contracted_unit_price,
        case when charges.charge_category = 'Usage' then charges.quantity end as pricing_quantity,
        case when charges.charge_category = 'Usage' then coalesce(charges.unit_type, charges.unit) end as pricing_unit,
        case when charges.charge_category = 'Usage' then charges.quantity end as consumed_quantity,
        case when charges.charge_category = 'Usage' then coalesce(charges.unit, charges.unit_type) end as consumed_unit,
        charges.pricing_currency

    from {{ ref('int_focus__azure_usage_lines') }} as charges

)

select {{ focus_columns('mapped', absent=[
    'seat_quantity', 'subscription_started_on', 'subscription_ends_on', 'term', 'billing_frequency', 'promotion_id',
    'availability_zone', 'capacity_reservation_id', 'capacity_reservation_status', 'charge_class', 'commitment_discount_category',
    'commitment_discount_id', 'commitment_discount_name', 'commitment_discount_quantity', 'commitment_discount_status',
    'commitment_discount_type', 'commitment_discount_unit', 'pricing_currency_effective_cost', 'resource_name', 'sku_price_details'
]) }}
from mapped
