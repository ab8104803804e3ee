{{ config(materialized='view') }}
-- Every line of daily rated usage as FOCUS charges: what the Azure plan consumed, per resource and day.
-- The invoice file states the same money per meter, so these rows are detail wherever an invoice was delivered
-- (int_focus__azure_usage decides). Partner earned credit is a row of its own, as in the invoice file.
{%- set content = [
    'partner_tenant_id', 'customer_tenant_id', 'invoice_id', 'product_id', 'sku_id', 'provider_subscription_id',
    'azure_subscription_id', 'charged_from', 'charged_to', 'used_on', 'meter_id', 'meter_name', 'meter_region', 'resource_id',
    'resource_group', 'charge_type', 'list_unit_price', 'quantity', 'net_cost', 'currency', 'effective_unit_price',
    'exchange_rate', 'pec_pct', 'pec_ratio', 'benefit_order_id', 'additional_info', 'tags'
] %}
with services as (

    {{ services(ref('stg_microsoft_csp_usage__lines'), 'meter_category', 'microsoft') }}

),

repeated as (

    {{ repeated_lines(ref('stg_microsoft_csp_usage__lines'), content) }}

),

credited as (

    select
        *,
        -- The CSV and Graph state percent (15), the first API a ratio (0.15): two columns, never guessed from the size.
        coalesce(pec_pct, pec_ratio * 100) as credit_pct_of_partner,
        {{ decimal_multiply(decimal_multiply('list_unit_price', 'quantity'), 'exchange_rate') }} as listed_cost
    from {{ ref('stg_microsoft_csp_usage__lines') }}

),

parts as (

    select
        *,
        {{ content_id(content) }} as content_id,
        {{ before_credit('net_cost', 'credit_pct_of_partner', 'listed_cost') }} as cost_before_credit,
        {{ line_parts({'margin': 'credit_pct_of_partner > 0 and credit_pct_of_partner < 100 and net_cost <> 0'}) }} as part
    from credited

),

charges as (

    select
        lines.*,
        types.charge_frequency as type_frequency,
        case when lines.part = 'margin' then 'Credit' else types.charge_category end as charge_category,
        case
            when lines.part = 'margin' then lines.net_cost - lines.cost_before_credit
            when lines.credit_pct_of_partner > 0 and lines.credit_pct_of_partner < 100 then lines.cost_before_credit
            else lines.net_cost
        end as cost,
        {{ charge_id('lines.content_id', 'repeated.ordinal', 'lines.part') }} as charge_id
    from parts as lines
    -- Some API objects state no charge type (printed specimens of marketplace usage, 2020); this file holds usage alone.
    left join {{ ref('microsoft_charge_types') }} as types
        on lower(coalesce(lines.charge_type, 'new')) = lower(types.charge_type) and types.line_kind = 'consumption'
    left join repeated on lines.source_file = repeated.source_file and lines.source_row = repeated.source_row

),

mapped as (

    select
        ---------- ours
        charges.charge_id,
        charges.close_period,
        'microsoft_csp_usage' as source,
        'microsoft' as provider,
        charges.delivery_sha256,
        charges.source_file,
        charges.source_row,
        charges.charge_type as original_charge_type,
        charges.part = 'margin' as is_partner_margin,
        'ms_tenant_id' as customer_id_system,
        charges.customer_tenant_id as provider_customer_id,
        charges.customer_name as provider_customer_name,
        charges.customer_domain_name as provider_customer_domain,
        charges.provider_subscription_id,
        concat_ws(':', charges.product_id, charges.sku_id) as provider_product_code,
        coalesce(lower(charges.publisher_name) not like 'microsoft%', false) as publisher_is_third_party,
        charges.credit_pct_of_partner as pec_pct,
        charges.exchange_rate,
        {{ states_other_period('charges.charged_from') }} as states_other_period,

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
        services.service_category,
        services.service_subcategory,
        charges.meter_id as sku_id,
        charges.meter_name as sku_meter,
        concat_ws(':', charges.product_id, charges.sku_id, charges.availability_id) as sku_price_id,
        charges.tags,

        ---------- when: a line is one day of use; the file's last day is inclusive
        {{ close_month_start() }} as billing_period_start,
        {{ close_month_end() }} as billing_period_end,
        coalesce(charges.used_on, charges.charged_from) as charge_period_start,
        coalesce(charges.used_on, charges.charged_to) + interval 1 day as charge_period_end,

        ---------- kind: an unmapped word stays null, for the focus gate to refuse
        charges.charge_category,
        case when charges.part = 'margin' then 'One-Time' when charges.charge_category is not null then charges.type_frequency end
            as charge_frequency,
        concat_ws(' ', case when charges.part = 'margin' then 'Partner earned credit:' end, charges.meter_name) as charge_description,
        case when charges.charge_category = 'Usage' then 'Standard' end as pricing_category,

        ---------- money
        charges.currency as billing_currency,
        charges.cost as billed_cost,
        charges.cost as effective_cost,
        charges.cost as contracted_cost,
        case
            when charges.charge_category = 'Usage' then charges.listed_cost
            when charges.charge_category = 'Credit' then charges.cost
        end as list_cost,
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

    from charges
    left join services on charges.meter_category = services.service_key

)

select {{ focus_columns('mapped', absent=[
    'seat_quantity', 'subscription_started_on', 'subscription_ends_on', 'term', 'billing_frequency', 'promotion_id',
    'availability_zone', 'capacity_reservation_id', 'capacity_reservation_status', 'charge_class', 'commitment_discount_category',
    'commitment_discount_id', 'commitment_discount_name', 'commitment_discount_quantity', 'commitment_discount_status',
    'commitment_discount_type', 'commitment_discount_unit', 'pricing_currency_effective_cost', 'resource_name', 'sku_price_details'
]) }}
from mapped
