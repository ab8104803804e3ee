-- R of every subscription unit in the contract's currency, part by part.
with subscriptions as (

    select * from {{ ref('int_contract__subscriptions') }}

),

seats as (

    select
        unit_id,
        -- One division for the whole unit, so that credit and re-bill expect to the last decimal what one line expects.
        {{ for_ticks("sum(case when not is_correction then " ~ decimal_multiply('quantity', 'price') ~ " * ticks else 0 end)", '1') }}
            as amount,
        {{ for_ticks("sum(case when is_correction then " ~ decimal_multiply('quantity', 'price') ~ " * ticks else 0 end)", '1') }}
            as correction_amount,
        {{ for_ticks('sum(case when not is_correction then quantity * ticks else 0 end)', '1') }} as quantity
    from {{ ref('int_expected__coverage') }}
    group by unit_id

),

usage as (

    select * from {{ ref('int_expected__converted') }}

),

meters as (

    select * from {{ ref('int_expected__meters') }}

),

summed as (

    select
        'subscription:' || subscriptions.subscription_id as unit_id,
        subscriptions.subscription_id,
        usage.unit_id is not null as has_charges,
        coalesce(usage.has_live, false) as has_live_charges,
        coalesce(usage.has_licences, false) as has_licences,
        coalesce(usage.has_renewal, false) as has_renewal,
        seats.unit_id is not null as has_seats,
        subscriptions.price_basis in ('per_unit', 'fixed_fee') and seats.unit_id is not null as is_priced_by_seat,
        seats.quantity,
        coalesce(usage.cost, 0) as cost,
        coalesce(seats.amount, 0) + coalesce(usage.amount, 0) + coalesce(meters.overage_amount, 0) as priced_amount,
        coalesce(usage.amount, 0) as usage_amount,
        coalesce(meters.overage_amount, 0) as overage_amount,
        meters.read_quantity,
        coalesce(seats.correction_amount, 0) + coalesce(usage.correction_amount, 0) as correction_amount,
        coalesce(usage.ended_amount, 0) as ended_amount,
        coalesce(usage.suspended_amount, 0) as suspended_amount,
        coalesce(usage.before_amount, 0) as before_amount,
        coalesce(usage.departed_amount, 0) as departed_amount,
        coalesce(usage.third_party_amount, 0) as third_party_amount,
        coalesce(usage.third_party_markup, 0) as third_party_markup,
        coalesce(usage.credit_cost, 0) as credit_cost,
        coalesce(usage.credit_amount, 0) as credit_amount,
        usage.markup_factor,
        coalesce(usage.truncated_amount, 0) as truncated_amount,
        case when subscriptions.is_live_in_period and not subscriptions.is_duplicate then subscriptions.min_commit_amount end
            as min_commit_amount
    from subscriptions
    left join seats on 'subscription:' || subscriptions.subscription_id = seats.unit_id
    left join usage on 'subscription:' || subscriptions.subscription_id = usage.unit_id
    left join meters on 'subscription:' || subscriptions.subscription_id = meters.unit_id

),

committed as (

    select
        *,
        case
            when min_commit_amount > priced_amount and (has_charges or has_seats) then min_commit_amount - priced_amount
            else 0
        end as shortfall_amount,
        ended_amount + suspended_amount + before_amount + departed_amount as dead_amount
    from summed

)

select
    unit_id,
    subscription_id,
    has_charges,
    has_live_charges,
    has_licences,
    has_renewal,
    has_seats,
    case when is_priced_by_seat and shortfall_amount = 0 then 'coverage' else 'amount' end as mode,
    quantity,
    cost,
    priced_amount,
    usage_amount,
    overage_amount,
    read_quantity,
    correction_amount,
    ended_amount,
    suspended_amount,
    before_amount,
    departed_amount,
    third_party_amount,
    third_party_markup,
    credit_cost,
    credit_amount,
    markup_factor,
    truncated_amount,
    min_commit_amount,
    shortfall_amount,
    dead_amount,
    priced_amount + shortfall_amount + correction_amount + dead_amount as expected_amount
from committed
