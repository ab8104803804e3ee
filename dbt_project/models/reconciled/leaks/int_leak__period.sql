-- TP06 gap, TP07 overlap, TP02 billed after the provider's end, TP05 proration: the days, not the seats, are wrong.
with units as (

    select * from {{ ref('int_bridge__units') }}

),

parts as (

    -- Days billed too little and too often.
    {% for class_code, part, sign in [('TP06', 'gap_part', ''), ('TP07', 'overlap_part', '-')] %}
        select
            unit_id,
            '{{ class_code }}' as class_code,
            {{ sign }}sum({{ for_ticks(decimal_multiply(part, 'price'), 'ticks') }}) as contract_amount,
            max({{ part }}) as quantity,
            min(slice_from) as first_day,
            max(slice_to) - 1 as last_day
        from {{ ref('int_bridge__days') }}
        where {{ part }} <> 0
        group by unit_id

        union all

    {% endfor %}
    select
        unit_id,
        class_code,
        contract_amount,
        quantity,
        first_day,
        last_day
    from {{ ref('int_bridge__days_not_due') }}

    union all

    -- A line whose amount is not its own quantity × price × days.
    select
        lines.unit_id,
        'TP05' as class_code,
        sum(lines.stated_amount - lines.kept_contract_amount) as contract_amount,
        max(lines.quantity) as quantity,
        min(lines.covered_from) as first_day,
        max(lines.covered_to) - 1 as last_day
    from {{ ref('int_bridge__lines') }} as lines
    inner join units on lines.unit_id = units.unit_id
    where units.route = 'compare'
        and units.mode = 'coverage'
        and lines.doc_class = 'invoice'
        and lines.kept_amount <> 0
        and not lines.is_consistent
    group by lines.unit_id

    union all

    -- Consumption billed for a part of the month only, at about that part of its amount.
    select
        unit_id,
        'TP06' as class_code,
        uncovered_amount as contract_amount,
        cast(1 as decimal(38, 12)) as quantity,
        uncovered_from as first_day,
        uncovered_to as last_day
    from {{ ref('int_bridge__amounts') }}
    where uncovered_amount <> 0

),

summed as (

    select
        unit_id,
        class_code,
        sum(contract_amount) as contract_amount,
        max(quantity) as quantity,
        min(first_day) as first_day,
        max(last_day) as last_day
    from parts
    group by unit_id, class_code

),

valued as (

    select
        summed.unit_id,
        summed.class_code,
        'period' as effect,
        {{ decimal_multiply('summed.contract_amount', 'units.expected_rate') }} as amount,
        '' as atom_key,
        units.invoice_id,
        cast(null as string) as customer_id,
        {{ evidence({
            'quantity': 'summed.quantity', 'from': 'summed.first_day', 'to': 'summed.last_day',
            'amount_in_contract_currency': 'summed.contract_amount', 'expected_rate': 'units.expected_rate'
        }) }} as evidence
    from summed
    inner join units on summed.unit_id = units.unit_id

)

select {{ bridge_columns() }}
from valued
