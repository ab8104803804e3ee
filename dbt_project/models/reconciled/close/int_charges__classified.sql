{{ config(materialized='view') }}
-- Every provider line in exactly one bucket, with the class that put it there.
with month_end_rates as (

    select currency, units_per_usd
    from {{ ref('int_fx__usd') }}
    where on_date = {{ period_end() }}

),

classes as (

    select * from {{ ref('int_unit__classes') }}

)

select
    charges.charge_id,
    charges.source_file,
    charges.source_row,
    charges.country,
    charges.customer_id,
    charges.subscription_id,
    charges.unit_id,
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
from {{ ref('int_charges__matched') }} as charges
left join classes on charges.unit_id = classes.unit_id
left join month_end_rates on charges.billing_currency = month_end_rates.currency
left join {{ ref('int_charges__disputed') }} as disputed on charges.charge_id = disputed.charge_id
