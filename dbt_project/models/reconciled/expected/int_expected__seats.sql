{{ config(materialized='view') }}
-- What a unit's contract expects to be billed by quantity and time: signed quantity from one day to another, at a monthly
-- price. Licences take the provider's quantity; a fixed fee, like a meter's base fee, is one unit for the days on which it
-- is live; an own service priced per unit has no provider, so the contract's quantity stands.
with segments as (

    select *
    from {{ ref('int_charges__segments') }}
    where price_basis = 'per_unit' and seat_quantity is not null and state in ('live', 'trial')

),

-- Renewals since the price was agreed, up to the charge's first day; each raises the price by the uplift.
renewed as (

    select
        *,
        case
            when uplift_pct is null or term not in ('P1Y', 'P3Y') then 0
            else {{ whole_quotient(whole_years('start_date', 'charge_from'), term_years('term')) }}
                - {{ whole_quotient(whole_years('start_date', 'greatest(priced_from, start_date)'), term_years('term')) }}
        end as renewals
    from segments

),

priced as (

    select
        *,
        case
            when state = 'trial' then cast(0 as decimal(38, 12))
            else {{ decimal_multiply(
                decimal_multiply('monthly_price', '1 - case when segment_from <= promo_end then coalesce(promo_discount_pct, 0) else 0 end * 0.01'),
                compound('coalesce(uplift_pct, 0)', 'renewals')
            ) }}
        end as price,
        lower(original_charge_type) in ('addquantity', 'removequantity', 'movequantity', 'add', 'remove') as is_change
    from renewed

),

licences as (

    select
        unit_id,
        subscription_id,
        segment_from as covered_from,
        segment_to as covered_to,
        price,
        max(case when state = 'trial' then price else coalesce(uplifted_from_price, monthly_price) end) as price_before_uplift,
        max(renewals + case when uplifted_from_price is null then 0 else 1 end) as renewals,
        max(case when promo_end < segment_from then promo_discount_pct end) as ended_promo_pct,
        sum(seat_quantity) as quantity,
        count_if(not is_change and seat_quantity > 0) > 0 as is_base,
        charge_class = 'Correction' and segment_to <= {{ period_start() }} as is_correction
    from priced
    group by
        unit_id, subscription_id, segment_from, segment_to, price,
        charge_class = 'Correction' and segment_to <= {{ period_start() }}

),

live_days as (

    select
        'subscription:' || spans.subscription_id as unit_id,
        spans.subscription_id,
        greatest(spans.span_from, {{ period_start() }}) as covered_from,
        least(spans.span_to, {{ period_end() }} + 1) as covered_to,
        case when spans.span_from <= spans.promo_end
                then {{ decimal_multiply('spans.monthly_price', '1 - coalesce(spans.promo_discount_pct, 0) * 0.01') }}
            else spans.monthly_price
        end as price,
        coalesce(spans.uplifted_from_price, spans.monthly_price) as price_before_uplift,
        case when spans.uplifted_from_price is null then 0 else 1 end as renewals,
        case when spans.promo_end < spans.span_from then spans.promo_discount_pct end as ended_promo_pct,
        spans.price_basis,
        case when spans.price_basis in ('fixed_fee', 'metered') then cast(1 as decimal(38, 12)) else spans.contract_quantity end as quantity
    from {{ ref('int_contract__spans') }} as spans
    inner join {{ ref('int_contract__subscriptions') }} as subscriptions
        on spans.subscription_id = subscriptions.subscription_id
    where spans.state = 'live'
        and spans.span_from <= {{ period_end() }}
        and spans.span_to > {{ period_start() }}
        and (
            spans.price_basis in ('fixed_fee', 'metered')
            or (spans.price_basis = 'per_unit' and (subscriptions.provider = 'own' or subscriptions.family = 'own_service'))
        )

)

select
    *,
    true as is_charged
from licences
union all
select
    unit_id,
    subscription_id,
    covered_from,
    covered_to,
    price,
    price_before_uplift,
    renewals,
    ended_promo_pct,
    quantity,
    true as is_base,
    false as is_correction,
    false as is_charged
from live_days
where quantity is not null
