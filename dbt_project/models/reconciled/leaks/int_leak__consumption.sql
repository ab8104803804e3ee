-- QT06, QT07, PR07, PR11, PR16, CR02, CR03: an amount that one known cause explains.
with amounts as (

    select * from {{ ref('int_bridge__amounts') }} where named_amount <> 0

),

units as (

    select
        unit_id,
        expected_rate,
        invoice_id
    from {{ ref('int_bridge__units') }}

),

valued as (

    select
        amounts.unit_id,
        amounts.class_code,
        case when amounts.class_code like 'QT%' then 'quantity' else 'price' end as effect,
        {{ decimal_multiply('amounts.named_amount', 'units.expected_rate') }} as amount,
        '' as atom_key,
        units.invoice_id,
        cast(null as string) as customer_id,
        case
            when amounts.class_code = 'QT06' then {{ evidence({
                'read_quantity': 'amounts.read_quantity', 'overage_due': 'amounts.overage_amount', 'not_billed': 'amounts.named_amount'}) }}
            when amounts.class_code = 'QT07' then {{ evidence({
                'minimum_commitment': 'amounts.min_commit_amount', 'priced_usage': 'amounts.priced_amount', 'not_billed': 'amounts.named_amount'}) }}
            when amounts.class_code = 'PR16' then {{ evidence({
                'third_party_due': 'amounts.third_party_amount', 'not_billed': 'amounts.named_amount'}) }}
            when amounts.class_code in ('CR02', 'CR03') then {{ evidence({
                'provider_credit': 'amounts.credit_cost', 'credited_to_customer': 'amounts.credited_amount', 'difference': 'amounts.named_amount'}) }}
            when amounts.class_code = 'PR11' then {{ evidence({
                'partner_margin': 'amounts.partner_margin', 'given_away': 'amounts.named_amount'}) }}
            else {{ evidence({
                'due': 'amounts.priced_amount', 'not_billed': 'amounts.named_amount'}) }}
        end as evidence
    from amounts
    inner join units on amounts.unit_id = units.unit_id

)

select {{ bridge_columns() }}
from valued
