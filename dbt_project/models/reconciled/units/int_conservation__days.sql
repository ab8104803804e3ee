-- Contract-days, one row per provider: every day on which the provider charges seats is billed once, or is a gap (TP06), and a
-- day billed more than once is an overlap (TP07). Counted in days, not money; currency is therefore empty.
with days as (

    select
        slices.unit_id,
        {{ days_between('slices.slice_from', 'slices.slice_to') }} as day_count,
        slices.is_expected,
        slices.gap_part <> 0 as is_gap,
        slices.overlap_part <> 0 as is_overlap,
        slices.billed_quantity <> 0 or slices.gap_part <> 0 or slices.short_part <> 0 or slices.addition_part <> 0 as is_accounted
    from {{ ref('int_bridge__days') }} as slices

)

select
    '{{ var("close_period") }}' as close_period,
    'contract_days' as side,
    units.provider,
    cast(null as string) as invoice_id,
    cast(null as string) as currency,
    count(*) as line_count,
    cast(sum(case when days.is_expected then days.day_count else 0 end) as decimal(38, 12)) as line_total,
    cast(null as decimal(38, 12)) as header_total,
    cast(sum(case when days.is_expected and days.is_accounted then days.day_count else 0 end) as decimal(38, 12)) as bucket_total,
    cast(sum(case when days.is_expected and not days.is_accounted then days.day_count else 0 end) as decimal(38, 12))
        as unexplained_total,
    cast(0 as decimal(38, 12)) as tolerance,
    sum(case when days.is_expected and not days.is_accounted then days.day_count else 0 end) = 0 as is_conserved
from days
inner join {{ ref('int_bridge__units') }} as units on days.unit_id = units.unit_id
group by units.provider
