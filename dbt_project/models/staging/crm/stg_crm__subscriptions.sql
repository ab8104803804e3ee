-- One subscription of one contract, as valid between two dates (a change of quantity or price is a new row).
with source as (

    select * from {{ source('crm', 'subscriptions') }}

)

select
    subscription_id,
    contract_id,
    customer_id,
    provider,
    provider_subscription_id,
    product_code,
    family,
    quantity,
    price_basis,
    unit_price,
    price_value,
    price_period,
    currency,
    term,
    billing_frequency,
    start_date,
    end_date,
    suspended_from,
    suspended_to,
    trial_end,
    auto_renew,
    valid_from,
    valid_to,
    status,
    min_commit_amount,
    included_quantity,
    overage_price,
    uplift_pct,
    promo_end,
    promo_discount_pct,
    pass_credits,
    margin_floor_pct,

    ---------- provenance
    {{ provenance() }}

from source
