{{ config(materialized='view') }}
-- Every line of a Google Cloud billing export as FOCUS charges: the line's own cost, then each of its credits as a row.
-- The reseller pays cost + Σ credits; the credit of type RESELLER_MARGIN is the money the reseller keeps.
{%- set content = [
    'payer_billing_account_id', 'billing_account_id', 'service_id', 'sku_id', 'project_id', 'resource_name',
    'resource_global_name', 'usage_started_at', 'usage_ended_at', 'region_id', 'zone', 'labels', 'system_labels', 'tags',
    'consumed_quantity', 'cost', 'currency', 'credits', 'invoice_month', 'cost_type', 'adjustment_info_id', 'adjustment_type',
    'exported_at', 'entitlement_name', 'transaction_type', 'seller_name', 'subscription_instance_id', 'price_tier_start_amount'
] %}
with services as (

    {{ services(ref('stg_gcp_billing__lines'), 'service_name', 'gcp') }}

),

repeated as (

    {{ repeated_lines(ref('stg_gcp_billing__lines'), content) }}

),

lines as (

    select
        *,
        {{ content_id(content) }} as content_id,
        {{ gcp_line_parts('cost', 'credits') }} as part
    from {{ ref('stg_gcp_billing__lines') }}

),

charges as (

    select
        lines.*,
        {{ charge_id('lines.content_id', 'repeated.ordinal', 'lines.part.name') }} as charge_id,
        lines.part.cost as part_cost,
        lines.part.credit_name as credit_name,
        case when lines.part.name = '' then lines.cost_type else lines.part.credit_type end as charge_word,
        case
            when lines.part.name = '' then cost_types.charge_category
            when credit_types.credit_type is not null then 'Credit'
        end as charge_category,
        case when lines.part.name = '' then cost_types.charge_frequency when credit_types.credit_type is not null then 'One-Time' end
            as charge_frequency,
        case when lines.part.name = '' then false else credit_types.is_partner_margin end as is_partner_margin,
        try_cast(substr(lines.invoice_month, 1, 4) || '-' || substr(lines.invoice_month, 5, 2) || '-01' as timestamp)
            as invoice_month_start
    from lines
    left join {{ ref('gcp_cost_types') }} as cost_types on lower(lines.cost_type) = lower(cost_types.cost_type)
    left join {{ ref('gcp_credit_types') }} as credit_types on lower(lines.part.credit_type) = lower(credit_types.credit_type)
    left join repeated on lines.source_file = repeated.source_file and lines.source_row = repeated.source_row

),

mapped as (

    select
        ---------- ours
        charges.charge_id,
        charges.close_period,
        'gcp_billing' as source,
        'gcp' as provider,
        charges.delivery_sha256,
        charges.source_file,
        charges.source_row,
        charges.charge_word as original_charge_type,
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
        {{ states_other_period('charges.invoice_month_start') }} as states_other_period,

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
        services.service_category,
        services.service_subcategory,
        charges.sku_id,
        charges.sku_name as sku_meter,
        charges.sku_id as sku_price_id,
        coalesce(charges.labels, charges.tags) as tags,

        ---------- when
        coalesce(charges.invoice_month_start, {{ close_month_start() }}) as billing_period_start,
        coalesce(charges.invoice_month_start + interval 1 month, {{ close_month_end() }}) as billing_period_end,
        charges.usage_started_at as charge_period_start,
        charges.usage_ended_at as charge_period_end,

        ---------- kind: an unmapped word stays null, for the focus gate to refuse
        charges.charge_category,
        case when charges.adjustment_type like '%CORRECTION' and charges.usage_ended_at <= charges.invoice_month_start
                then 'Correction'
        end as charge_class,
        charges.charge_frequency,
        coalesce(charges.credit_name, charges.adjustment_description, charges.sku_name) as charge_description,
        case when charges.charge_category = 'Usage' then 'Standard' end as pricing_category,

        ---------- money
        charges.currency as billing_currency,
        charges.part_cost as billed_cost,
        charges.part_cost as effective_cost,
        charges.part_cost as contracted_cost,
        case when charges.charge_category = 'Usage' then charges.list_cost when charges.charge_category is not null then charges.part_cost end
            as list_cost,
        case when charges.charge_category = 'Usage' then charges.list_unit_price end as list_unit_price,
        case when charges.charge_category = 'Usage' then charges.effective_unit_price end as contracted_unit_price,
        case when charges.charge_category = 'Usage' then charges.pricing_quantity end as pricing_quantity,
        case when charges.charge_category = 'Usage' then charges.pricing_unit end as pricing_unit,
        case when charges.charge_category = 'Usage' then charges.consumed_quantity end as consumed_quantity,
        case when charges.charge_category = 'Usage' then charges.consumed_unit end as consumed_unit

    from charges
    left join services on charges.service_name = services.service_key

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
