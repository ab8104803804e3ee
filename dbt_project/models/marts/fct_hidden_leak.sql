-- What the close probably did not find: detected ÷ recall, where recall is the share of seeded leaks of the class that the last
-- benchmark of this home found. The bounds use the Wilson interval of that share. A class that was never seeded or never found
-- has no estimate: nothing is known, and NULL says so.
with detected as (

    select
        close_period,
        class_code,
        cast(sum(abs(amount_usd)) as decimal(38, 12)) as detected_usd
    from {{ ref('fct_leak') }}
    where class_code <> 'BL02'  -- rounding is counted, never sought
    group by close_period, class_code

),

benchmark as (

    select * from {{ ref('stg_cuadre__benchmark') }}

),

estimated as (

    select
        detected.close_period,
        detected.class_code,
        detected.detected_usd,
        benchmark.seeded_count,
        benchmark.found_count,
        benchmark.recall,
        benchmark.recall_low,
        benchmark.recall_high,
        {{ decimal_divide('detected.detected_usd', 'benchmark.recall') }} as estimated_usd,
        {{ decimal_divide('detected.detected_usd', 'benchmark.recall_high') }} as estimated_low_usd,
        {{ decimal_divide('detected.detected_usd', 'benchmark.recall_low') }} as estimated_high_usd
    from detected
    left join benchmark on detected.class_code = benchmark.class_code

)

select
    close_period,
    class_code,
    detected_usd,
    seeded_count,
    found_count,
    recall,
    recall_low,
    recall_high,
    estimated_usd,
    estimated_low_usd,
    estimated_high_usd,
    cast(estimated_usd - detected_usd as decimal(38, 12)) as hidden_usd
from estimated
