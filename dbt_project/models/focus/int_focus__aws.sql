{{ config(materialized='view') }}
-- Every line item of an AWS Cost and Usage Report as one charge in FOCUS columns.
with mapped as (

    select
        ---------- ours
        lines.charge_id,
        lines.close_period,
        'aws_cur' as source,
        'aws' as provider,
        lines.delivery_sha256,
        lines.source_file,
        lines.source_row,
        lines.original_charge_type,
        lines.is_partner_margin,
        'aws_account_id' as customer_id_system,
        lines.usage_account_id as provider_customer_id,
        lines.usage_account_name as provider_customer_name,
        lines.usage_account_id as provider_subscription_id,
        coalesce(lines.product_sku, lines.product_code) as provider_product_code,
        coalesce(lines.billing_entity <> 'AWS', false) as publisher_is_third_party,
        lines.states_other_period,

        ---------- who and what
        lines.payer_account_id as billing_account_id,
        lines.payer_account_name as billing_account_name,
        lines.bill_type as billing_account_type,
        lines.usage_account_id as sub_account_id,
        lines.usage_account_name as sub_account_name,
        lines.invoice_id,
        coalesce(lines.invoicing_entity, lines.legal_entity) as invoice_issuer_name,
        'AWS' as provider_name,
        coalesce(lines.legal_entity, lines.invoicing_entity) as publisher_name,
        lines.availability_zone,
        coalesce(lines.product_region_code, lines.product_region) as region_id,
        lines.product_location as region_name,
        lines.resource_id,
        lines.product_family as resource_type,
        coalesce(lines.service_name, lines.product_name, lines.product_code) as service_name,
        lines.service_category,
        lines.service_subcategory,
        lines.product_sku as sku_id,
        lines.usage_type as sku_meter,
        lines.pricing_rate_code as sku_price_id,
        lines.resource_tags as tags,

        ---------- when
        lines.billing_period_start,
        lines.billing_period_end,
        lines.usage_started_at as charge_period_start,
        lines.usage_ended_at as charge_period_end,

        ---------- kind
        lines.charge_category,
        lines.charge_class,
        lines.charge_frequency,
        lines.description as charge_description,
        lines.pricing_category,
        coalesce(lines.savings_plan_arn, lines.reservation_arn) as commitment_discount_id,
        case when lines.savings_plan_arn is not null then 'Spend' when lines.reservation_arn is not null then 'Usage' end
            as commitment_discount_category,
        case when lines.savings_plan_arn is not null then 'Savings Plan' when lines.reservation_arn is not null then 'Reservation' end
            as commitment_discount_type,
        lines.commitment_discount_status,

        ---------- money
        lines.currency as billing_currency,
        lines.billed_cost,
        lines.effective_cost,
        lines.list_cost,
        lines.contracted_cost,
        case when lines.charge_category = 'Usage' then lines.public_on_demand_rate end as list_unit_price,
        case when lines.charge_category = 'Usage' then lines.unblended_rate end as contracted_unit_price,
        case when lines.charge_category in ('Usage', 'Purchase') then lines.usage_amount end as pricing_quantity,
        case when lines.charge_category in ('Usage', 'Purchase') then lines.pricing_unit end as pricing_unit,
        case when lines.is_consumption then lines.usage_amount end as consumed_quantity,
        case when lines.is_consumption then lines.pricing_unit end as consumed_unit,
        lines.pricing_currency

    from {{ ref('int_focus__aws_lines') }} as lines

)

select {{ focus_columns('mapped', absent=[
    'provider_customer_domain', 'seat_quantity', 'subscription_started_on', 'subscription_ends_on', 'term', 'billing_frequency',
    'promotion_id', 'pec_pct', 'exchange_rate', 'capacity_reservation_id', 'capacity_reservation_status',
    'commitment_discount_name', 'commitment_discount_quantity', 'commitment_discount_unit',
    'pricing_currency_contracted_unit_price', 'pricing_currency_effective_cost', 'pricing_currency_list_unit_price',
    'resource_name', 'sku_price_details', 'sub_account_type'
]) }}
from mapped
