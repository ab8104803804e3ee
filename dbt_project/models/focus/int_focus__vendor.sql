{{ config(materialized='view') }}
-- Every licence charge of a vendor as one FOCUS charge.
{%- set content = [
    'vendor', 'invoice_id', 'line_no', 'licence_id', 'customer_ref', 'product_code', 'charge_type', 'quantity', 'unit_price',
    'amount', 'currency', 'period_from', 'period_to'
] %}
with services as (

    {{ services(ref('stg_vendor__licence_charges'), 'vendor', 'vendor') }}

),

repeated as (

    {{ repeated_lines(ref('stg_vendor__licence_charges'), content) }}

),

mapped as (

    select
        ---------- ours
        {{ charge_id(content_id(content, 'lines'), 'repeated.ordinal') }} as charge_id,
        lines.close_period,
        'vendor' as source,
        lower(lines.vendor) as provider,
        lines.delivery_sha256,
        lines.source_file,
        lines.source_row,
        lines.charge_type as original_charge_type,
        false as is_partner_margin,
        'vendor_account' as customer_id_system,
        lines.licence_id as provider_customer_id,
        lines.customer_ref as provider_customer_name,
        lines.licence_id as provider_subscription_id,
        lines.product_code as provider_product_code,
        -- Vendors write removals either as a negative quantity or as a positive one with a negative amount. The money decides;
        -- where it is 0.00, the quantity's own sign does, and last the charge word.
        case
            when lines.amount = 0 and lines.quantity > 0 then lines.quantity * types.seats_when_free
            when lines.amount is not null then {{ signed_by_money('lines.quantity', 'lines.amount') }}
        end as seat_quantity,
        false as publisher_is_third_party,
        {{ states_other_period('lines.period_from') }} as states_other_period,

        ---------- who and what
        lines.vendor as billing_account_id,
        lines.vendor as billing_account_name,
        'Vendor' as billing_account_type,
        lines.licence_id as sub_account_id,
        lines.customer_ref as sub_account_name,
        'Licence' as sub_account_type,
        lines.invoice_id,
        lines.vendor as invoice_issuer_name,
        lines.vendor as provider_name,
        lines.vendor as publisher_name,
        coalesce(lines.description, lines.product_code) as service_name,
        services.service_category,
        services.service_subcategory,
        lines.product_code as sku_id,
        lines.product_code as sku_price_id,

        ---------- when: the file's last day is inclusive
        {{ close_month_start() }} as billing_period_start,
        {{ close_month_end() }} as billing_period_end,
        lines.period_from as charge_period_start,
        lines.period_to + interval 1 day as charge_period_end,

        ---------- kind: an unmapped word stays null, for the focus gate to refuse
        types.charge_category,
        case when lines.period_to < {{ close_month_start() }} then 'Correction' end as charge_class,
        types.charge_frequency,
        coalesce(lines.description, lines.product_code) as charge_description,
        case when types.charge_category = 'Purchase' then 'Standard' end as pricing_category,

        ---------- money
        lines.currency as billing_currency,
        lines.amount as billed_cost,
        lines.amount as effective_cost,
        lines.amount as contracted_cost,
        -- A vendor that states no list price sells at the price it states.
        case
            when types.charge_category = 'Purchase' and lines.list_price is not null and lines.amount < 0
                then -{{ decimal_multiply('lines.list_price', 'abs(lines.quantity)') }}
            when types.charge_category = 'Purchase' and lines.list_price is not null
                then {{ decimal_multiply('lines.list_price', 'lines.quantity') }}
            when types.charge_category is not null then lines.amount
        end as list_cost,
        case when types.charge_category = 'Purchase' then coalesce(lines.list_price, lines.unit_price) end as list_unit_price,
        case when types.charge_category = 'Purchase' then lines.unit_price end as contracted_unit_price,
        case when types.charge_category = 'Purchase' then lines.quantity end as pricing_quantity,
        case when types.charge_category = 'Purchase' then 'Licenses' end as pricing_unit

    from {{ ref('stg_vendor__licence_charges') }} as lines
    left join {{ ref('vendor_charge_types') }} as types on lower(lines.charge_type) = types.charge_type
    left join services on lines.vendor = services.service_key
    left join repeated on lines.source_file = repeated.source_file and lines.source_row = repeated.source_row

)

select {{ focus_columns('mapped', absent=[
    'provider_customer_domain', 'subscription_started_on', 'subscription_ends_on', 'term', 'billing_frequency', 'promotion_id',
    'pec_pct', 'exchange_rate', 'availability_zone', 'capacity_reservation_id', 'capacity_reservation_status',
    'commitment_discount_category', 'commitment_discount_id', 'commitment_discount_name', 'commitment_discount_quantity',
    'commitment_discount_status', 'commitment_discount_type', 'commitment_discount_unit', 'consumed_quantity', 'consumed_unit',
    'pricing_currency', 'pricing_currency_contracted_unit_price', 'pricing_currency_effective_cost',
    'pricing_currency_list_unit_price', 'region_id', 'region_name', 'resource_id', 'resource_name', 'resource_type',
    'sku_meter', 'sku_price_details', 'tags'
]) }}
from mapped
