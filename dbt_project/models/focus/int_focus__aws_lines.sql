{{ config(materialized='view') }}
-- What kind of charge a line item of an AWS Cost and Usage Report is, of which month, and what it costs, amortised by its type.
-- The discounts that AWS grants the reseller (SPP) are lines of their own, so marking them is enough to keep them apart.
{%- set content = [
    'line_item_id', 'time_interval', 'invoice_id', 'usage_account_id', 'line_item_type', 'usage_started_at', 'product_code',
    'usage_type', 'operation', 'resource_id', 'usage_amount', 'unblended_cost', 'currency', 'description'
] %}
{%- set as_stated = [
    'close_period', 'delivery_sha256', 'source_file', 'source_row', 'payer_account_id', 'payer_account_name', 'bill_type',
    'usage_account_id', 'usage_account_name', 'invoice_id', 'billing_entity', 'invoicing_entity', 'legal_entity',
    'availability_zone', 'product_region_code', 'product_region', 'product_location', 'resource_id', 'product_family',
    'service_name', 'product_name', 'product_code', 'product_sku', 'usage_type', 'pricing_rate_code', 'resource_tags',
    'usage_started_at', 'usage_ended_at', 'description', 'savings_plan_arn', 'reservation_arn', 'currency', 'usage_amount',
    'pricing_unit', 'pricing_currency', 'public_on_demand_rate', 'unblended_rate'
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

)

select
    {{ charge_id(content_id(content, 'lines'), 'repeated.ordinal') }} as charge_id,
    {{ columns_of('lines', as_stated) }},
    services.service_category,
    services.service_subcategory,

    ---------- kind: an unmapped word stays null, for the focus gate to refuse
    lines.line_item_type as original_charge_type,
    line_types.charge_category,
    case when lines.usage_ended_at <= lines.billing_period_start then 'Correction' end as charge_class,
    line_types.charge_frequency,
    line_types.is_partner_margin or (line_types.charge_category = 'Credit' and margin_descriptions.description is not null)
        as is_partner_margin,
    line_types.charge_category = 'Usage' and line_types.amortised_as <> 'nothing' as is_consumption,
    case
        when line_types.amortised_as in ('reservation', 'savings_plan') then 'Committed'
        when line_types.charge_category = 'Usage' and lower(lines.pricing_term) = 'spot' then 'Dynamic'
        when line_types.charge_category in ('Usage', 'Purchase') then 'Standard'
    end as pricing_category,
    case
        when line_types.amortised_as in ('reservation', 'savings_plan') then 'Used'
        when line_types.amortised_as in ('reservation_unused', 'savings_plan_unused') then 'Unused'
    end as commitment_discount_status,

    ---------- when
    {{ states_other_period('lines.billing_period_start') }} as states_other_period,
    coalesce(lines.billing_period_start, {{ close_month_start() }}) as billing_period_start,
    coalesce(lines.billing_period_end, {{ close_month_end() }}) as billing_period_end,

    ---------- money
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
    end as contracted_cost
from {{ ref('stg_aws_cur__lines') }} as lines
left join line_types on lower(lines.line_item_type) = lower(line_types.line_item_type)
left join services on lines.product_code = services.service_key
left join margin_descriptions on lines.description = margin_descriptions.description
left join repeated on lines.source_file = repeated.source_file and lines.source_row = repeated.source_row
