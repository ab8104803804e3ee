"""One multi-asset per source: its tables arrive, are judged and are replaced together, whichever of them a run asks for."""

import dagster as dg

from orchestration.close.ingest import Receipt, ingest, judged_items
from orchestration.contracts import SOURCES
from orchestration.contracts.model import Source
from orchestration.defs import checks, metadata, results
from orchestration.defs.catalogue import FRESH_EACH_MORNING, GROUPS, stage_tag, team
from orchestration.defs.home import Home, close_periods, month_of
from orchestration.errors import CuadreError
from orchestration.progress import step
from orchestration.settings import Paths


def source_assets(source: Source) -> dg.AssetsDefinition:
    """The tables of one source as assets, each with its raw gate."""
    specs = [
        dg.AssetSpec(
            [source.name, table.name],
            group_name=GROUPS["raw"],
            description=f"{source.title}. Grain: {table.grain}.",
            owners=team(source.owner),
            tags=stage_tag(table.stage),
            metadata=metadata.of_contract(table),
            kinds={"polars", "parquet"},
            code_version=source.contract_sha256[:16],
            freshness_policy=FRESH_EACH_MORNING,
        )
        for table in source.tables
    ]

    @dg.multi_asset(
        name=f"receive_{source.name}",
        specs=specs,
        check_specs=[checks.raw_spec(spec.key) for spec in specs],
        partitions_def=close_periods,
        can_subset=True,
    )
    def receive(context: dg.AssetExecutionContext, home: Home) -> results.Results:
        with results.refusals():
            period = month_of(context)
            try:
                with step(f"raw: {source.title}"):
                    receipt = ingest(home.paths, source, period)
            except CuadreError as refusal:  # its checks are shown before the run ends with its words
                yield from results.selected(context, checks.refused_results(source, period, refusal))
                raise
        yield from results.selected(context, _received(home.paths, source, receipt))

    return receive


def _received(paths: Paths, source: Source, receipt: Receipt) -> results.Results:
    """Each table, and the verdict on it."""
    items = judged_items(paths, receipt)
    verdicts = {
        result.asset_key: result for result in checks.raw_results(source, receipt.period, receipt.status, items)
    }
    for table in source.tables:
        key = dg.AssetKey([source.name, table.name])
        yield dg.MaterializeResult(asset_key=key, metadata=metadata.of_delivery(receipt, table))
        yield verdicts[key]


received = [source_assets(source) for source in SOURCES.values()]
