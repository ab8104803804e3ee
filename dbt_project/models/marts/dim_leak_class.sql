-- One thing that can go wrong, with the model that computes it, or the evidence that it waits for.
select
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
    missing_evidence,
    margin_term,
    resolution_es,
    resolution_pt,
    resolution_en
from {{ ref('leak_classes') }}
