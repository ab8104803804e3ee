"""One multi-asset per source: its tables arrive, are judged and are replaced together, whichever of them a run asks for."""

from collections.abc import Iterator

import dagster as dg

from orchestration import figures
from orchestration.contracts import SOURCES
from orchestration.contracts.model import Source
from orchestration.defs.groups import GROUPS
from orchestration.defs.home import Home, as_selected, close_periods, refusals
from orchestration.ingest import Receipt, ingest
from orchestration.progress import step


def _check_name(key: dg.AssetKey) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        "raw_gate", asset=key, blocking=True, description="Readable, complete, new, and true to its contract."
    )


def source_assets(source: Source) -> dg.AssetsDefinition:
    """The tables of one source as assets, each with its raw gate."""
    specs = [
        dg.AssetSpec(
            [source.name, table.name],
            group_name=GROUPS["raw"],
            description=f"{source.title}. Grain: {table.grain}.",
            metadata={"stage": table.stage},
            kinds={"polars", "parquet"},
        )
        for table in source.tables
    ]

    @dg.multi_asset(
        name=f"receive_{source.name}",
        specs=specs,
        check_specs=[_check_name(spec.key) for spec in specs],
        partitions_def=close_periods,
        can_subset=True,
    )
    def receive(context: dg.AssetExecutionContext, home: Home) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult]:
        with refusals(), step(f"raw: {source.title}"):
            receipt = ingest(home.paths, source, context.partition_key)
        yield from as_selected(context, _tell(source, receipt))

    return receive


def _tell(source: Source, receipt: Receipt) -> Iterator[dg.MaterializeResult]:
    items = receipt.verdict.items if receipt.verdict else ()
    for table in source.tables:
        warned = [f"{item.item_id} ({item.observed})" for item in items if item.suite == table.id and not item.passed]
        key = dg.AssetKey([source.name, table.name])
        told = {"status": receipt.status, "not passed": warned}
        yield dg.AssetCheckResult(asset_key=key, check_name="raw_gate", passed=True, metadata=told)
        yield dg.MaterializeResult(asset_key=key, metadata=figures.of_delivery(receipt, table))


received = [source_assets(source) for source in SOURCES.values()]
