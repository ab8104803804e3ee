{{ config(materialized='view') }}
-- What a subscription's consumption should bring, in the provider's billing currency: the price basis applied to the
-- customer-chargeable cost, with the parts that a leak may be about named apart. A provider credit is inside unless the
-- contract keeps it.
with segments as (

    select
        segments.*,
        subscriptions.pass_credits,
        segments.charge_category = 'Credit' as is_credit,
        segments.charge_class = 'Correction' and segments.charge_to <= {{ period_start() }} as is_correction
    from {{ ref('int_charges__segments') }} as segments
    inner join {{ ref('int_contract__subscriptions') }} as subscriptions
        on segments.subscription_id = subscriptions.subscription_id

),

summed as (

    select
        unit_id,
        billing_currency,
        state,
        price_basis,
        price_value,
        monthly_price,
        pass_credits,
        is_credit,
        is_correction,
        is_third_party,
        seat_quantity is not null as is_licence,
        sum(cost) as cost,
        sum(list_cost) as list_cost,
        sum(consumed_quantity) as consumed_quantity,
        count_if(lower(original_charge_type) like '%renew%') > 0 as has_renewal
    from segments
    group by all

),

-- The amount R takes for each part; NULL parts (a basis without its value) stay NULL and stop the marts gate.
valued as (

    select
        *,
        case
            when state in ('ended', 'suspended', 'before', 'departed') then cost
            when state = 'trial' then 0
            when is_credit and not coalesce(pass_credits, price_basis in ('markup_pct_on_cost', 'passthrough')) then 0
            when price_basis = 'markup_pct_on_cost' then {{ decimal_multiply('cost', '1 + price_value') }}
            when price_basis = 'passthrough' then cost
            when price_basis = 'discount_off_list' and is_credit then cost
            when price_basis = 'discount_off_list' then {{ decimal_multiply('list_cost', '1 - price_value') }}
            when price_basis = 'per_unit' and is_credit then cost
            when price_basis = 'per_unit' and (is_licence or consumed_quantity is null) then 0
            when price_basis = 'per_unit' then {{ decimal_multiply('consumed_quantity', 'monthly_price') }}
            when price_basis in ('fixed_fee', 'metered') then 0
        end as amount
    from summed

)

select
    unit_id,
    billing_currency,
    sum(cost) as cost,
    sum(case when state in ('live', 'trial') and not is_correction then amount else 0 end) as amount,
    sum(case when state in ('live', 'trial') and is_correction then amount else 0 end) as correction_amount,
    sum(case when state = 'ended' then amount else 0 end) as ended_amount,
    sum(case when state = 'suspended' then amount else 0 end) as suspended_amount,
    sum(case when state = 'before' then amount else 0 end) as before_amount,
    sum(case when state = 'departed' then amount else 0 end) as departed_amount,
    sum(case when state = 'live' and is_third_party then amount else 0 end) as third_party_amount,
    sum(case when state = 'live' and is_third_party then amount - cost else 0 end) as third_party_markup,
    sum(case when state = 'live' and is_credit then cost else 0 end) as credit_cost,
    sum(case when state = 'live' and is_credit then amount else 0 end) as credit_amount,
    max(case when state = 'live' then 1 + price_value end) as markup_factor,
    bool_or(is_licence) as has_licences,
    bool_or(has_renewal) as has_renewal,
    bool_or(state in ('live', 'trial')) as has_live
from valued
group by unit_id, billing_currency
