-- One country of the region.
select
    country,
    name_es as name,
    name_es,
    name_pt,
    name_en,
    currency,
    currency_decimals,
    fx_rule,
    tax_rule,
    timezone
from {{ ref('countries') }}
