-- Fiscal ids as stated, normalised and validated.
select
    country,
    fiscal_id,
    fiscal_id_norm,
    is_valid,
    is_generic,
    group_root
from {{ source('cuadre', 'fiscal_ids') }}
