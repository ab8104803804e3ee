{{ config(materialized='view') }}
-- Every charge of a Partner Center invoice file in FOCUS columns: the line, its partner earned credit and its tax are three charges.
with mapped as (

    select
        ---------- ours
        charges.charge_id,
        charges.close_period,
        'microsoft_csp_invoice' as source,
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
        charges.seat_quantity,
        charges.subscription_started_on,
        charges.subscription_ends_on,
        charges.term,
        case
            when lower(charges.billing_frequency) in ('monthly', 'annual') then lower(charges.billing_frequency)
            when charges.line_kind = 'licence' and charges.billing_frequency is null then 'one_time'
        end as billing_frequency,
        coalesce(lower(charges.publisher_name) not like 'microsoft%', false) as publisher_is_third_party,
        charges.promotion_id,
        charges.pec_pct,
        charges.exchange_rate,
        charges.states_other_period,

        ---------- who and what
        charges.partner_tenant_id as billing_account_id,
        charges.partner_name as billing_account_name,
        'Partner tenant' as billing_account_type,
        charges.provider_subscription_id as sub_account_id,
        charges.offer_name as sub_account_name,
        'Subscription' as sub_account_type,
        charges.invoice_id,
        'Microsoft' as invoice_issuer_name,
        'Microsoft' as provider_name,
        coalesce(charges.publisher_name, charges.provider_name) as publisher_name,
        charges.product_name as service_name,
        charges.service_category,
        charges.service_subcategory,
        charges.product_id as sku_id,
        charges.meter_description as sku_meter,
        concat_ws(':', charges.product_id, charges.sku_id, charges.availability_id) as sku_price_id,

        ---------- when
        {{ close_month_start() }} as billing_period_start,
        {{ close_month_end() }} as billing_period_end,
        charges.charge_period_start,
        charges.charge_period_end,

        ---------- kind
        charges.charge_category,
        charges.charge_class,
        charges.charge_frequency,
        case
            when charges.part = 'margin' then 'Partner earned credit: ' || coalesce(charges.meter_description, charges.sku_name)
            when charges.part = 'tax' then 'Tax: ' || coalesce(charges.meter_description, charges.sku_name)
            when charges.part = '' then coalesce(charges.meter_description, charges.sku_name)
        end as charge_description,
        case when charges.charge_category in ('Usage', 'Purchase') then 'Standard' end as pricing_category,

        ---------- money
        charges.currency as billing_currency,
        charges.billed_cost,
        charges.billed_cost as effective_cost,
        charges.billed_cost as contracted_cost,
        charges.list_cost,
        case when charges.charge_category in ('Usage', 'Purchase') then charges.list_unit_price end as pricing_currency_list_unit_price,
        case when charges.charge_category in ('Usage', 'Purchase') then charges.effective_unit_price end
            as pricing_currency_contracted_unit_price,
        case when charges.charge_category in ('Usage', 'Purchase')
                then {{ decimal_multiply('charges.list_unit_price', 'charges.exchange_rate') }}
        end as list_unit_price,
        case when charges.charge_category in ('Usage', 'Purchase')
                then {{ decimal_multiply('charges.effective_unit_price', 'charges.exchange_rate') }}
        end as contracted_unit_price,
        case when charges.charge_category in ('Usage', 'Purchase') then charges.billable_quantity end as pricing_quantity,
        case when charges.charge_category in ('Usage', 'Purchase') then charges.unit_type end as pricing_unit,
        case when charges.charge_category = 'Usage' then charges.billable_quantity end as consumed_quantity,
        case when charges.charge_category = 'Usage' then charges.unit_type end as consumed_unit,
        charges.pricing_currency

    from {{ ref('int_focus__microsoft_lines') }} as charges

)

select {{ focus_columns('mapped', absent=[
    'availability_zone', 'capacity_reservation_id', 'capacity_reservation_status', 'commitment_discount_category',
    'commitment_discount_id', 'commitment_discount_name', 'commitment_discount_quantity', 'commitment_discount_status',
    'commitment_discount_type', 'commitment_discount_unit', 'pricing_currency_effective_cost', 'region_id', 'region_name',
    'resource_id', 'resource_name', 'resource_type', 'sku_price_details', 'tags'
]) }}
from mapped
