-- One stage of the value chain, in order.
select
    stage,
    name_es,
    name_pt,
    name_en,
    objective_es,
    objective_pt,
    objective_en,
    output_es,
    output_pt,
    output_en,
    owner_areas,
    macroprocess,
    macroprocess_source,
    module
from {{ ref('stages') }}
