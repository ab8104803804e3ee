-- One row, this close.
select
    close_period,
    close_id,
    origin,
    manifest_sha256,
    rules_version,
    as_of,
    completeness,
    provisional_because_es,
    provisional_because_pt,
    provisional_because_en,
    has_ended,
    awaits_erp,
    awaits_crm,
    awaits_provider
from {{ source('cuadre', 'close') }}
