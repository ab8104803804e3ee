-- One thing that can go wrong, with the model that computes it or why none does.
select
    code as class_code,
    code,
    class,
    class_es,
    class_pt,
    definition,
    amount_formula,
    direction,
    evidence_columns,
    severity,
    cause_7m,
    stage,
    resolution,
    detector,
    resolution_es,
    resolution_pt,
    resolution_en
from {{ ref('leak_classes') }}
