-- One row, this close.
select
    close_period,
    close_id,
    origin,
    manifest_sha256,
    rules_version,
    as_of
from {{ source('cuadre', 'close') }}
