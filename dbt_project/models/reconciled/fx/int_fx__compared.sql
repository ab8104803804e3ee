-- The rate each document should have used by its country's rule and the one it did use, both as document units per one unit of the
-- contract's currency, and how far they are apart.
with rules as (

    select * from {{ ref('int_fx__rule') }}

),

-- What one unit of each side is worth in the country's own currency that day.
valued as (

    select
        documents.company_id,
        documents.invoice_id,
        documents.contract_currency,
        documents.document_currency,
        documents.local_currency,
        documents.country,
        documents.issue_date,
        documents.rate_on,
        documents.fx_rate,
        documents.reference_fx_rate,
        documents.reference_is_assumed,
        case when contract_currency = local_currency then 1 else of_contract.rate end as contract_in_local,
        case when document_currency = local_currency then 1 else of_document.rate end as document_in_local,
        least(of_contract.rate_date, of_document.rate_date) as rate_date,
        coalesce(of_contract.is_carried, false) or coalesce(of_document.is_carried, false) as is_carried,
        coalesce(of_contract.source, of_document.source) as rule_source,
        coalesce(of_contract.series, of_document.series) as rule_series,
        coalesce(of_contract.side, of_document.side) as rule_side,
        coalesce(of_contract.base_currency, of_document.base_currency) as rule_base_currency
    from {{ ref('int_fx__documents') }} as documents
    left join rules as of_contract
        on documents.country = of_contract.country
        and documents.contract_currency = of_contract.base_currency
        and documents.local_currency = of_contract.quote_currency
        and documents.rate_on = of_contract.on_date
    left join rules as of_document
        on documents.country = of_document.country
        and documents.document_currency = of_document.base_currency
        and documents.local_currency = of_document.quote_currency
        and documents.rate_on = of_document.on_date

),

expected as (

    select
        *,
        case
            when contract_currency = document_currency then cast(1 as decimal(38, 12))
            else {{ decimal_divide('contract_in_local', 'document_in_local') }}
        end as expected_rate
    from valued

),

-- A document in local currency states units per foreign unit, which is the factor itself. One in foreign currency against a
-- contract in local currency may state the same quotation, or the factor: the one that fits is read.
used as (

    select
        *,
        case
            when contract_currency = document_currency then cast(1 as decimal(38, 12))
            when contract_currency = local_currency and coalesce(reference_fx_rate, fx_rate) > 1
                then {{ decimal_divide('1', 'coalesce(reference_fx_rate, fx_rate)') }}
            when reference_fx_rate is not null then reference_fx_rate
            when document_currency = local_currency and fx_rate <> 1 then fx_rate
        end as used_rate,
        case
            when contract_currency = document_currency then 'same_currency'
            when reference_fx_rate is not null then 'reference_fx_rate'
            when fx_rate <> 1 and (document_currency = local_currency or contract_currency = local_currency) then 'fx_rate'
            else 'none'
        end as used_rate_source
    from expected

)

select
    company_id,
    invoice_id,
    contract_currency,
    document_currency,
    local_currency,
    country,
    issue_date,
    rate_on,
    expected_rate,
    rate_date,
    is_carried,
    rule_source,
    rule_series,
    rule_side,
    rule_base_currency,
    used_rate,
    used_rate_source,
    reference_is_assumed,
    {{ decimal_divide('used_rate', 'expected_rate') }} - 1 as deviation,
    {{ decimal_multiply('used_rate', 'expected_rate') }} as rate_product,
    case
        when contract_currency = local_currency then {{ decimal_divide('1', 'used_rate') }}
        else used_rate
    end as quotation
from used
