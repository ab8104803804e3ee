-- EX06: the service is one customer's and the invoice another's. A pair: what the first should have been asked for, and what
-- the second was asked for by mistake; it adds up to nothing. Companies of one group are no mistake.
with lines as (

    select *
    from {{ ref('int_bridge__lines') }}
    where kept_amount <> 0 and subscription_id is not null

),

units as (

    select
        unit_id,
        customer_id,
        currency
    from {{ ref('int_bridge__units') }}

),

customers as (

    select
        customer_id,
        customer_group_id
    from {{ ref('int_identity__customers') }}

),

mistaken as (

    select
        lines.unit_id,
        lines.company_id || ':' || lines.invoice_id as document,
        max(lines.invoice_id) as invoice_id,
        max(units.customer_id) as served_customer_id,
        max(lines.customer_id) as billed_customer_id,
        sum(lines.kept_amount) as amount
    from lines
    inner join units on lines.unit_id = units.unit_id and lines.currency = units.currency
    left join customers as served on units.customer_id = served.customer_id
    left join customers as billed on lines.customer_id = billed.customer_id
    where lines.customer_id <> units.customer_id
        and coalesce(served.customer_group_id, units.customer_id) <> coalesce(billed.customer_group_id, lines.customer_id)
    group by lines.unit_id, lines.company_id || ':' || lines.invoice_id

),

paired as (

    select
        *,
        served_customer_id as customer_id,
        1 as sign
    from mistaken
    union all
    select
        *,
        billed_customer_id as customer_id,
        -1 as sign
    from mistaken

),

valued as (

    select
        unit_id,
        'EX06' as class_code,
        'existence' as effect,
        sign * amount as amount,
        document || ':' || customer_id as atom_key,
        invoice_id,
        customer_id,
        {{ evidence({
            'served_customer_id': 'served_customer_id', 'billed_customer_id': 'billed_customer_id', 'invoiced_amount': 'amount'
        }) }} as evidence
    from paired

)

select {{ bridge_columns() }}
from valued
