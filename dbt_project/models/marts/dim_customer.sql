-- One customer account, with what identifies it and the group it belongs to.
select
    customer_id,
    legal_name,
    country,
    fiscal_id,
    fiscal_id_norm,
    fiscal_id_valid,
    segment,
    status,
    golden_customer_id,
    customer_group_id,
    match_method
from {{ ref('int_identity__customers') }}
