"""dbt in floors, each with its gate pinned on every model.

A gate pinned on one model would guard only that model's readers; the verdict therefore stands on all of them (checks). A
floor is built and judged as a whole, whichever of its models a run asks for: its checklists speak of all of them.

`warehouse.transform` runs dbt, not `@dbt_assets`, which starts a dbt process for each command and reads the project anew in it: the
focus floor of a small month took 40 seconds instead of 6 (two cores, 2026-11), and a close has five such commands. It also reports each
model before its floor is judged, so a refused floor would look built. Our runner keeps the parsed project in this process, gives each
month its own file and keeps the error text of a model for the exit code.
"""

from graphlib import TopologicalSorter

import dagster as dg
from dagster_dbt import build_dbt_asset_specs

from orchestration.close import steps
from orchestration.defs import checks, metadata, results
from orchestration.defs.catalogue import CLOSE, GATES, ModelLabels
from orchestration.defs.home import Home, close_of, close_periods
from orchestration.floors import Floor
from orchestration.progress import step
from orchestration.settings import load_paths
from orchestration.warehouse import transform


def floor_assets(floor: Floor, after: tuple[dg.AssetKey, ...] = ()) -> dg.AssetsDefinition:
    """One floor of dbt as one step, judged before the next floor may read it.

    Args:
        after: what must stand before the floor, although not every model of it reads it.
    """
    specs = _models(floor, after)
    keys = [spec.key for spec in specs]

    @dg.multi_asset(
        name=floor,
        specs=specs,
        check_specs=checks.floor_specs(floor, keys),
        partitions_def=close_periods,
        can_subset=True,
    )
    def build(context: dg.AssetExecutionContext, home: Home) -> results.Results:
        timings: dict[str, int | None] = {}
        with results.refusals():
            close = close_of(context, home)
            if context.selected_asset_keys:  # or a run of checks alone
                with step(f"{floor}: build"):
                    timings = steps.build_floor(home.paths, floor, close)
            with step(f"{floor}: gate"):
                verdict = steps.judge_floor(home.paths, floor, close)
        shown = metadata.of_floor(home.paths, close.period, [tuple(key.path) for key in keys], timings)
        yield from results.selected(context, results.judged(floor, keys, verdict, shown))

    return build


def _models(floor: str, after: tuple[dg.AssetKey, ...]) -> list[dg.AssetSpec]:
    """The models of one floor, in the order of their lineage: Dagster wants the results of one step in that order."""
    specs = build_dbt_asset_specs(
        manifest=transform.manifest(load_paths()),
        dagster_dbt_translator=ModelLabels(),
        select=f"fqn:cuadre.{floor},resource_type:model",
    )
    lineage = {spec.key: [dep.asset_key for dep in spec.deps] for spec in specs}
    by_key = {
        spec.key: spec.merge_attributes(deps=[key for key in after if key not in lineage[spec.key]]) for spec in specs
    }
    return [by_key[key] for key in TopologicalSorter(lineage).static_order() if key in by_key]


staging = floor_assets("staging", after=(CLOSE,))
focus = floor_assets("focus")
reconciled = floor_assets("reconciled")
marts = floor_assets("marts", after=(GATES,))
