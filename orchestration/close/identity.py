"""What makes two closes the same close: equal inputs under equal rules.

Lives here: a close's identity, found from the lake and the rules. Does not: what the steps of a close do (steps).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import datetime

from orchestration.close import benchmark, completeness
from orchestration.contracts import SOURCES
from orchestration.contracts.model import Source, Table
from orchestration.intake import receive
from orchestration.settings import Paths
from orchestration.warehouse import transform


@dataclass(frozen=True)
class Identity:
    """What makes two closes the same close: equal inputs under equal rules."""

    period: str
    close_id: str
    origin: str
    rules_version: str
    as_of: datetime
    """When the newest file that this close read arrived; stands in for the clock, so that a replay gives the same bytes."""
    deliveries: tuple[tuple[str, str], ...]
    """(source__table, delivery_sha256) of everything read, stale stand-ins included."""
    completeness: completeness.Completeness
    """What is still to come for the month, and who is declared absent."""
    benchmark: str | None = None
    """Hash of the detection benchmark that the hidden-leak estimate uses, if this home ran one."""

    @property
    def manifest_sha256(self) -> str:
        """Hash of the period and of everything it was made from."""
        return hashlib.sha256(
            json.dumps([self.origin, self.period, self.deliveries, self.completeness.absent]).encode()
        ).hexdigest()


def identify(paths: Paths, period: str) -> Identity:
    """The identity of closing `period` with what the lake holds now."""
    found = {table.id: receive.resolve(paths, source, period, table=table.name)[0] for source, table in tables()}
    read = {table: delivery for table, delivery in found.items() if delivery}
    deliveries = tuple((table, delivery.delivery_sha256) for table, delivery in sorted(read.items()))
    as_of = max((delivery.received_at for delivery in read.values()), default=datetime(1970, 1, 1))
    rules = transform.rules_version()
    measured = benchmark.mark(paths.home)
    whole = completeness.assess(paths, period, as_of)
    made_from = [paths.origin, period, deliveries, rules, astuple(whole), *filter(None, [measured])]
    close_id = hashlib.sha256(json.dumps(made_from).encode()).hexdigest()[:16]
    return Identity(period, close_id, paths.origin, rules, as_of, deliveries, whole, measured)


def tables() -> Iterator[tuple[Source, Table]]:
    """Every table of every source, in the order of the contracts."""
    return ((source, table) for source in SOURCES.values() for table in source.tables)
