"""What people did with a month: certified, locked, opened again. One chain of events for each month.

Lives here: the file of a month's events, the hash that ties each event to the one before, and a month's state. Does not: who may
act (close/authority), nor what acting asks for (close/life).

`<home>/lake/<origin>/events/<YYYY-MM>.jsonl` holds one event a line. Each names the SHA-256 of the event before it, so that a removed or
altered event is found. A month that nobody acted on has no file: that it is published follows from its close alone.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

import polars as pl

from orchestration.errors import CuadreError
from orchestration.settings import Paths

What = Literal["published", "certified", "locked", "reopened", "replayed", "override"]
State = Literal["open", "published", "certified", "locked"]

_LEADS_TO: dict[str, State] = {
    "published": "published",
    "certified": "certified",
    "locked": "locked",
    "reopened": "published",
}
"""The state of a month after an event; replays and overrides leave it as it is."""

PIPELINE = "pipeline"
"""Who publishes: no person does."""


class ChainBroken(CuadreError):
    """The events of a month are not what was written. Nothing was added to them."""


class StepRefused(CuadreError):
    """The month, or the person, does not allow this step. Nothing was written."""

    exit_code = 3


class PeriodLocked(StepRefused):
    """A locked month is never written again."""


@dataclass(frozen=True)
class Event:
    """One step in the life of one month, as a row of fct_period_event."""

    close_period: str
    sequence: int
    """1, 2, 3 … within the month."""
    event: What
    at: datetime
    """UTC, without zone."""
    by: str
    by_role: str | None
    """The role that gave the right to act; None where no authority was delivered."""
    approved_by: str | None
    approved_by_role: str | None
    reason: str
    note: str | None
    """What the reader must know, such as that no authority was delivered."""
    release_sha256: str | None
    """SHA-256 over the hashes of the files of the close that was published, certified or locked."""
    previous_sha256: str | None
    """Hash of the event before it, None for the first."""
    event_sha256: str = ""
    """Hash of all the fields above."""

    def sealed(self) -> Event:
        """The same event with its hash."""
        told = {name: value for name, value in _told(self).items() if name != "event_sha256"}
        text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return replace(self, event_sha256=hashlib.sha256(text.encode()).hexdigest())


_FRAME = {
    field.name: pl.Int64 if field.name == "sequence" else pl.Datetime("us") if field.name == "at" else pl.String
    for field in fields(Event)
}
"""The columns of fct_period_event."""


def of(paths: Paths, period: str) -> tuple[Event, ...]:
    """The events of a month, oldest first; none where nobody acted.

    Raises:
        ChainBroken: the file was changed by other hands.
    """
    file = _file(paths, period)
    if not file.exists():
        return ()
    events, wrong = _read(file)
    if wrong:
        raise ChainBroken(
            f"{file.name}: {wrong[0]}. The events of {period} were changed outside cuadre: "
            "`cuadre verify` says where; put the file back from a backup."
        )
    return events


def months(paths: Paths) -> list[str]:
    """Months with events, oldest first."""
    return sorted(file.stem for file in _folder(paths).glob("????-??.jsonl"))


def state(paths: Paths, period: str, content_sha256: str | None) -> State:
    """Where a month stands.

    Args:
        content_sha256: the close that is published now; None where none is. A certificate of another close counts no more.
    """
    if content_sha256 is None:
        return "open"
    told = of(paths, period)
    return "published" if _is_outdated(told, content_sha256) else _state(told)


def is_locked(paths: Paths, period: str) -> bool:
    """Whether a month may not be written any more."""
    return _state(of(paths, period)) == "locked"


def refuse_if_locked(paths: Paths, period: str) -> None:
    """Stop whatever would write a locked month.

    Raises:
        PeriodLocked: the month is locked.
    """
    if is_locked(paths, period):
        raise PeriodLocked(
            f"{period} is locked and is never written again. To change it all the same, two people open it: "
            f"`cuadre reopen {period} --by … --approved-by … --reason …`."
        )


def append(paths: Paths, period: str, *events: Event) -> tuple[Event, ...]:
    """Add events at the end of a month's chain, all or none.

    Args:
        events: their places and hashes are filled in here.

    Returns: the events as written.

    Raises:
        ChainBroken: the events before them are not what was written.
    """
    chain = list(of(paths, period))
    known = len(chain)
    for event in events:
        last = chain[-1].event_sha256 if chain else None
        placed = replace(event, close_period=period, sequence=len(chain) + 1, previous_sha256=last)
        chain.append(placed.sealed())
    file = _file(paths, period)
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8") as out:
        out.write("".join(f"{_line(one)}\n" for one in chain))
        out.flush()
        os.fsync(out.fileno())
    os.replace(unfinished, file)
    return tuple(chain[known:])


def published(period: str, content_sha256: str, as_of: datetime) -> Event:
    """That a close was published, by the pipeline. Its time is that of the newest file read, so that a replay gives the same."""
    return Event(
        close_period=period,
        sequence=1,
        event="published",
        at=as_of,
        by=PIPELINE,
        by_role=None,
        approved_by=None,
        approved_by_role=None,
        reason="every gate passed",
        note=None,
        release_sha256=content_sha256,
        previous_sha256=None,
    )


def frame(paths: Paths, closes: Mapping[str, tuple[str, datetime]]) -> pl.DataFrame:
    """fct_period_event: every event of these months, and that each close was published where nobody acted on it yet.

    Args:
        closes: by month, hash of what the close holds and when its newest file came.
    """
    rows: list[Event] = []
    for period, (content_sha256, as_of) in sorted(closes.items()):
        told = of(paths, period)
        rows += told
        if not told or _is_outdated(told, content_sha256):
            last = told[-1].event_sha256 if told else None
            shown = published(period, content_sha256, as_of)
            rows.append(replace(shown, sequence=len(told) + 1, previous_sha256=last).sealed())
    return pl.DataFrame([asdict(row) for row in rows], schema=_FRAME, orient="row")


STANDING = {
    "close_period": pl.String,
    "status": pl.String,
    "certified_at": pl.Datetime("us"),
    "certified_by": pl.String,
    "certified_for": pl.String,
}
"""The columns of dim_close_period that events fill, beside its key."""
FILLED = ("status", "certified_at", "certified_by", "certified_for")


def standing(told: pl.DataFrame) -> list[tuple]:
    """Where each month of fct_period_event stands, and who certified it last: rows of STANDING.

    `certified_for` is `report` where nobody could check the right to certify, else `margin`.
    """
    rows = []
    for (period,), chain in told.sort("sequence").group_by("close_period", maintain_order=True):
        status, certified = "published", None
        for event in chain.iter_rows(named=True):
            status = _LEADS_TO.get(event["event"], status)
            certified = event if event["event"] == "certified" else None if status == "published" else certified
        if certified is None:
            rows.append((period, status, None, None, None))
        else:
            purpose = "report" if certified["note"] else "margin"
            rows.append((period, status, certified["at"], certified["by"], purpose))
    return sorted(rows)


def faults(paths: Paths, period: str, *, ends_with: str | None = None) -> list[str]:
    """What is wrong with a month's chain, in sentences; none when it is whole.

    Args:
        ends_with: hash of an event that must be in the chain, because a release names it.
    """
    file = _file(paths, period)
    events, wrong = _read(file) if file.exists() else ((), [])
    if ends_with and not wrong and ends_with not in {event.event_sha256 for event in events}:
        wrong = [f"the event {ends_with[:12]}, which a release names, is missing"]
    return [f"events of {period}: {one}" for one in wrong]


def _read(file: Path) -> tuple[tuple[Event, ...], list[str]]:
    """The events of a file, and what is wrong with them."""
    events: list[Event] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            told = json.loads(line)
            event = Event(**told | {"at": datetime.fromisoformat(told["at"])})
        except (ValueError, TypeError, KeyError):
            return tuple(events), [f"line {number} is no event"]
        before = events[-1].event_sha256 if events else None
        # The very text is compared: a time can be written in several ways that mean the same.
        if event.event not in get_args(What) or event.sealed() != event or _line(event) != line:
            return tuple(events), [f"event {number} was altered"]
        if (event.sequence, event.previous_sha256, event.close_period) != (number, before, file.stem):
            return tuple(events), [f"event {number} does not follow the one before it: an event was removed or moved"]
        events.append(event)
    return tuple(events), []


def _line(event: Event) -> str:
    return json.dumps(_told(event), sort_keys=True, ensure_ascii=False)


def _told(event: Event) -> dict[str, Any]:
    return asdict(event) | {"at": event.at.isoformat()}


def _is_outdated(events: Sequence[Event], content_sha256: str) -> bool:
    """Whether the month was closed anew since people acted on it, or opened for it."""
    return bool(events) and (events[-1].event == "reopened" or events[-1].release_sha256 != content_sha256)


def _state(events: Iterable[Event]) -> State:
    found: State = "published"
    for event in events:
        found = _LEADS_TO.get(event.event, found)
    return found


def _file(paths: Paths, period: str) -> Path:
    return _folder(paths) / f"{period}.jsonl"


def _folder(paths: Paths) -> Path:
    return paths.lake / paths.origin / "events"
