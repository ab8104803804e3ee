-- PR01, PR02, PR05, TP10, BL03, FX03, FX06: quantity and days agree, the price does not. Data that names a cause decides the
-- class: a person's override, an ended promotion, an uplift that never came, a frozen or mis-scaled exchange rate.
with terms as (

    select
        unit_id,
        max(renewals) as renewals,
        max(price_before_uplift) as price_before_uplift,
        max(ended_promo_pct) as ended_promo_pct
    from {{ ref('int_expected__coverage') }}
    group by unit_id

),

discounts as (

    select
        unit_id,
        max(discount_pct) as discount_pct
    from {{ ref('int_bridge__lines') }}
    where kept_amount <> 0
    group by unit_id

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
                and (
                    discounts.discount_pct > 0
                    or abs(parts.contract_price - parts.billed_price - parts.contract_price * terms.ended_promo_pct * 0.01) * 200
                    <= parts.contract_price
                )
                then 'PR05'
            when parts.is_loss then 'PR01'
            else 'PR02'
        end as class_code,
        terms.price_before_uplift,
        terms.ended_promo_pct,
        discounts.discount_pct,
        {{ decimal_multiply('parts.contract_amount', 'units.expected_rate') }} as document_amount
    from {{ ref('int_bridge__price_differences') }} as parts
    inner join {{ ref('int_bridge__units') }} as units on parts.unit_id = units.unit_id and units.route = 'compare'
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
        cast(null as string) as customer_id,
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
