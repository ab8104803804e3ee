"""dbt in floors, each with its gate pinned on every model, and the asset that publishes.

A gate pinned on one model would guard only that model's readers; the verdict therefore stands on all of them (checks). A
floor is built and judged as a whole, whichever of its models a run asks for: its checklists speak of all of them.
"""

from collections.abc import Iterator
from graphlib import TopologicalSorter

import dagster as dg
from dagster_dbt import build_dbt_asset_specs

from orchestration import quality
from orchestration.close import steps
from orchestration.contracts import SOURCES
from orchestration.defs import checks, metadata
from orchestration.defs.groups import GROUPS
from orchestration.defs.home import Home, as_selected, close_periods, month_of, refusals
from orchestration.errors import GATE_REFUSED
from orchestration.progress import step
from orchestration.settings import load_paths
from orchestration.warehouse import transform

_KNOWN = {
    "deliveries": "Every file of every delivery, as the ledger records it.",
    "fiscal_ids": "Fiscal ids of customers and documents, normalised and validated.",
    "published_leaks": "Leaks of earlier closes, so that a finding keeps the period it was first seen.",
    "gates": "Verdicts of this close's gates so far.",
    "benchmark": "What the last detection benchmark of this home found, by class.",
    "close": "This close's identity: the hash of its deliveries and of the rules that read them.",
}
KNOWN = [dg.AssetKey(["cuadre", name]) for name in _KNOWN]
RAW = [dg.AssetKey([source.name, table.name]) for source in SOURCES.values() for table in source.tables]


@dg.multi_asset(
    name="open_warehouse",
    specs=[
        dg.AssetSpec(key, deps=RAW if key == KNOWN[0] else KNOWN[:1], group_name=GROUPS["raw"], description=description)
        for key, description in zip(KNOWN, _KNOWN.values(), strict=True)
    ],
    check_specs=checks.floor_specs("intake", KNOWN),
    partitions_def=close_periods,
    can_subset=True,
)
def warehouse_opened(
    context: dg.AssetExecutionContext, home: Home
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult]:
    """Show the lake to the warehouse as the schema `raw`, and judge what arrived and what did not."""
    with refusals(), step("raw: open the warehouse"):
        if context.selected_asset_keys:
            verdict = steps.open_period(home.paths, month_of(context))
        else:  # a run of checks alone
            verdict = steps.judge_floor(home.paths, "intake", month_of(context))
    yield from as_selected(context, _verdict("intake", KNOWN, verdict, {}))


def floor_assets(floor: str, after: tuple[dg.AssetKey, ...] = ()) -> dg.AssetsDefinition:
    """One floor of dbt as one step, judged before the next floor may read it.

    `after` names what must stand before the floor although none of its models reads it.
    """
    manifest = transform.manifest(load_paths())
    chosen = build_dbt_asset_specs(manifest=manifest, select=f"fqn:cuadre.{floor},resource_type:model")
    # Dagster wants the results of one step in the order of their lineage
    lineage = {spec.key: [dep.asset_key for dep in spec.deps] for spec in chosen}
    by_key = {
        spec.key: spec.replace_attributes(
            group_name=GROUPS[floor], deps=[*spec.deps, *(key for key in after if key not in lineage[spec.key])]
        )
        for spec in chosen
    }
    specs = [by_key[key] for key in TopologicalSorter(lineage).static_order() if key in by_key]

    @dg.multi_asset(
        name=floor,
        specs=specs,
        check_specs=checks.floor_specs(floor, [spec.key for spec in specs]),
        partitions_def=close_periods,
        can_subset=True,
    )
    def build(context: dg.AssetExecutionContext, home: Home) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult]:
        timings: dict[str, int | None] = {}
        if context.selected_asset_keys:  # or a run of checks alone
            with refusals(), step(f"{floor}: build"):
                timings = steps.build_floor(home.paths, floor, month_of(context))
        with refusals(), step(f"{floor}: gate"):
            verdict = steps.judge_floor(home.paths, floor, month_of(context))
        shown = metadata.of_floor(home.paths, month_of(context), [tuple(spec.key.path) for spec in specs], timings)
        yield from as_selected(context, _verdict(floor, [spec.key for spec in specs], verdict, shown))

    return build


def _verdict(
    floor: str, keys: list[dg.AssetKey], verdict: quality.Verdict, shown: dict[tuple[str, ...], dict]
) -> Iterator:
    """When passed, one materialisation per asset, then every check, so that Dagster knows what was judged; a refusal ends the run
    with its reason."""
    for key in keys if verdict.passed else []:
        yield dg.MaterializeResult(asset_key=key, metadata=shown.get(tuple(key.path), {}))
    yield from checks.floor_results(floor, keys, verdict)
    if not verdict.passed:
        raise dg.Failure(verdict.refused_reason, metadata={"exit_code": GATE_REFUSED}, allow_retries=False)


staging = floor_assets("staging", after=(KNOWN[-1],))
focus = floor_assets("focus")
reconciled = floor_assets("reconciled")
marts = floor_assets("marts")


@dg.asset(
    key=["published", "release"],
    deps=sorted(marts.keys),
    group_name=GROUPS["published"],
    partitions_def=close_periods,
    kinds={"duckdb", "parquet"},
    description="The finished file that BI opens: tables only, swapped in one step.",
)
def release(context: dg.AssetExecutionContext, home: Home) -> dg.MaterializeResult:
    with refusals(), step("publish"):
        done = steps.publish_period(home.paths, month_of(context))
    return dg.MaterializeResult(metadata=metadata.of_release(done))
