"""Whether closing a month again would publish what is published already.

Lives here: that one question, asked by the command line before anything heavy is imported. Does not: closing (close). A run of
the job always does every step.
"""

from __future__ import annotations

from orchestration.close import identity, watch
from orchestration.contracts import SOURCES
from orchestration.errors import GateRefused
from orchestration.intake import lake, receive
from orchestration.publish import closes, release
from orchestration.settings import Paths
from orchestration.warehouse import standing


def is_published(paths: Paths, period: str) -> bool:
    """Whether inbox, lake, rules, warehouse and release are what the month's published close left behind.

    A close of an earlier month since then counts as a change: findings say since when they were seen.
    """
    made = closes.of_this_inbox(paths).get(period)
    if made is None or made["inbox"] != watch.marks_now(paths, period):
        return False
    if made["close_id"] != identity.identify(paths, period).close_id or _earlier_month_is_newer(paths, period):
        return False
    return (
        _lake_is_whole(paths, period)
        and _warehouse_stands(paths, period, made["close_id"])
        and _release_is_whole(paths)
    )


def _earlier_month_is_newer(paths: Paths, period: str) -> bool:
    closed = {month: (folder.parent / "current").stat().st_mtime_ns for month, folder in closes.closes(paths).items()}
    return period not in closed or any(month < period and at > closed[period] for month, at in closed.items())


def _lake_is_whole(paths: Paths, period: str) -> bool:
    read = (
        receive.resolve(paths, source, period, table=table.name)[0]
        for source in SOURCES.values()
        for table in source.tables
    )
    return not lake.damages(paths, filter(None, read))


def _warehouse_stands(paths: Paths, period: str, close_id: str) -> bool:
    """Single steps of the job build on the warehouse, and name a whole close as the remedy where it is gone."""
    try:
        standing.expect(paths, period, close_id)
    except GateRefused:
        return False
    return True


def _release_is_whole(paths: Paths) -> bool:
    sums = paths.published / release.SUMS
    listed = [line.split("  ", 1)[1] for line in sums.read_text().splitlines()] if sums.exists() else []
    return bool(listed) and all((paths.published / name).exists() for name in listed)
