{#-
  What the reconciliation says of one charge: its bucket, the class that put it there, and its cost in USD. Asked twice: by the
  narrow table that the gate judges, and by the mart, which has all columns of a charge.
-#}
{% macro charge_verdict() -%}
    case
        when charges.charge_kind = 'tax' then 'TAX'
        when charges.charge_kind = 'partner_margin' then 'PARTNER_MARGIN'
        when charges.charge_kind = 'rounding' then 'ROUNDING'
        when charges.is_internal then 'INTERNAL'
        when disputed.charge_id is not null and classes.bucket in ('MATCHED', 'WITHIN_TOLERANCE') then 'DISPUTE'
        else classes.bucket
    end as bucket,
    case
        when charges.charge_kind <> 'cost' then null
        when disputed.charge_id is not null and classes.bucket in ('MATCHED', 'WITHIN_TOLERANCE') then disputed.class_code
        else classes.class_code
    end as class_code,
    {{ decimal_divide('charges.billed_cost', 'month_end_rates.units_per_usd') }} as billed_cost_usd
{%- endmacro %}

{#- The relations that charge_verdict reads, joined to `charges`. Each is far smaller than the charges. -#}
{% macro charge_verdict_joins() -%}
left join {{ ref('int_unit__classes') }} as classes on charges.unit_id = classes.unit_id
left join {{ ref('int_fx__usd') }} as month_end_rates
    on charges.billing_currency = month_end_rates.currency and month_end_rates.on_date = {{ period_end() }}
left join {{ ref('int_charges__disputed') }} as disputed on charges.charge_id = disputed.charge_id
{%- endmacro %}
