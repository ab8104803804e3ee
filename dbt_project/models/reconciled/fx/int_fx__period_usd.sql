-- What one US dollar is worth in each currency on the last day of the month being closed.
select
    currency,
    units_per_usd,
    rate_date,
    is_carried
from {{ ref('int_fx__usd') }}
where on_date = {{ period_end() }}
