{{ config(materialized='view') }}
-- Every line of a Partner Center invoice file as FOCUS charges: the line before partner earned credit, the credit (the
-- partner's margin) as a row of its own, and the tax as a row of its own. The three add up to the file's Subtotal + TaxTotal.
{%- set content = [
    'partner_tenant_id', 'customer_tenant_id', 'invoice_id', 'order_id', 'ordered_at', 'product_id', 'sku_id',
    'availability_id', 'charge_type', 'list_unit_price', 'quantity', 'net_cost', 'tax_cost', 'currency', 'price_adjustments',
    'provider_subscription_id', 'charged_from', 'charged_to', 'effective_unit_price', 'billable_quantity', 'exchange_rate',
    'meter_description', 'reservation_order_id', 'credit_reason_code', 'reference_id'
] %}
with services as (

    {{ services(ref('stg_microsoft_csp_invoice__lines'), 'coalesce(meter_description, product_name)', 'microsoft') }}

),

terms as (

    select
        named.term_and_billing_cycle,
        min(patterns.term) as term
    from (select distinct term_and_billing_cycle from {{ ref('stg_microsoft_csp_invoice__lines') }}) as named
    inner join {{ ref('microsoft_terms') }} as patterns on lower(named.term_and_billing_cycle) like patterns.pattern
    group by named.term_and_billing_cycle

),

repeated as (

    {{ repeated_lines(ref('stg_microsoft_csp_invoice__lines'), content) }}

),

lines as (

    select
        *,
        case
            when lower(offer_name) = 'azure plan' or meter_description is not null then 'consumption'
            when product_id is not null or offer_name is not null then 'licence'
        end as line_kind,
        {{ partner_earned_credit('price_adjustments') }} as pec_pct,
        {{ decimal_multiply(decimal_multiply('list_unit_price', 'billable_quantity'), 'exchange_rate') }} as listed_cost
    from {{ ref('stg_microsoft_csp_invoice__lines') }}

),

parts as (

    -- margin: a credit of 100 % has no price before it, so the line stays whole and the focus gate lists it
    select
        *,
        {{ content_id(content) }} as content_id,
        {{ before_credit('net_cost', 'pec_pct', "case when line_kind = 'consumption' then listed_cost end") }} as cost_before_credit,
        {{ line_parts({'margin': 'pec_pct > 0 and pec_pct < 100 and net_cost <> 0', 'tax': 'tax_cost <> 0'}) }} as part
    from lines

),

charges as (

    select
        lines.*,
        types.charge_frequency as type_frequency,
        types.changes_the_past,
        case when lines.part = 'tax' then 'Tax' when lines.part = 'margin' then 'Credit' else types.charge_category end
            as charge_category,
        case
            when lines.part = 'tax' then lines.tax_cost
            when lines.part = 'margin' then lines.net_cost - lines.cost_before_credit
            when lines.pec_pct > 0 and lines.pec_pct < 100 then lines.cost_before_credit
            else lines.net_cost
        end as cost,
        {{ charge_id('lines.content_id', 'repeated.ordinal', 'lines.part') }} as charge_id
    from parts as lines
    left join {{ ref('microsoft_charge_types') }} as types
        on lower(lines.charge_type) = lower(types.charge_type) and lines.line_kind = types.line_kind
    left join repeated on lines.source_file = repeated.source_file and lines.source_row = repeated.source_row

),

mapped as (

    select
        ---------- ours
        charges.charge_id,
        charges.close_period,
        'microsoft_csp_invoice' as source,
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
        -- A credit gives money back, not seats. A seat change is a Purchase line; Microsoft's own pages show the old quantity
        -- going out both as a negative quantity and as a positive one with a negative amount, so the money decides the sign.
        case when charges.part = '' and charges.line_kind = 'licence' and charges.charge_category = 'Purchase'
                then {{ signed_by_money('charges.billable_quantity', 'charges.net_cost') }}
        end as seat_quantity,
        charges.subscription_started_on,
        charges.subscription_ends_on,
        terms.term,
        case
            when lower(charges.billing_frequency) in ('monthly', 'annual') then lower(charges.billing_frequency)
            when charges.line_kind = 'licence' and charges.billing_frequency is null then 'one_time'
        end as billing_frequency,
        coalesce(lower(charges.publisher_name) not like 'microsoft%', false) as publisher_is_third_party,
        charges.promotion_id,
        charges.pec_pct,
        charges.exchange_rate,
        {{ states_other_period('charges.charged_from') }} as states_other_period,

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
        services.service_category,
        services.service_subcategory,
        charges.product_id as sku_id,
        charges.meter_description as sku_meter,
        concat_ws(':', charges.product_id, charges.sku_id, charges.availability_id) as sku_price_id,

        ---------- when: the file's last day is inclusive
        {{ close_month_start() }} as billing_period_start,
        {{ close_month_end() }} as billing_period_end,
        charges.charged_from as charge_period_start,
        charges.charged_to + interval 1 day as charge_period_end,

        ---------- kind: an unmapped word stays null, for the focus gate to refuse
        charges.charge_category,
        case when charges.changes_the_past and charges.charged_from < {{ close_month_start() }} then 'Correction' end as charge_class,
        case
            when charges.part in ('margin', 'tax') then 'One-Time'
            when charges.charge_category = 'Purchase' and charges.billing_frequency is null then 'One-Time'
            when charges.charge_category is not null then charges.type_frequency
        end as charge_frequency,
        case
            when charges.part = 'margin' then 'Partner earned credit: ' || coalesce(charges.meter_description, charges.sku_name)
            when charges.part = 'tax' then 'Tax: ' || coalesce(charges.meter_description, charges.sku_name)
            when charges.part = '' then coalesce(charges.meter_description, charges.sku_name)
        end as charge_description,
        case when charges.charge_category in ('Usage', 'Purchase') then 'Standard' end as pricing_category,

        ---------- money
        charges.currency as billing_currency,
        charges.cost as billed_cost,
        charges.cost as effective_cost,
        charges.cost as contracted_cost,
        -- Price list × quantity, in the billing currency; what has no list price costs what it costs (FOCUS 1.2, ListCost).
        case
            when charges.charge_category in ('Usage', 'Purchase') and charges.list_unit_price is not null then charges.listed_cost
            when charges.charge_category in ('Tax', 'Credit') then charges.cost
        end as list_cost,
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

    from charges
    left join services on coalesce(charges.meter_description, charges.product_name) = services.service_key
    left join terms on charges.term_and_billing_cycle = terms.term_and_billing_cycle

)

select {{ focus_columns('mapped', absent=[
    'availability_zone', 'capacity_reservation_id', 'capacity_reservation_status', 'commitment_discount_category',
    'commitment_discount_id', 'commitment_discount_name', 'commitment_discount_quantity', 'commitment_discount_status',
    'commitment_discount_type', 'commitment_discount_unit', 'pricing_currency_effective_cost', 'region_id', 'region_name',
    'resource_id', 'resource_name', 'resource_type', 'sku_price_details', 'tags'
]) }}
from mapped
