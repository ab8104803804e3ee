"""The checks that the Dagster UI shows: one for each checklist on the asset that it judges, and a floor's verdict on all of them.

Lives here: turning verdicts into check results. Does not: judging (quality), nor stopping a run (results).

A checklist's own check says what it found: ERROR where an item that blocks failed, WARN where an item warned, passed where every item
held or only reports. It stops nothing. The floor's gate does: a check that blocks guards only the readers of its own asset, so the
verdict of the whole floor stands on each model of it. Each result names its month, because the UI shows the last one first, whichever
month that was (checks by partition are a preview in this Dagster).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import dagster as dg

from orchestration import quality
from orchestration.close import checklists
from orchestration.contracts.model import Source
from orchestration.errors import CuadreError, Fault, GateRefused, InputUnusable
from orchestration.settings import load_paths

MOST_FAULTS = 200
"""Faults of one refused delivery shown on its check; `faults.csv` has them all."""

_GATE = (
    "Verdict of the whole {floor} floor, the same on each of its assets: refused, nothing behind this floor is built or published. "
    "What was found on this very asset is said by the check of its checklist."
)
_RAW_GATE = "Readable, complete, new, and true to its contract. Refused, what was accepted before stays."

_ITEMS = dg.TableSchema(
    columns=[
        dg.TableColumn("severity", "string", "block keeps the floor shut, warn is shown, report is counted."),
        dg.TableColumn("title", "string", "What the item asks."),
        dg.TableColumn("observed", "string", "What was found, with its money where it has a price."),
        dg.TableColumn("failed_rows", "int", "How many rows broke it."),
        dg.TableColumn("remedy", "string", "What to do."),
        dg.TableColumn("item", "string", "Item of the checklist."),
        dg.TableColumn("rows", "string", "File of the failed rows, below the data home."),
    ]
)
_FAULTS = dg.TableSchema(
    columns=[
        dg.TableColumn("file", "string", "File below the inbox."),
        dg.TableColumn("line", "string", "Physical line, the header included."),
        dg.TableColumn("column", "string"),
        dg.TableColumn("value", "string"),
        dg.TableColumn("reason", "string"),
        dg.TableColumn("remedy", "string"),
    ]
)


def floor_specs(floor: str, keys: Sequence[dg.AssetKey]) -> list[dg.AssetCheckSpec]:
    """The checks of one floor: its gate on every asset, and each checklist on the asset that it judges."""
    gates = [
        dg.AssetCheckSpec(
            f"{floor}_gate",
            asset=key,
            blocking=True,
            description=_GATE.format(floor=floor),
        )
        for key in keys
    ]
    return gates + [
        dg.AssetCheckSpec(
            _name(one.suite),
            asset=_judged(one.relation, keys),
            description=f"Checklist {one.suite}: {one.items} items over {one.relation}, {one.blocking} of which block.",
        )
        for one in checklists.of_floor(load_paths(), floor)
    ]


def floor_results(floor: str, keys: Sequence[dg.AssetKey], verdict: quality.Verdict) -> Iterator[dg.AssetCheckResult]:
    """What each check of `floor_specs` found."""
    metadata = _item_metadata(verdict.items)
    for key in keys:
        yield dg.AssetCheckResult(
            asset_key=key,
            check_name=f"{floor}_gate",
            passed=verdict.passed,
            description=_summary(verdict.close_period, verdict.items),
            metadata=metadata,
        )
    for one in checklists.of_floor(load_paths(), floor):
        items = [item for item in verdict.items if item.suite == one.suite]
        yield _result(_judged(one.relation, keys), _name(one.suite), verdict.close_period, items)


def raw_spec(key: dg.AssetKey) -> dg.AssetCheckSpec:
    """The raw gate of one table, which is its checklist's own check as well."""
    return dg.AssetCheckSpec("raw_gate", asset=key, blocking=True, description=_RAW_GATE)


def raw_results(
    source: Source, period: str, status: str, items: Iterable[quality.ItemResult]
) -> Iterator[dg.AssetCheckResult]:
    """What the checklist of each table of a source found; a table that was not delivered has nothing to judge."""
    judged = list(items)
    for table in source.tables:
        mine = [item for item in judged if item.suite == f"raw.{table.id}"]
        key = dg.AssetKey([source.name, table.name])
        if mine:
            yield _result(key, "raw_gate", period, mine, status=status)
        else:
            why = "no verdict is kept of what stands in" if status == "stale" else "not delivered; nothing was judged"
            yield dg.AssetCheckResult(
                asset_key=key,
                check_name="raw_gate",
                passed=True,
                description=f"{period}: {why}.",
                metadata={"status": status},
            )


