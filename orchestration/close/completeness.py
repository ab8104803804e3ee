"""Whether a month is whole: it has ended, and whoever delivered before (CRM and ERP always) has delivered or is declared absent.

Lives here: that one judgement and its words in three languages. Does not: reading the inbox (watch) or any figure (dbt).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from orchestration.contracts import SOURCES
from orchestration.intake import ledger, seen
from orchestration.settings import Paths

_WORDS = {
    "es": ("El mes no había terminado cuando llegó el archivo más nuevo.", "Falta la entrega de: {sources}."),
    "pt": ("O mês não tinha terminado quando chegou o arquivo mais novo.", "Falta a entrega de: {sources}."),
    "en": ("The month had not ended when the newest file arrived.", "Not delivered yet: {sources}."),
}


ALWAYS = {"crm", "erp"}
"""Sources that every month needs, also the first: without them nothing was sold and nothing invoiced, as far as one can see."""


@dataclass(frozen=True)
class Completeness:
    """What is still to come for a month. Equal deliveries and declarations give equal answers: no clock is asked."""

    has_ended: bool
    """Whether the newest file that the close read arrived after the month's last day (UTC)."""
    awaited: tuple[str, ...] = ()
    """Sources that have neither delivered for this month nor been declared absent: CRM, ERP, and who delivered for an earlier."""
    absent: tuple[tuple[str, str], ...] = ()
    """(source, why) of every source that somebody declared absent for the month."""

    @property
    def word(self) -> str:
        """`complete` or `provisional`."""
        return "complete" if self.has_ended and not self.awaited else "provisional"

    def awaits(self, kind: str) -> bool:
        """Whether a source of this kind (erp, crm, provider) has still to deliver."""
        return any(SOURCES[source].kind == kind for source in self.awaited)

    def because(self, lang: str) -> str | None:
        """Why the month is provisional; None when it is complete."""
        not_ended, missing = _WORDS[lang]
        said = [] if self.has_ended else [not_ended]
        said += [missing.format(sources=", ".join(self.awaited))] if self.awaited else []
        return " ".join(said) or None


def assess(paths: Paths, period: str, as_of: datetime) -> Completeness:
    """Judge a month by what intake has seen and kept.

    Args:
        as_of: when the newest file that the close read arrived, UTC without zone.
    """
    states = seen.folder_states(paths, period)
    came = {source for source in SOURCES if ledger.current(paths, source, period)}
    known = ledger.delivered_before(paths, period) | {source for source, state in states.items() if state.came_before}
    known |= ALWAYS
    absent = {
        source: state.absent_because for source, state in states.items() if state.absent_because and source not in came
    }
    awaited = [source for source in SOURCES if source in known and source not in came and source not in absent]
    return Completeness(as_of >= _after(period), tuple(awaited), tuple(sorted(absent.items())))


def with_absent_sources(
    deliveries: pl.DataFrame, completeness: Completeness, period: str, as_of: datetime
) -> pl.DataFrame:
    """`deliveries` (in the columns of fct_delivery) with one more row for each source that is declared absent."""
    rows = [
        {
            "delivery_sha256": hashlib.sha256(why.encode()).hexdigest(),
            "source": source,
            "close_period": period,
            "file": f"{source}/{period}/_ABSENT",
            "received_at": as_of,
            "status": "absent",
            "reason": why,
        }
        for source, why in completeness.absent
    ]
    return pl.concat([deliveries, pl.DataFrame(rows, schema=deliveries.schema)]) if rows else deliveries


def _after(period: str) -> datetime:
    """The first moment that is no longer part of the month."""
    following = (date.fromisoformat(f"{period}-01") + timedelta(days=31)).replace(day=1)
    return datetime(following.year, following.month, 1)
