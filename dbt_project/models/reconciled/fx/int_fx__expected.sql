-- The rate each document should have used and the one it did use, both as document units per one unit of the contract's
-- currency, for every contract currency on the document. A credit note gives back what its invoice charged, so it is held to
-- the rate of the day its invoice was issued; when that invoice was not delivered, nothing can be expected of it.
with invoices as (

    select * from {{ ref('stg_erp__invoices') }}

),

countries as (

    select * from {{ ref('countries') }}

),

rules as (

    select * from {{ ref('int_fx__rule') }}

),

observations as (

    select * from {{ ref('stg_fx__fx_rates') }}

),

near as (

    select value as share from {{ ref('tolerances') }} where tolerance = 'fx_match'

),

subscription_currencies as (

    select
        subscription_id,
        max_by(currency, valid_from) as currency
    from {{ ref('stg_crm__subscriptions') }}
    group by subscription_id

),

line_currencies as (

    select distinct
        lines.company_id,
        lines.invoice_id,
        subscription_currencies.currency
    from {{ ref('stg_erp__invoice_lines') }} as lines
    inner join subscription_currencies using (subscription_id)

),

documents as (

    select
        invoices.company_id,
        invoices.invoice_id,
        invoices.country,
        invoices.issue_date,
        case
            when invoices.doc_class in ('credit_note', 'cancellation') and invoices.applies_to_invoice_id is not null
                then originals.issue_date
            else invoices.issue_date
        end as rate_on,
        invoices.currency as document_currency,
        invoices.fx_rate,
        invoices.reference_fx_rate,
        countries.currency as local_currency,
        coalesce(
            line_currencies.currency,
            contracts.currency,
            case when invoices.reference_fx_rate is not null then 'USD' else invoices.currency end
        ) as contract_currency,
        line_currencies.currency is null and contracts.currency is null as reference_is_assumed
    from invoices
    inner join countries on invoices.country = countries.country
    left join invoices as originals
        on invoices.company_id = originals.company_id and invoices.applies_to_invoice_id = originals.invoice_id
    left join line_currencies
        on invoices.company_id = line_currencies.company_id and invoices.invoice_id = line_currencies.invoice_id
    left join {{ ref('stg_crm__contracts') }} as contracts on invoices.contract_id = contracts.contract_id

),

-- What one unit of each side is worth in the country's own currency that day.
valued as (

    select
        documents.*,
        case when contract_currency = local_currency then 1 else of_contract.rate end as contract_in_local,
        case when document_currency = local_currency then 1 else of_document.rate end as document_in_local,
        least(of_contract.rate_date, of_document.rate_date) as rate_date,
        coalesce(of_contract.is_carried, false) or coalesce(of_document.is_carried, false) as is_carried,
        coalesce(of_contract.source, of_document.source) as rule_source,
        coalesce(of_contract.series, of_document.series) as rule_series,
        coalesce(of_contract.side, of_document.side) as rule_side,
        coalesce(of_contract.base_currency, of_document.base_currency) as rule_base_currency
    from documents
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

),

compared as (

    select
        *,
        {{ decimal_divide('used_rate', 'expected_rate') }} - 1 as deviation,
        {{ decimal_multiply('used_rate', 'expected_rate') }} as product,
        case
            when contract_currency = local_currency then {{ decimal_divide('1', 'used_rate') }}
            else used_rate
        end as quotation
    from used

),

-- Another side or another source of the very same day: looked at before other days, because it is one chance among few,
-- where a series of eighty days hits many a number by accident.
another_rate_of_the_day as (

    select distinct
        compared.company_id,
        compared.invoice_id,
        compared.contract_currency
    from compared
    cross join near
    inner join observations
        on compared.rate_date = observations.rate_date
        and compared.rule_base_currency = observations.base_currency
        and compared.local_currency = observations.quote_currency
    where abs(compared.deviation) > near.share
        and abs(compared.quotation - observations.rate) <= near.share * observations.rate

),

another_day_of_the_series as (

    select distinct
        compared.company_id,
        compared.invoice_id,
        compared.contract_currency
    from compared
    cross join near
    inner join observations
        on compared.rule_source = observations.source
        and compared.rule_series = observations.series
        and compared.rule_side = observations.side
    where abs(compared.deviation) > near.share
        and abs(compared.quotation - observations.rate) <= near.share * observations.rate

),

judged as (

    select
        compared.*,
        case
            when used_rate is null or expected_rate is null then 'unknown'
            when abs(deviation) <= near.share then 'ok'
            when abs(product - 1) < abs(deviation) and abs(product - 1) <= 0.05 then 'inverted'
            when deviation + 1 between 0.5 and 2 then 'ok'
            else 'scaled'
        end as direction_check,
        abs(deviation) <= near.share as is_expected,
        another_rate_of_the_day.invoice_id is null and another_day_of_the_series.invoice_id is not null as is_another_day_of_the_series
    from compared
    cross join near
    left join another_rate_of_the_day
        on compared.company_id = another_rate_of_the_day.company_id
        and compared.invoice_id = another_rate_of_the_day.invoice_id
        and compared.contract_currency = another_rate_of_the_day.contract_currency
    left join another_day_of_the_series
        on compared.company_id = another_day_of_the_series.company_id
        and compared.invoice_id = another_day_of_the_series.invoice_id
        and compared.contract_currency = another_day_of_the_series.contract_currency

)

select
    company_id,
    invoice_id,
    contract_currency,
    document_currency,
    country,
    issue_date,
    rate_on,
    expected_rate,
    rate_date,
    is_carried,
    rule_source,
    rule_series,
    rule_side,
    used_rate,
    used_rate_source,
    reference_is_assumed,
    deviation,
    direction_check,
    case
        when expected_rate is null or is_expected then null
        when used_rate is null then 'FX03'
        when direction_check in ('inverted', 'scaled') then 'FX06'
        when is_another_day_of_the_series then 'FX01'
        else 'FX02'
    end as fx_class
from judged
