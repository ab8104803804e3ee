-- The rate each document should have used and the one it did use, with the class that a difference takes: another day of the rule's
-- series (FX01), another source or side (FX02), no rate (FX03), an inverted or scaled one (FX06).
with compared as (

    select
        rates.*,
        tolerances.value as near_share
    from {{ ref('int_fx__compared') }} as rates
    inner join {{ ref('tolerances') }} as tolerances on tolerances.tolerance = 'fx_match'

),

observations as (

    select * from {{ ref('stg_fx__fx_rates') }}

),

-- Another side or another source of the very same day: looked at before other days, because it is one chance among few,
-- where a series of eighty days hits many a number by accident.
another_rate_of_the_day as (

    select distinct
        compared.company_id,
        compared.invoice_id,
        compared.contract_currency
    from compared
    inner join observations
        on compared.rate_date = observations.rate_date
        and compared.rule_base_currency = observations.base_currency
        and compared.local_currency = observations.quote_currency
    where abs(compared.deviation) > compared.near_share
        and abs(compared.quotation - observations.rate) <= compared.near_share * observations.rate

),

another_day_of_the_series as (

    select distinct
        compared.company_id,
        compared.invoice_id,
        compared.contract_currency
    from compared
    inner join observations
        on compared.rule_source = observations.source
        and compared.rule_series = observations.series
        and compared.rule_side = observations.side
    where abs(compared.deviation) > compared.near_share
        and abs(compared.quotation - observations.rate) <= compared.near_share * observations.rate

),

judged as (

    select
        compared.company_id,
        compared.invoice_id,
        compared.contract_currency,
        compared.document_currency,
        compared.country,
        compared.issue_date,
        compared.rate_on,
        compared.expected_rate,
        compared.rate_date,
        compared.is_carried,
        compared.rule_source,
        compared.rule_series,
        compared.rule_side,
        compared.used_rate,
        compared.used_rate_source,
        compared.reference_is_assumed,
        compared.deviation,
        case
            when used_rate is null or expected_rate is null then 'unknown'
            when abs(deviation) <= near_share then 'ok'
            when abs(rate_product - 1) < abs(deviation) and abs(rate_product - 1) <= 0.05 then 'inverted'
            when deviation + 1 between 0.5 and 2 then 'ok'
            else 'scaled'
        end as direction_check,
        abs(deviation) <= near_share as is_expected,
        another_rate_of_the_day.invoice_id is null and another_day_of_the_series.invoice_id is not null as is_another_day_of_the_series
    from compared
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
