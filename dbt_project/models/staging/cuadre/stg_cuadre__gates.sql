-- Verdicts of this close's gates so far; a null country means the whole close.
select
    close_period,
    floor,
    source,
    country,
    passed
from {{ source('cuadre', 'gates') }}
