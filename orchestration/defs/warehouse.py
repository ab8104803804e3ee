"""The tables of a month's warehouse that no model of dbt makes: what the pipeline itself knows of the close.

Lives here: the step that opens the warehouse anew over the lake, and the table of verdicts that the marts read. Does not: the models of
dbt (floors).
"""

import dagster as dg

from orchestration.close import steps
from orchestration.defs import checks, results
from orchestration.defs.catalogue import GATES, GROUPS, RAW, team
from orchestration.defs.floors import reconciled
from orchestration.defs.home import Home, close_of, close_periods
from orchestration.progress import step
from orchestration.warehouse.transform import rules_version

_DESCRIPTIONS = {
    "deliveries": "Every file of every delivery, as the ledger records it.",
    "fiscal_ids": "Fiscal ids of customers and documents, normalised and validated.",
    "published_leaks": "Leaks of earlier closes, so that a finding keeps the period it was first seen.",
    "benchmark": "What the last detection benchmark of this home found, by class.",
    "close": "This close's identity: the hash of its deliveries and of the rules that read them.",
}
TABLES = [dg.AssetKey(["cuadre", name]) for name in _DESCRIPTIONS]


@dg.multi_asset(
    name="open_warehouse",
    specs=[
        dg.AssetSpec(
            key,
            deps=RAW if key == TABLES[0] else TABLES[:1],  # the raw tables arrive before any of these is made
            group_name=GROUPS["raw"],
            description=description,
            owners=team("data_team"),
            kinds={"duckdb", "polars"},
            code_version=rules_version(),
        )
        for key, description in zip(TABLES, _DESCRIPTIONS.values(), strict=True)
    ],
    check_specs=checks.floor_specs("intake", TABLES),
    partitions_def=close_periods,
    can_subset=True,
)
def open_warehouse(context: dg.AssetExecutionContext, home: Home) -> results.Results:
    """Show the lake to the warehouse as the schema `raw`, and judge what arrived and what did not."""
    with results.refusals(), step("raw: open the warehouse"):
        close = close_of(context, home)
        if context.selected_asset_keys:
            verdict = steps.open_warehouse(home.paths, close)
        else:  # a run of checks alone
            verdict = steps.judge_floor(home.paths, "intake", close)
    yield from results.selected(context, results.judged("intake", TABLES, verdict))


@dg.asset(
    key=GATES,
    deps=sorted(reconciled.keys),
    group_name=GROUPS["reconciled"],
    partitions_def=close_periods,
    owners=team("data_team"),
    kinds={"duckdb", "greatexpectations"},
    code_version=rules_version(),
)
def gates(context: dg.AssetExecutionContext, home: Home) -> dg.MaterializeResult:
    """Verdicts of the gates below the marts, by floor, source and country: a margin is certified only where all of them passed."""
    with results.refusals(), step("reconciled: verdicts for the marts"):
        rows = steps.write_gates(home.paths, close_of(context, home))
    return dg.MaterializeResult(metadata={"dagster/row_count": rows})
