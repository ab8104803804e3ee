{{ config(materialized='view') }}
-- Every line item of an AWS Cost and Usage Report as one FOCUS charge.
-- The discounts that AWS grants the reseller (SPP) are lines of their own, so marking them is enough to keep them apart.
{%- set content = [
    'line_item_id', 'time_interval', 'invoice_id', 'usage_account_id', 'line_item_type', 'usage_started_at', 'product_code',
    'usage_type', 'operation', 'resource_id', 'usage_amount', 'unblended_cost', 'currency', 'description'
] %}
with line_types as (

    select * from {{ ref('aws_line_item_types') }}

),

services as (

    {{ services(ref('stg_aws_cur__lines'), 'product_code', 'aws') }}

),

margin_descriptions as (

    select distinct lines.description
    from {{ ref('stg_aws_cur__lines') }} as lines
    inner join line_types on lower(lines.line_item_type) = lower(line_types.line_item_type)
    inner join {{ ref('partner_margin_patterns') }} as patterns
        on patterns.provider = 'aws' and lower(lines.description) like patterns.pattern
    where line_types.charge_category = 'Credit'

),

repeated as (

    {{ repeated_lines(ref('stg_aws_cur__lines'), content) }}

),

mapped as (

    select
        ---------- ours
        {{ charge_id(content_id(content, 'lines'), 'repeated.ordinal') }} as charge_id,
        lines.close_period,
        'aws_cur' as source,
        'aws' as provider,
        lines.delivery_sha256,
        lines.source_file,
        lines.source_row,
        lines.line_item_type as original_charge_type,
        line_types.is_partner_margin or (line_types.charge_category = 'Credit' and margin_descriptions.description is not null)
            as is_partner_margin,
        'aws_account_id' as customer_id_system,
        lines.usage_account_id as provider_customer_id,
        lines.usage_account_name as provider_customer_name,
        lines.usage_account_id as provider_subscription_id,
        coalesce(lines.product_sku, lines.product_code) as provider_product_code,
        coalesce(lines.billing_entity <> 'AWS', false) as publisher_is_third_party,
        {{ states_other_period('lines.billing_period_start') }} as states_other_period,

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
        services.service_category,
        services.service_subcategory,
        lines.product_sku as sku_id,
        lines.usage_type as sku_meter,
        lines.pricing_rate_code as sku_price_id,
        lines.resource_tags as tags,

        ---------- when
        coalesce(lines.billing_period_start, {{ close_month_start() }}) as billing_period_start,
        coalesce(lines.billing_period_end, {{ close_month_end() }}) as billing_period_end,
        lines.usage_started_at as charge_period_start,
        lines.usage_ended_at as charge_period_end,

        ---------- kind: an unmapped word stays null, for the focus gate to refuse
        line_types.charge_category,
        case when lines.usage_ended_at <= lines.billing_period_start then 'Correction' end as charge_class,
        line_types.charge_frequency,
        lines.description as charge_description,
        case
            when line_types.amortised_as in ('reservation', 'savings_plan') then 'Committed'
            when line_types.charge_category = 'Usage' and lower(lines.pricing_term) = 'spot' then 'Dynamic'
            when line_types.charge_category in ('Usage', 'Purchase') then 'Standard'
        end as pricing_category,
        coalesce(lines.savings_plan_arn, lines.reservation_arn) as commitment_discount_id,
        case when lines.savings_plan_arn is not null then 'Spend' when lines.reservation_arn is not null then 'Usage' end
            as commitment_discount_category,
        case when lines.savings_plan_arn is not null then 'Savings Plan' when lines.reservation_arn is not null then 'Reservation' end
            as commitment_discount_type,
        case
            when line_types.amortised_as in ('reservation', 'savings_plan') then 'Used'
            when line_types.amortised_as in ('reservation_unused', 'savings_plan_unused') then 'Unused'
        end as commitment_discount_status,

        ---------- money
        lines.currency as billing_currency,
        lines.unblended_cost as billed_cost,
        case
            when line_types.amortised_as = 'reservation' then lines.reservation_effective_cost
            when line_types.amortised_as = 'reservation_unused'
                then lines.reservation_unused_upfront_fee + lines.reservation_unused_recurring_fee
            when line_types.amortised_as = 'savings_plan' then lines.savings_plan_effective_cost
            when line_types.amortised_as = 'savings_plan_unused'
                then lines.savings_plan_total_commitment_to_date - lines.savings_plan_used_commitment
            when line_types.amortised_as = 'nothing' then 0
            when lower(lines.line_item_type) = 'fee' and lines.reservation_arn is not null then 0
            when line_types.amortised_as = 'unblended' then lines.unblended_cost
        end as effective_cost,
        -- What a charge that is not usage would cost without a discount is what it costs (FOCUS 1.2, ListCost).
        case
            when line_types.charge_category = 'Usage' and line_types.amortised_as <> 'nothing' then lines.public_on_demand_cost
            when line_types.charge_category is not null then lines.unblended_cost
        end as list_cost,
        case
            when line_types.amortised_as in ('reservation', 'savings_plan') then lines.public_on_demand_cost
            when line_types.charge_category is not null then lines.unblended_cost
        end as contracted_cost,
        case when line_types.charge_category = 'Usage' then lines.public_on_demand_rate end as list_unit_price,
        case when line_types.charge_category = 'Usage' then lines.unblended_rate end as contracted_unit_price,
        case when line_types.charge_category in ('Usage', 'Purchase') then lines.usage_amount end as pricing_quantity,
        case when line_types.charge_category in ('Usage', 'Purchase') then lines.pricing_unit end as pricing_unit,
        case when line_types.charge_category = 'Usage' and line_types.amortised_as <> 'nothing' then lines.usage_amount end
            as consumed_quantity,
        case when line_types.charge_category = 'Usage' and line_types.amortised_as <> 'nothing' then lines.pricing_unit end
            as consumed_unit,
        lines.pricing_currency

    from {{ ref('stg_aws_cur__lines') }} as lines
    left join line_types on lower(lines.line_item_type) = lower(line_types.line_item_type)
    left join services on lines.product_code = services.service_key
    left join margin_descriptions on lines.description = margin_descriptions.description
    left join repeated on lines.source_file = repeated.source_file and lines.source_row = repeated.source_row

)

select {{ focus_columns('mapped', absent=[
    'provider_customer_domain', 'seat_quantity', 'subscription_started_on', 'subscription_ends_on', 'term', 'billing_frequency',
    'promotion_id', 'pec_pct', 'exchange_rate', 'capacity_reservation_id', 'capacity_reservation_status',
    'commitment_discount_name', 'commitment_discount_quantity', 'commitment_discount_unit',
    'pricing_currency_contracted_unit_price', 'pricing_currency_effective_cost', 'pricing_currency_list_unit_price',
    'resource_name', 'sku_price_details', 'sub_account_type'
]) }}
from mapped
