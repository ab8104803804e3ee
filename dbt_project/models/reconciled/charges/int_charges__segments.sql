{{ config(materialized='view') }}
{%- set contract_terms = [
    'price_basis', 'monthly_price', 'uplifted_from_price', 'price_value', 'promo_end', 'promo_discount_pct', 'uplift_pct', 'term',
    'start_date', 'priced_from'
] %}
-- The customer-chargeable charges of subscriptions, cut where the contract's terms change and on the day after the transfer day.
-- A charge's cost is shared by days; the shares are differences of running shares, so that they add up to the cost exactly.
with charges as (

    select *
    from {{ ref('int_charges__matched') }}
    where charge_kind = 'cost' and subscription_id is not null

),

stays as (

    select
        *,
        charge_from as stay_from,
        least(charge_to, coalesce(left_on, charge_to)) as stay_to,
        false as has_left
    from charges
    where left_on is null or left_on > charge_from
    union all
    select
        *,
        greatest(charge_from, left_on) as stay_from,
        charge_to as stay_to,
        true as has_left
    from charges
    where left_on < charge_to

),

spans as (

    select * from {{ ref('int_contract__spans') }}

),

cut as (

    select
        charges.charge_id,
        charges.unit_id,
        charges.subscription_id,
        charges.provider,
        charges.charge_category,
        charges.charge_class,
        charges.original_charge_type,
        charges.is_third_party,
        charges.billing_currency,
        charges.charge_from,
        charges.charge_to,
        charges.seat_quantity,
        charges.consumed_quantity,
        charges.billed_cost,
        charges.list_cost,
        greatest(charges.stay_from, spans.span_from) as segment_from,
        least(charges.stay_to, spans.span_to) as segment_to,
        case
            when charges.has_left then 'departed'
            -- A correction of an earlier month is settled on the terms there are, even from before the contract.
            when charges.charge_class = 'Correction' and charges.charge_to <= {{ period_start() }} and spans.state = 'before' then 'live'
            else spans.state
        end as state,
    {%- for term in contract_terms %}
        spans.{{ term }}{{ ',' if not loop.last }}
    {%- endfor %}
    from stays as charges
    inner join spans
        on charges.subscription_id = spans.subscription_id
        and spans.span_from < charges.stay_to
        and spans.span_to > charges.stay_from

),

shared as (

    select
        *,
        segment_from = charge_from and segment_to = charge_to as is_whole,
        {{ days_between('charge_from', 'charge_to') }} as charge_days,
        {{ days_between('charge_from', 'segment_from') }} as days_before,
        {{ days_between('charge_from', 'segment_to') }} as days_through
    from cut

)

select
    charge_id,
    unit_id,
    subscription_id,
    provider,
    charge_category,
    charge_class,
    original_charge_type,
    is_third_party,
    billing_currency,
    charge_from,
    charge_to,
    segment_from,
    segment_to,
    state,
    seat_quantity,
    consumed_quantity,
    {%- for term in contract_terms %}
        {{ term }},
    {%- endfor %}
    case when is_whole then billed_cost else
            {{ decimal_divide('billed_cost * days_through', 'charge_days') }}
            - {{ decimal_divide('billed_cost * days_before', 'charge_days') }}
    end as cost,
    case when is_whole then list_cost else
            {{ decimal_divide('list_cost * days_through', 'charge_days') }}
            - {{ decimal_divide('list_cost * days_before', 'charge_days') }}
    end as list_cost
from shared
