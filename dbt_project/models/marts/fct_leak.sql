-- One finding of one class on one atom. Every finding here stands in this close; what became of it is not known until somebody
-- decides on it, so no column says so.
select
    *,
    class_code = 'BL02' as is_rounding
from {{ ref('int_leaks') }}
