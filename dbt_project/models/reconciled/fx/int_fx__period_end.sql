-- Each pair's rate by its country's rule on the last day of the month being closed.
select
    country,
    base_currency,
    quote_currency,
    rate,
    rate_date,
    is_carried
from {{ ref('int_fx__rule') }}
where on_date = {{ period_end() }}
