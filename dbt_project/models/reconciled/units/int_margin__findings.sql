-- Which margin each finding touches, and whether it moves it. A margin is one customer, product and country; a finding of a
-- unit touches the unit's, whichever customer its document names. A finding of a document alone (cash) touches the margins of
-- the document's lines, a finding of a provider's invoice alone (EX11, CR07) those of the provider. Rounding (BL02) is none.
--
-- A finding moves the margin when, had it been put right, the margin would be another: a term of R − B moves what is invoiced,
-- the terms of the seed (leak_classes.margin_term) move the cost or the partner's margin. Timing (T) and risk (R) move nothing,
-- nor does cash, nor a judgement on the same money (PR03, PR04). Such a finding has one margin only, so that Σ is kept.
with findings as (

    select
        leaks.*,
        leaks.direction not in ('T', 'R') and (leaks.is_bridge or classes.margin_term is not null) as is_moving
    from {{ ref('int_leaks') }} as leaks
    left join {{ ref('leak_classes') }} as classes on leaks.class_code = classes.code
    where leaks.class_code <> 'BL02'

),

units as (

    select
        unit_id,
        country,
        customer_id,
        product_code,
        provider
    from {{ ref('int_bridge__units') }}

),

of_units as (

    select
        findings.leak_id,
        findings.class_code,
        findings.direction,
        findings.amount_usd,
        findings.is_moving,
        case when units.unit_id is null then findings.country else units.country end as country,
        case when units.unit_id is null then findings.customer_id else units.customer_id end as customer_id,
        case when units.unit_id is null then findings.product_code else units.product_code end as product_code
    from findings
    left join units on findings.unit_id = units.unit_id
    where units.unit_id is not null or findings.is_moving

),

loose as (

    select findings.*
    from findings
    left join units on findings.unit_id = units.unit_id
    where units.unit_id is null and not findings.is_moving

),

of_documents as (

    select distinct
        loose.leak_id,
        loose.class_code,
        loose.direction,
        coalesce(units.country, lines.country) as country,
        coalesce(units.customer_id, lines.customer_id) as customer_id,
        coalesce(units.product_code, lines.product_code) as product_code
    from loose
    inner join {{ ref('int_invoice__lines') }} as lines on loose.invoice_id = lines.invoice_id and loose.customer_id = lines.customer_id
    left join units on lines.unit_id = units.unit_id

),

of_providers as (

    select distinct
        loose.leak_id,
        loose.class_code,
        loose.direction,
        units.country,
        units.customer_id,
        units.product_code
    from loose
    inner join units on loose.provider = units.provider
    where loose.customer_id is null and loose.invoice_id is null

)

select
    leak_id,
    class_code,
    direction,
    amount_usd,
    is_moving,
    true as is_own,
    country,
    customer_id,
    product_code
from of_units
{% for touched in ['of_documents', 'of_providers'] %}
    union all
    select
        leak_id,
        class_code,
        direction,
        null as amount_usd,
        false as is_moving,
        false as is_own,
        country,
        customer_id,
        product_code
    from {{ touched }}
{% endfor %}
