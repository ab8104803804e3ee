{{ config(materialized='view') }}
-- Every charge of every provider in FOCUS 1.2, with the unit, the bucket and the class that the reconciliation gave it: what
-- fct_provider_charge holds. One pass over the focus floor's table, in its order: whatever is joined to a charge is far smaller.
select
    {%- for name, _ in focus_column_types() %}
        charges.{{ name }},
    {%- endfor %}
    charges.country,
    charges.customer_id,
    charges.subscription_id,
    charges.unit_id,
    {{ charge_verdict() }}
from {{ ref('int_charges__unit') }} as charges
{{ charge_verdict_joins() }}
