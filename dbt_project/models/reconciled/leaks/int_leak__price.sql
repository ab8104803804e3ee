-- PR01, PR02, PR05, TP10, BL03, FX03, FX06: quantity and days agree, the price does not. Data that names a cause decides the
-- class: a person's override, an ended promotion, an uplift that never came, a frozen or mis-scaled exchange rate.
with units as (

    select * from {{ ref('int_bridge__units') }} where route = 'compare'

),

priced_days as (

    select
        *,
        case when billed_quantity <> 0 then {{ decimal_divide('billed_value', 'billed_quantity') }} end as billed_price
    from {{ ref('int_bridge__days') }}
    where price_amount <> 0

),

-- One price billed over days of two contract prices is judged over all of them: their mean is no mistake.
billed_prices as (

    select
        unit_id,
        round(billed_price, 6) as billed_price,
        sum(price_amount) as contract_amount,
        min(slice_from) as first_day,
        max(slice_to) - 1 as last_day,
        case when sum(price_amount) > 0 then max_by(price, price_amount) else min_by(price, price_amount) end as contract_price,
        sum({{ for_ticks('abs(billed_quantity)', 'ticks') }}) as quantity
    from priced_days
    group by unit_id, round(billed_price, 6)

),

days as (

    select
        unit_id,
        contract_amount > 0 as is_loss,
        sum(contract_amount) as contract_amount,
        min(first_day) as first_day,
        max(last_day) as last_day,
        max(contract_price) as contract_price,
        max(billed_price) as billed_price,
        sum(quantity) as quantity
    from billed_prices
    where contract_amount <> 0
    group by unit_id, contract_amount > 0

),

terms as (

    select
        unit_id,
        max(renewals) as renewals,
        max(price_before_uplift) as price_before_uplift,
        max(ended_promo_pct) as ended_promo_pct
    from {{ ref('int_expected__coverage') }}
    group by unit_id

),

discounts as (

    select unit_id, max(discount_pct) as discount_pct
    from {{ ref('int_bridge__lines') }}
    where kept_amount <> 0
    group by unit_id

),

amounts as (

    select
        amounts.unit_id,
        amounts.rest_amount - amounts.named_amount > 0 as is_loss,
        amounts.rest_amount - amounts.named_amount as contract_amount,
        cast(null as date) as first_day,
        cast(null as date) as last_day,
        amounts.priced_amount as contract_price,
        amounts.priced_amount - amounts.rest_amount as billed_price,
        cast(0 as decimal(38, 12)) as quantity
    from {{ ref('int_bridge__amounts') }} as amounts
    where amounts.rest_amount <> amounts.named_amount

),

judged as (

    select
        parts.*,
        units.company_id,
        units.invoice_id,
        units.expected_rate,
        case
            when units.has_override then 'BL03'
            when units.has_no_rate then 'FX03'
            when units.currency <> units.contract_currency
                and parts.billed_price > 0 and (parts.billed_price * 10 <= parts.contract_price or parts.billed_price >= parts.contract_price * 10)
                then 'FX06'
            when parts.is_loss and terms.renewals > 0
                and abs(parts.billed_price - terms.price_before_uplift) * 20 <= abs(parts.contract_price - terms.price_before_uplift)
                then 'TP10'
            when parts.is_loss and terms.ended_promo_pct > 0
                and (discounts.discount_pct > 0
                    or abs(parts.contract_price - parts.billed_price - parts.contract_price * terms.ended_promo_pct * 0.01) * 200
                        <= parts.contract_price)
                then 'PR05'
            when parts.is_loss then 'PR01'
            else 'PR02'
        end as class_code,
        terms.price_before_uplift,
        terms.ended_promo_pct,
        discounts.discount_pct,
        {{ decimal_multiply('parts.contract_amount', 'units.expected_rate') }} as document_amount
    from (
        select * from days
        union all
        select * from amounts
    ) as parts
    inner join units on parts.unit_id = units.unit_id
    left join terms on parts.unit_id = terms.unit_id
    left join discounts on parts.unit_id = discounts.unit_id

),

summed as (

    select
        unit_id,
        class_code,
        case when class_code in ('FX03', 'FX06') then 'fx' else 'price' end as effect,
        sum(document_amount) as amount,
        case class_code when 'FX06' then max(company_id) || ':' || max(invoice_id) else '' end as atom_key,
        max(invoice_id) as invoice_id,
        cast(null as varchar) as customer_id,
        {{ evidence({
            'contract_price': 'max(contract_price)', 'billed_price': 'max(billed_price)',
            'price_before_uplift': 'max(price_before_uplift)', 'discount_pct': 'max(discount_pct)',
            'ended_promotion_pct': 'max(ended_promo_pct)', 'quantity_in_months': 'sum(quantity)',
            'from': 'min(first_day)', 'to': 'max(last_day)', 'expected_rate': 'max(expected_rate)'
        }) }} as evidence
    from judged
    group by unit_id, class_code

)

select {{ bridge_columns() }}
from summed
