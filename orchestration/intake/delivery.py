"""What a delivery is: all that one source sent for one period, named by its content.

Lives here: frozen data classes, and the hash that names a delivery. Does not: where they are remembered (ledger).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path


@dataclass(frozen=True)
class DeliveryFile:
    """One file of one delivery. `rows` is None where the file was not read."""

    file: str
    sha256: str
    bytes: int
    rows: int | None = None
    totals: Mapping[str, Decimal] = field(default_factory=dict)
    """Amount by currency; empty where the table has no amount."""
    status: str = "accepted"
    reason: str | None = None

    @property
    def currency(self) -> str | None:
        """The file's currency, None where it has several or no amount."""
        return next(iter(self.totals)) if len(self.totals) == 1 else None

    @property
    def amount_total(self) -> Decimal | None:
        """The file's total, None where it has several currencies or no amount."""
        return next(iter(self.totals.values())) if len(self.totals) == 1 else None


@dataclass(frozen=True)
class KeptPart:
    """One Parquet file of a kept delivery, as it was when it was kept. `name` is `<table>/<file>`."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Delivery:
    """One delivery of one source for one period, named by its content."""

    delivery_sha256: str
    source: str
    close_period: str
    origin: str
    status: str
    received_at: datetime
    """Newest change of its files when first seen, UTC without zone: the same files give the same value."""
    tables: Mapping[str, Path]
    """Table name → folder of its Parquet parts."""
    files: tuple[DeliveryFile, ...]
    contract_sha256: str = ""
    notes: tuple[str, ...] = ()
    reason: str | None = None

    @property
    def place(self) -> tuple[str, str, str, str]:
        """Origin, source, period and content: what tells deliveries apart in the ledger."""
        return (self.origin, self.source, self.close_period, self.delivery_sha256)


def delivery_hash(contents: Iterable[tuple[str, str]]) -> str:
    """One hash for a delivery, from (sha256 of a data file, logical name) pairs in any order."""
    return hashlib.sha256("".join(f"{sha} {name}\n" for sha, name in sorted(contents)).encode()).hexdigest()