def refused_results(source: Source, period: str, refusal: CuadreError) -> Iterator[dg.AssetCheckResult]:
    """Why a delivery was refused: each table by its own checklist, or what could not be read on all of them, for it is refused whole."""
    if isinstance(refusal, GateRefused) and refusal.items:
        yield from raw_results(source, period, "refused", refusal.items)
        return
    faults = refusal.faults if isinstance(refusal, InputUnusable) else []
    metadata: dict[str, Any] = {"status": "refused"}
    if faults:
        metadata["what is wrong"] = dg.MetadataValue.table([_fault(fault) for fault in faults[:MOST_FAULTS]], _FAULTS)
    for table in source.tables:
        yield dg.AssetCheckResult(
            asset_key=dg.AssetKey([source.name, table.name]),
            check_name="raw_gate",
            passed=False,
            severity=dg.AssetCheckSeverity.ERROR,
            description=f"{period}: refused. {faults[0] if faults else refusal}",
            metadata=metadata,
        )


def _result(
    key: dg.AssetKey, name: str, period: str, items: Sequence[quality.ItemResult], **metadata: Any
) -> dg.AssetCheckResult:
    """One checklist's own truth. A checklist that judged nothing has not passed."""
    failed = {item.severity for item in items if not item.passed}
    is_warning = bool(items) and "block" not in failed
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=name,
        passed=bool(items) and not failed & {"block", "warn"},
        severity=dg.AssetCheckSeverity.WARN if is_warning else dg.AssetCheckSeverity.ERROR,
        description=_summary(period, items) if items else f"{period}: the checklist was not judged.",
        metadata=metadata | _item_metadata(items),
    )


def _item_metadata(items: Sequence[quality.ItemResult]) -> dict[str, Any]:
    """Counts, and the failed items as a table, those that block first."""
    failed = sorted(
        (item for item in items if not item.passed), key=lambda item: quality.SEVERITIES.index(item.severity)
    )
    count, not_held = len(_ids(items)), len(_ids(failed))
    metadata: dict[str, Any] = {"items": f"{count - not_held} of {count} held"}  # text, or the UI plots it
    if failed:
        metadata["not held"] = dg.MetadataValue.table([_record(item) for item in failed], _ITEMS)
    return metadata


def _record(item: quality.ItemResult) -> dg.TableRecord:
    return dg.TableRecord(
        {
            "severity": item.severity,
            "title": item.title_en,
            "observed": item.observed,
            "failed_rows": item.failed_count,
            "remedy": item.remedy,
            "item": item.item_id,
            "rows": item.evidence_path or "",
        }
    )


def _fault(fault: Fault) -> dg.TableRecord:
    return dg.TableRecord({column.name: str(getattr(fault, column.name) or "") for column in _FAULTS.columns})


def _summary(period: str, items: Sequence[quality.ItemResult]) -> str:
    """The failed items by severity, and the gravest of them in words."""
    failed = [item for item in items if not item.passed]
    if not failed:
        return f"{period}: all {len(_ids(items))} items held."
    counts = [(word, len(_ids(item for item in failed if item.severity == word))) for word in quality.SEVERITIES]
    words = {"block": "blocked", "warn": "warned", "report": "reported"}
    first = min(failed, key=lambda item: quality.SEVERITIES.index(item.severity))
    listed = ", ".join(f"{count} {words[word]}" for word, count in counts if count)
    return f"{period}: {listed} of {len(_ids(items))} items. {first.title_en}: {first.observed}."


def _ids(items: Iterable[quality.ItemResult]) -> set[str]:
    """An item that was answered once a country is one item."""
    return {item.item_id for item in items}


def _name(suite: str) -> str:
    """The check's name: the suite's, without the floor that its group says already."""
    return suite.partition(".")[2] or suite


def _judged(relation: str, keys: Sequence[dg.AssetKey]) -> dg.AssetKey:
    """The asset that a relation is. For what is none, such as the lake's own record, it is the floor's first asset."""
    schema, _, table = relation.partition(".")
    return next((key for key in keys if key.path in ([schema, table], table.split("__", 1))), keys[0])
