{{ config(materialized='charge_files' if target.type == 'duckdb' else 'table') }}
-- depends_on: {{ ref('int_focus__charges') }}
-- Every charge of every provider in FOCUS 1.2, with the unit, the bucket and the class that the reconciliation gave it. One pass
-- over the focus floor's table, in its order: whatever is joined to a charge is far smaller than the charges.
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
