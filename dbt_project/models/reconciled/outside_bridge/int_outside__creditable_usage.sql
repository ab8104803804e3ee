-- What could earn partner earned credit: each Azure meter of Microsoft's own on each day of the daily usage, or, for a plan
-- without it, each line of the invoice with what it earned. Third parties' meters and spot capacity never earn it.
with usage_days as (

    select
        provider_subscription_id,
        sub_account_id as entitlement_id,
        coalesce(sku_meter, provider_product_code) as meter,
        cast(charge_period_start as date) as used_on,
        invoice_id,
        billing_currency,
        billed_cost as list_cost,
        coalesce(pec_pct, 0) as pec_pct,
        cast(null as decimal(38, 12)) as earned_credit
    from {{ ref('int_focus__azure_usage_detail') }}
    where charge_category = 'Usage'
        and not is_partner_margin
        and not publisher_is_third_party
        and billed_cost > 0
        -- spot capacity never earns the credit (Partner Center, partner earned credit FAQ)
        and lower(coalesce(sku_meter, charge_description, '')) not like '%spot%'

),

credits as (

    select
        source_file,
        source_row,
        -sum(billed_cost) as earned_credit
    from {{ ref('int_focus__charges') }}
    where source = 'microsoft_csp_invoice' and is_partner_margin
    group by source_file, source_row

),

invoice_lines as (

    select
        focus.provider_subscription_id,
        focus.provider_subscription_id as entitlement_id,
        coalesce(focus.sku_meter, focus.provider_product_code) as meter,
        cast(null as date) as used_on,
        focus.invoice_id,
        focus.billing_currency,
        focus.billed_cost as list_cost,
        coalesce(focus.pec_pct, 0) as pec_pct,
        coalesce(credits.earned_credit, 0) as earned_credit
    from {{ ref('int_focus__charges') }} as focus
    left join credits on focus.source_file = credits.source_file and focus.source_row = credits.source_row
    where focus.source = 'microsoft_csp_invoice'
        and focus.charge_category = 'Usage'
        and not focus.is_partner_margin
        and not focus.publisher_is_third_party
        and focus.billed_cost > 0
        and lower(coalesce(focus.sku_meter, focus.charge_description, '')) not like '%spot%'
        and focus.provider_subscription_id not in (
            select provider_subscription_id from usage_days where provider_subscription_id is not null
        )

)

{% for usage in ['usage_days', 'invoice_lines'] %}
    select
        provider_subscription_id,
        entitlement_id,
        meter,
        used_on,
        invoice_id,
        billing_currency,
        list_cost,
        pec_pct,
        earned_credit
    from {{ usage }}
    {{ 'union all' if not loop.last }}
{% endfor %}
