-- One subscription as its contract stands at the end of the month.
select
    subscription_id,
    customer_id,
    provider,
    provider_subscription_id,
    product_code,
    family,
    price_basis,
    start_date,
    end_date,
    status
from {{ ref('int_contract__subscriptions') }}
