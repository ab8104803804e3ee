-- One thing that can go wrong: the model that computes it or the evidence that it waits for, who decides on it, and how soon.
select
    classes.code,
    classes.class,
    classes.class_es,
    classes.class_pt,
    classes.definition,
    classes.amount_formula,
    classes.direction,
    classes.evidence_columns,
    classes.severity,
    classes.cause_7m,
    classes.stage,
    classes.resolution,
    classes.detector,
    classes.missing_evidence,
    classes.margin_term,
    owners.owner_area,
    owners.owner_role,
    terms.business_days as decision_days,
    classes.resolution_es,
    classes.resolution_pt,
    classes.resolution_en
from {{ ref('leak_classes') }} as classes
left join {{ ref('leak_owners') }} as owners on classes.code = owners.code
left join {{ ref('decision_terms') }} as terms on classes.severity = terms.severity
