-- What another price than the contract's makes of each compared unit, its losses apart from its over-billing: seats by the day,
-- and of other amounts what no named cause explains. In the contract's currency.
with days as (

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
    from days
    group by unit_id, round(billed_price, 6)

)

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

union all

select
    unit_id,
    rest_amount - named_amount > 0 as is_loss,
    rest_amount - named_amount as contract_amount,
    cast(null as date) as first_day,
    cast(null as date) as last_day,
    priced_amount as contract_price,
    priced_amount - rest_amount as billed_price,
    cast(0 as decimal(38, 12)) as quantity
from {{ ref('int_bridge__amounts') }}
where rest_amount <> named_amount
