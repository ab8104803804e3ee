-- Three sides. Per provider invoice and currency: Σ buckets = Σ lines = invoice header, within FOCUS's own tolerance, unless a
-- finding (EX11, CR07) names what the lines lack. Every ERP line, and every contract-day, as the reconciliation counted them.
with paired as (

    select * from {{ ref('int_conservation__headers') }}

),

tolerances as (

    select
        max(case when tolerance = 'header_subunits' then value end) as fixed_subunits,
        max(case when tolerance = 'header_sqrt_subunits' then value end) as sqrt_subunits
    from {{ ref('tolerances') }}

),

measured as (

    select
        paired.*,
        -- The root to three decimals, rounded down: of an integer, so that it is the same on every machine.
        greatest(
            {{ decimal_multiply('tolerances.fixed_subunits', 'currencies.subunit') }},
            {{ decimal_multiply(
                decimal_multiply('tolerances.sqrt_subunits', 'currencies.subunit'),
                'cast(floor(sqrt(paired.line_count * 1000000)) as bigint) * 0.001'
            ) }}
        ) as tolerance
    from paired
    left join {{ ref('currencies') }} as currencies on paired.currency = currencies.currency
    cross join tolerances

),

explained as (

    select distinct
        provider,
        provider_invoice_id as invoice_id
    from {{ ref('int_leaks') }}
    where class_code in ('EX11', 'CR07')

),

of_providers as (

    select
        measured.close_period,
        'provider' as side,
        measured.provider,
        measured.invoice_id,
        measured.currency,
        cast(line_count as bigint) as line_count,
        cast(line_total as decimal(38, 12)) as line_total,
        cast(header_total as decimal(38, 12)) as header_total,
        cast(bucket_total as decimal(38, 12)) as bucket_total,
        cast(unexplained_total as decimal(38, 12)) as unexplained_total,
        cast(tolerance as decimal(38, 12)) as tolerance,
        coalesce(
            bucket_total = line_total
            and unexplained_total = 0
            and (header_total is null or abs(line_total - header_total) <= tolerance or explained.invoice_id is not null),
            false
        ) as is_conserved
    from measured
    left join explained on measured.provider = explained.provider and measured.invoice_id = explained.invoice_id

)

select * from of_providers
union all
select
    close_period,
    side,
    provider,
    invoice_id,
    currency,
    cast(line_count as bigint) as line_count,
    cast(line_total as decimal(38, 12)) as line_total,
    cast(header_total as decimal(38, 12)) as header_total,
    cast(bucket_total as decimal(38, 12)) as bucket_total,
    cast(unexplained_total as decimal(38, 12)) as unexplained_total,
    cast(tolerance as decimal(38, 12)) as tolerance,
    is_conserved
from {{ ref('int_conservation') }}
