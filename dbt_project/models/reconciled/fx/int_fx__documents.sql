{{ config(materialized='view') }}
-- The documents whose rate is judged: for every contract currency on a document, the day whose rate it should use and the rates
-- that it states. A credit note gives back what its invoice charged, so it is held to the rate of the day its invoice was issued;
-- when that invoice was not delivered, nothing can be expected of it.
with invoices as (

    select * from {{ ref('stg_erp__invoices') }}

),

countries as (

    select * from {{ ref('countries') }}

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

)

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
