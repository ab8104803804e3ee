"""One source of one month, from the inbox into the lake: read, judged, then accepted or refused.

Lives here: the order of those steps. Does not: how a delivery is recognised (intake), read (readers) or judged
(expectations).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from orchestration import quality
from orchestration.close import watch
from orchestration.contracts.model import Source
from orchestration.errors import Fault, GateRefused
from orchestration.intake import lake, receive, seen
from orchestration.intake.delivery import Delivery
from orchestration.settings import Paths
from orchestration.warehouse import database, raw_schema
from orchestration.warehouse.transform import rules_version


@dataclass(frozen=True)
class Receipt:
    """What one source has for one month after intake."""

    source: str
    period: str
    status: str
    """accepted, unchanged, stale (an earlier month's delivery stands in) or missing."""
    delivery: Delivery | None
    verdict: quality.Verdict | None = None
    """None where these very rules judged this very delivery before."""


def ingest(paths: Paths, source: Source, period: str) -> Receipt:
    """Take in what the inbox holds for one source and month.

    Raises:
        InputUnusable: a file cannot be read or breaks its contract; it lies in `data/rejected` with every fault.
        GateRefused: the file can be read, and its raw checklist refuses it; what was accepted before stays. Or nothing lies
            in the inbox, and the lake no longer holds what was accepted before.
    """
    state = watch.folder_state(paths, source.name, period)  # before anything is read: what changes from here on is news
    receipt = _take_in(paths, source, period)
    seen.remember_folder(paths, source.name, period, state)
    return receipt


def _take_in(paths: Paths, source: Source, period: str) -> Receipt:
    found = receive.prepare(paths, source, period)
    if isinstance(found, receive.Missing):
        delivery, is_stale = receive.resolve(paths, source, period)
        if delivery:
            for folder, damage in lake.damages(paths, [delivery]).items():
                lies = folder.parent.relative_to(paths.home)
                raise GateRefused(f"{source.name} of {period}: in {lies}, {damage}. {lake.remedy(delivery)}")
        return Receipt(source.name, period, "stale" if is_stale else "missing", delivery)
    if isinstance(found, receive.Unchanged):
        kept = found.delivery
        verdict = _judge(paths, source, period, kept.delivery_sha256, kept.received_at, kept.tables)
        if verdict and not verdict.passed:
            raise GateRefused(verdict.refused_reason, verdict.items)
        return Receipt(source.name, period, "unchanged", kept, verdict)
    verdict = _judge(paths, source, period, found.delivery_sha256, found.received_at, found.tables)
    if verdict and not verdict.passed:
        receive.reject(paths, found, _faults(verdict, source, period))
        raise GateRefused(verdict.refused_reason, verdict.items)
    return Receipt(source.name, period, "accepted", receive.accept(paths, found), verdict)


def judged_items(paths: Paths, receipt: Receipt) -> tuple[quality.ItemResult, ...]:
    """What the raw checklists say of what stands, whether they were asked today or when it came."""
    if receipt.verdict:
        return receipt.verdict.items
    kept = receipt.delivery
    return quality.kept_items(paths, kept.close_period, "raw", raw_run_id(kept.delivery_sha256)) if kept else ()


def raw_run_id(delivery_sha256: str) -> str:
    """Who asks at the raw gate: a delivery under the rules in force, whatever close it will belong to."""
    return f"{delivery_sha256[:16]}-{rules_version()}"


def _judge(
    paths: Paths, source: Source, period: str, sha256: str, received_at: datetime, folders: Mapping[str, Path]
) -> quality.Verdict | None:
    """The raw checklist of every delivered table, over its typed Parquet, before anything is replaced."""
    from expectations.floors import raw

    suites = [suite for table in source.tables if table.name in folders for suite in [raw.suite(table)]]
    if quality.raw_judged(paths, period, [suite.name for suite in suites], raw_run_id(sha256)):
        return None
    with database.connect(paths) as connection:
        for table in source.tables:
            if table.name in folders:
                raw_schema.show_table(connection, table, folders[table.name], period=period, is_stale=False)
        verdict = quality.judge(paths, "raw", period, raw_run_id(sha256), received_at, connection, suites)
    quality.write_items(paths, verdict)
    return verdict


def _faults(verdict: quality.Verdict, source: Source, period: str) -> list[Fault]:
    return [
        Fault(
            file=item.evidence_path or f"{source.name}/{period}",
            reason=f"{item.item_id}: {item.title_en}. {item.observed}",
            remedy=item.remedy,
        )
        for item in verdict.blocking
    ]
