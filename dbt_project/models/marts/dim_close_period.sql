-- The month being closed and whether its gates let it stand. No clock: it is certified as of the newest file it was made from.
with this_close as (

    select * from {{ ref('stg_cuadre__close') }}

),

gates as (

    select
        count(distinct case when floor in ('staging', 'focus', 'reconciled') then floor end) = 3
            and coalesce(bool_and(passed), false) as all_passed
    from {{ ref('stg_cuadre__gates') }}
    where close_period = '{{ var("close_period") }}'

)

select
    this_close.close_period,
    case when gates.all_passed then 'certified' else 'open' end as status,
    case when gates.all_passed then cast(this_close.as_of as timestamp) end as certified_at,
    case when gates.all_passed then 'gates of the close' end as certified_by,
    this_close.manifest_sha256
from this_close
cross join gates
