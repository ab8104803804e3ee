-- Each slice's quantity, period and price effect, per month. Where neither side's quantity changes, the design's formula is
-- used as it stands: (q* − q)·u*, q·u* for each time the slice is billed too little or too often. Where one changes, the
-- slice itself decides: not billed at all is period, billed by several lines beyond q* is period, the rest is quantity.
with slices as (

    select * from {{ ref('int_bridge__slices') }}

),

shapes as (

    select
        unit_id,
        count(distinct case when expected_quantity <> 0 then expected_quantity end) = 1
        and min(expected_quantity) >= 0
        and not bool_or(is_expected and billed_lines > 1 and billed_quantity <= expected_quantity) as is_even
    from slices
    group by unit_id

),

line_quantities as (

    select
        unit_id,
        min(quantity) as quantity,
        min(abs(quantity)) as least_quantity,
        min(quantity) = max(quantity) and min(quantity) > 0 as is_even
    from {{ ref('int_bridge__lines') }}
    where kept_amount <> 0 and (doc_class = 'invoice' or (is_consistent and removed_amount = 0))
    group by unit_id

),

shaped as (

    select
        slices.*,
        line_quantities.quantity as line_quantity,
        shapes.is_even and coalesce(line_quantities.is_even, false) as is_even,
        slices.expected_quantity - slices.billed_quantity as shortage,
        coalesce(
            slices.excess_of_one_line,
            case when slices.billed_quantity - slices.expected_quantity < line_quantities.least_quantity
                    then slices.billed_quantity - slices.expected_quantity
                else 0
            end
        ) as excess_as_quantity
    from slices
    inner join shapes on slices.unit_id = shapes.unit_id
    left join line_quantities on slices.unit_id = line_quantities.unit_id

),

-- Quantities that each effect is about; all that follows is these times the price.
parted as (

    select
        *,
        case
            when is_even and is_expected then expected_quantity - line_quantity
            when is_even then 0
            when is_expected and billed_quantity = 0 and base_lines > 0 then 0
            when is_expected and billed_lines > 1 and shortage < 0 then -least(-shortage, excess_as_quantity)
            when expected_quantity <> 0 then shortage
            else 0
        end as quantity_part,
        case
            when is_even and is_expected and billed_lines = 0 then line_quantity
            when not is_even and is_expected and billed_quantity = 0 and base_lines > 0 then expected_quantity
            else 0
        end as gap_part,
        case
            when is_even and is_expected and billed_lines > 1 then line_quantity * (billed_lines - 1)
            when not is_even and is_expected and billed_lines > 1 and shortage < 0
                then -shortage - least(-shortage, excess_as_quantity)
            else 0
        end as overlap_part,
        case when expected_quantity = 0 and billed_quantity <> 0 then billed_quantity else 0 end as outside_part
    from shaped

)

select
    unit_id,
    slice_from,
    slice_to,
    ticks,
    is_even,
    expected_quantity,
    billed_quantity,
    billed_lines,
    price,
    is_expected,
    slice_from >= expected_until as is_after_end,
    gap_part,
    overlap_part,
    -- Short since the first day billed is QT01; short only since a later addition is QT03.
    case
        when quantity_part > 0 and not is_even and expected_quantity > first_quantity then least(quantity_part, first_shortage)
        when quantity_part > 0 and not is_even and base_lines = 0 then 0
        when quantity_part > 0 then quantity_part
        else 0
    end as short_part,
    least(quantity_part, 0) as excess_part,
    case
        when quantity_part > 0 and not is_even and expected_quantity > first_quantity then quantity_part - least(quantity_part, first_shortage)
        when quantity_part > 0 and not is_even and base_lines = 0 then quantity_part
        else 0
    end as addition_part,
    outside_part,
    case when expected_quantity = 0 then {{ for_ticks('expected_value', 'ticks') }}
        else {{ for_ticks(decimal_multiply('price', 'billed_quantity') ~ ' - billed_value', 'ticks') }}
    end as price_amount,
    billed_value
from parted
