"""What a close leaves for people: the release that BI opens, and look-alike customers to judge."""

import dagster as dg

from orchestration.close import steps
from orchestration.defs import metadata, results
from orchestration.defs.catalogue import FRESH_EACH_MORNING, GROUPS, OWNERS, stage_tag, team
from orchestration.defs.floors import marts
from orchestration.defs.home import Home, close_of, close_periods
from orchestration.progress import step
from orchestration.warehouse.transform import rules_version

_COMPARED = [
    dg.AssetKey(["reconciled", name])
    for name in ("int_identity__charges", "int_identity__customers", "int_fx__period_usd")
]


@dg.asset(
    key=["review", "customer_proposals"],
    deps=_COMPARED,
    group_name=GROUPS["reconciled"],
    partitions_def=close_periods,
    owners=team("sales_operations"),
    tags=stage_tag(2),
    kinds={"splink", "csv"},
    code_version=rules_version(),
)
def customer_proposals(context: dg.AssetExecutionContext, home: Home) -> dg.MaterializeResult:
    """Look-alike customers for charges that found none, in `review/customer_proposals.csv`. Nothing applies them: a person decides."""
    with results.refusals(), step("reconciled: look-alike customers"):
        file = steps.propose_customers(home.paths, close_of(context, home))
    return dg.MaterializeResult(
        metadata={"file": dg.MetadataValue.path(file) if file else "every charge has a customer"}
    )


@dg.asset(
    key=["published", "release"],
    deps=sorted(marts.keys),
    group_name=GROUPS["published"],
    partitions_def=close_periods,
    owners=team(OWNERS["published"]),
    kinds={"duckdb", "parquet"},
    code_version=rules_version(),
    freshness_policy=FRESH_EACH_MORNING,
)
def release(context: dg.AssetExecutionContext, home: Home) -> dg.MaterializeResult:
    """The finished file that BI opens, and the same tables as Parquet: tables only, swapped in one step."""
    with results.refusals(), step("publish"):
        done = steps.publish_close(home.paths, close_of(context, home))
    return dg.MaterializeResult(metadata=metadata.of_release(done))
