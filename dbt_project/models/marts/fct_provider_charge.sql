{{ config(materialized='view') }}
-- Every charge of every provider in FOCUS 1.2, with the unit, the bucket and the class that the reconciliation gave it. A view
-- in the warehouse, because it is as wide as the focus floor's own table; what is published is a table.
select
    charges.*,
    classified.country,
    classified.customer_id,
    classified.subscription_id,
    classified.unit_id,
    classified.bucket,
    classified.class_code,
    cast(classified.billed_cost_usd as decimal(38, 12)) as billed_cost_usd
from {{ ref('int_focus__charges') }} as charges
-- The line is named too, because who asks for some lines of a file then reads no others on either side.
left join {{ ref('int_charges__classified') }} as classified
    on charges.charge_id = classified.charge_id
    and charges.source_file = classified.source_file
    and charges.source_row = classified.source_row
