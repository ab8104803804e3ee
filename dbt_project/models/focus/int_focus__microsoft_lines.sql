{{ config(materialized='view') }}
-- Which charges a line of a Partner Center invoice file gives, and of what kind, time and amount each is: the line before partner
-- earned credit, the credit (the partner's margin) and the tax. The three add up to the file's Subtotal + TaxTotal.
{%- set content = [
    'partner_tenant_id', 'customer_tenant_id', 'invoice_id', 'order_id', 'ordered_at', 'product_id', 'sku_id',
    'availability_id', 'charge_type', 'list_unit_price', 'quantity', 'net_cost', 'tax_cost', 'currency', 'price_adjustments',
    'provider_subscription_id', 'charged_from', 'charged_to', 'effective_unit_price', 'billable_quantity', 'exchange_rate',
    'meter_description', 'reservation_order_id', 'credit_reason_code', 'reference_id'
] %}
{%- set as_stated = [
    'close_period', 'delivery_sha256', 'source_file', 'source_row', 'partner_tenant_id', 'partner_name', 'customer_tenant_id',
    'customer_name', 'customer_domain_name', 'provider_subscription_id', 'subscription_started_on', 'subscription_ends_on',
    'billing_frequency', 'invoice_id', 'product_id', 'sku_id', 'availability_id', 'sku_name', 'product_name',
    'meter_description', 'offer_name', 'publisher_name', 'provider_name', 'promotion_id', 'currency', 'exchange_rate',
    'pricing_currency', 'list_unit_price', 'effective_unit_price', 'billable_quantity', 'unit_type'
] %}
with services as (

    {{ services(ref('stg_microsoft_csp_invoice__lines'), 'coalesce(meter_description, product_name)', 'microsoft') }}

),

terms as (

    {{ terms(ref('stg_microsoft_csp_invoice__lines'), 'term_and_billing_cycle') }}

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
        case lines.part when 'tax' then 'Tax' when 'margin' then 'Credit' else types.charge_category end as charge_category,
        case
            when lines.part = 'tax' then lines.tax_cost
            when lines.part = 'margin' then lines.net_cost - lines.cost_before_credit
            when lines.pec_pct > 0 and lines.pec_pct < 100 then lines.cost_before_credit
            else lines.net_cost
        end as billed_cost,
        {{ charge_id('lines.content_id', 'repeated.ordinal', 'lines.part') }} as charge_id
    from parts as lines
    left join {{ ref('microsoft_charge_types') }} as types
        on lower(lines.charge_type) = lower(types.charge_type) and lines.line_kind = types.line_kind
    left join repeated on lines.source_file = repeated.source_file and lines.source_row = repeated.source_row

)

select
    charges.charge_id,
    {{ columns_of('charges', as_stated) }},
    services.service_category,
    services.service_subcategory,
    terms.term,
    charges.line_kind,
    charges.part,

    ---------- kind: an unmapped word stays null, for the focus gate to refuse
    charges.charge_type as original_charge_type,
    charges.charge_category,
    case when charges.changes_the_past and charges.charged_from < {{ close_month_start() }} then 'Correction' end as charge_class,
    case
        when charges.part <> '' or (charges.charge_category = 'Purchase' and charges.billing_frequency is null) then 'One-Time'
        when charges.charge_category is not null then charges.type_frequency
    end as charge_frequency,
    charges.part = 'margin' as is_partner_margin,

    ---------- when: the file's last day is inclusive
    {{ states_other_period('charges.charged_from') }} as states_other_period,
    charges.charged_from as charge_period_start,
    charges.charged_to + interval 1 day as charge_period_end,

    ---------- how much: a credit gives money back, not seats. A seat change is a Purchase line; Microsoft's own pages show the old
    -- quantity going out both as a negative quantity and as a positive one with a negative amount, so the money decides the sign.
    case when charges.part = '' and charges.line_kind = 'licence' and charges.charge_category = 'Purchase'
            then {{ signed_by_money('charges.billable_quantity', 'charges.net_cost') }}
    end as seat_quantity,
    charges.pec_pct,
    charges.billed_cost,
    -- Price list × quantity, in the billing currency; what has no list price costs what it costs (FOCUS 1.2, ListCost).
    case
        when charges.charge_category in ('Usage', 'Purchase') and charges.list_unit_price is not null then charges.listed_cost
        when charges.charge_category in ('Tax', 'Credit') then charges.billed_cost
    end as list_cost
from charges
left join services on coalesce(charges.meter_description, charges.product_name) = services.service_key
left join terms on charges.term_and_billing_cycle = terms.term_words
