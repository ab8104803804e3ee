-- The month as it was published: whole or not yet, and from what. No clock, and no certificate: a person certifies a month.
select
    close_period,
    'published' as status,
    completeness,
    provisional_because_es,
    provisional_because_pt,
    provisional_because_en,
    cast(as_of as timestamp) as as_of,
    cast(null as timestamp) as certified_at,
    cast(null as string) as certified_by,
    cast(null as string) as certified_for,
    manifest_sha256
from {{ ref('stg_cuadre__close') }}
