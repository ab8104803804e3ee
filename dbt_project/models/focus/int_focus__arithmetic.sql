{{ config(materialized='view') }}
-- Every Microsoft line recomputed by Microsoft's own rounding, beside what the file states. A residual is shown, never applied.
-- Tolerance: Microsoft's pages price two prorated seats at 7.74 by one rule and 7.72 by another, so one cent per seat; one cent
-- a usage line.
with invoice_lines as (

    select
        *,
        case when lower(offer_name) = 'azure plan' or meter_description is not null then 'consumption' else 'licence' end as line_kind,
        coalesce({{ partner_earned_credit('price_adjustments') }}, 0) as pec_pct
    from {{ ref('stg_microsoft_csp_invoice__lines') }}

),

recomputed as (

    select
        close_period,
        'microsoft_csp_invoice' as source,
        delivery_sha256,
        source_file,
        source_row,
        invoice_id,
        line_kind,
        currency,
        net_cost as stated_cost,
        case line_kind
            when 'consumption' then {{ microsoft_usage_cost('effective_unit_price', 'billable_quantity', 'exchange_rate') }}
            when 'licence' then {{ microsoft_seat_cost('effective_unit_price', 'billable_quantity', 'exchange_rate') }}
        end as recomputed_cost,
        case when line_kind = 'consumption' then {{ azure_meter_cost('list_unit_price', 'billable_quantity', 'pec_pct') }} end
            as meter_cost,
        billable_quantity as quantity,
        case line_kind when 'consumption' then 0.01 when 'licence' then 0.01 * abs(billable_quantity) end as tolerance,
        -- a price that is not the list's was prorated or discounted, and then cut to the cent
        line_kind = 'consumption'
        or effective_unit_price <> list_unit_price
        or exchange_rate <> 1
        or net_cost <> {{ exact_product('effective_unit_price', 'billable_quantity') }} as may_be_cut,
        total_cost - (net_cost + tax_cost) as total_residual
    from invoice_lines

    union all

    select
        close_period,
        'microsoft_csp_usage' as source,
        delivery_sha256,
        source_file,
        source_row,
        invoice_id,
        'consumption' as line_kind,
        currency,
        net_cost as stated_cost,
        {{ round_down(exact_product(decimal_multiply('effective_unit_price', 'quantity'), 'exchange_rate')) }} as recomputed_cost,
        cast(null as decimal(38, 12)) as meter_cost,
        quantity,
        0.01 as tolerance,
        true as may_be_cut,
        cast(null as decimal(38, 12)) as total_residual
    from {{ ref('stg_microsoft_csp_usage__lines') }}

)

select
    close_period,
    source,
    delivery_sha256,
    source_file,
    source_row,
    invoice_id,
    line_kind,
    currency,
    stated_cost,
    recomputed_cost,
    stated_cost - recomputed_cost as residual,
    cast(tolerance as decimal(38, 12)) as tolerance,
    abs(stated_cost - recomputed_cost) <= tolerance as is_within,
    may_be_cut,
    meter_cost,
    -- The unit price that Microsoft states is the meter's cost over its quantity: EUP = BC / BCU.
    {{ decimal_divide('meter_cost', 'quantity') }} as meter_unit_price,
    total_residual
from recomputed
