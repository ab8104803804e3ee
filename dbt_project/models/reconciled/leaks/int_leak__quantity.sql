-- QT01, QT02, QT03: the provider counts more, or fewer, seats than were billed, on days that were billed.
with days as (

    select * from {{ ref('int_bridge__days') }}

),

units as (

    select
        unit_id,
        expected_rate,
        invoice_id
    from {{ ref('int_bridge__units') }}

),

parts as (

    {% for class_code, part in [('QT01', 'short_part'), ('QT02', 'excess_part'), ('QT03', 'addition_part')] %}
        select
            unit_id,
            '{{ class_code }}' as class_code,
            sum({{ for_ticks(decimal_multiply(part, 'price'), 'ticks') }}) as contract_amount,
            sum({{ for_ticks(part, 'ticks') }}) as quantity_months,
            min(slice_from) as first_day,
            max(slice_to) - 1 as last_day,
            max(expected_quantity) as expected_quantity,
            max(billed_quantity) as billed_quantity,
            max(price) as price
        from days
        where {{ part }} <> 0
        group by unit_id
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

valued as (

    select
        parts.unit_id,
        parts.class_code,
        'quantity' as effect,
        {{ decimal_multiply('parts.contract_amount', 'units.expected_rate') }} as amount,
        '' as atom_key,
        units.invoice_id,
        cast(null as string) as customer_id,
        {{ evidence({
            'provider_quantity': 'parts.expected_quantity', 'billed_quantity': 'parts.billed_quantity',
            'difference_in_months': 'parts.quantity_months', 'contract_price': 'parts.price',
            'from': 'parts.first_day', 'to': 'parts.last_day', 'expected_rate': 'units.expected_rate'
        }) }} as evidence
    from parts
    inner join units on parts.unit_id = units.unit_id

)

select {{ bridge_columns() }}
from valued
