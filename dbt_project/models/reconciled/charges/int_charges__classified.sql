{{ config(materialized='view') }}
-- Every provider line in exactly one bucket, with the class that put it there.
select
    charges.charge_id,
    charges.source_file,
    charges.source_row,
    charges.country,
    charges.customer_id,
    charges.subscription_id,
    charges.unit_id,
    {{ charge_verdict() }}
from {{ ref('int_charges__matched') }} as charges
{{ charge_verdict_joins() }}
