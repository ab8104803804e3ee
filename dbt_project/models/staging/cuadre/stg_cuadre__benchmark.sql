-- One leak class of the last detection benchmark: what was seeded, what of it was found, and the interval of that share.
select
    class_code,
    seeded as seeded_count,
    found as found_count,
    recall,
    recall_low,
    recall_high
from {{ source('cuadre', 'benchmark') }}
where class_code <> 'ALL'
