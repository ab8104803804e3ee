"""The inbox between two closes: what changed in it, whether it lies still, and what is declared absent.

Lives here: marks of its folders, the files `_ABSENT` (nothing will come) and `_READY` (all of it is here), and which months
have something to close. Does not: recognising a delivery (intake), remembering one (ledger), or starting a run (defs).
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.close import periods
from orchestration.contracts import SOURCES
from orchestration.errors import Fault, InputUnusable
from orchestration.intake import inbox
from orchestration.intake.seen import FolderState, folder_states
from orchestration.publish import closes, events
from orchestration.settings import Paths, quiet_minutes

ABSENT = ("_absent", "_absent.txt")
"""Names, in lower case, of the file that declares a source absent for a month; it holds the reason."""

READY = ("_ready", "_ready.txt")
"""Names, in lower case, of the file that says that a delivery is all there. A file that came later makes it void."""

_LONGEST_REASON = 500
"""Characters of a reason: it is shown in one line."""


@dataclass(frozen=True)
class Month:
    """A month of the inbox, as whoever closes months by themselves sees it."""

    period: str
    mark: str
    """Another one whenever the inbox or what is kept of the month is another."""
    has_news: bool
    """Whether the inbox is not what the published close read; a withdrawn month has news only when its inbox changed."""
    is_withdrawn: bool
    is_locked: bool
    """Whether people locked it: nothing closes it by itself or by hand."""
    waits_for: str | None
    """Why it is not closed yet although it has news; None when it lies still."""


def months(paths: Paths, now: float | None = None) -> list[Month]:
    """Every month of the inbox, oldest first.

    Args:
        now: seconds since 1970, by default the clock's: it decides when a close starts, never what is in it.
    """
    now = time.time() if now is None else now
    return [_month(paths, period, now) for period in periods.in_inbox(paths)]


def open_months(paths: Paths) -> list[Month]:
    """What a nightly run closes: the newest month, unless it was withdrawn, and every month with news."""
    found = months(paths)
    newest = [month for month in found[-1:] if not month.is_withdrawn and not month.is_locked]
    return [month for month in found if month.has_news or month in newest]


def marks_now(paths: Paths, period: str) -> dict[str, str]:
    """The mark of every folder of the month that holds files, by source."""
    return {source: seen for source in SOURCES if (seen := mark(paths, source, period))}


def marks_read(paths: Paths, period: str) -> dict[str, str]:
    """The marks that the folders had when intake began to read them."""
    return {source: state.mark for source, state in folder_states(paths, period).items() if state.mark}


def _month(paths: Paths, period: str, now: float) -> Month:
    seen, kept = marks_now(paths, period), closes.closes(paths).get(period)
    out, back = closes.of_this_inbox(paths).get(period), closes.withdrawn(paths).get(period)
    state = json.dumps([seen, kept.name if kept else None])
    is_locked = events.is_locked(paths, period)
    return Month(
        period=period,
        mark=hashlib.sha256(state.encode()).hexdigest()[:16],
        has_news=not is_locked and seen != (out or back or {}).get("inbox"),
        is_locked=is_locked,
        is_withdrawn=back is not None,
        waits_for=_waits_for(paths, period, list(seen), now),
    )


def _waits_for(paths: Paths, period: str, sources: list[str], now: float) -> str | None:
    """Which deliveries changed too lately to be taken for whole, in one sentence; None when every one lies still."""
    quiet, young = quiet_minutes(), []
    for source in sources:
        folder = paths.inbox / source / period
        still_for = (now - _last_change(folder)) / 60
        if still_for < quiet and not _is_ready(folder):
            young.append(f"{source} changed {max(int(still_for), 0)} minutes ago")
    if not young:
        return None
    return (
        f"{period} is closed once it lies still for {quiet} minutes, or has _READY in each folder: {', '.join(young)}."
    )


def _last_change(folder: Path) -> float:
    """When anything below the folder changed last, hidden files of a copy in progress included; seconds since 1970."""
    entries = [folder, *(Path(place) / name for place, inner, names in os.walk(folder) for name in (*inner, *names))]
    return max((_times(entry)[2] for entry in entries if _times(entry)), default=0) / 1e9


def _is_ready(folder: Path) -> bool:
    """Whether the sender said that all of it is here, after the last file came."""
    said = [_times(file) for file in folder.iterdir() if file.name.lower() in READY]
    files = [_times(file) for file in _files(folder)]
    return any(all(file[2] <= one[2] for file in files if file) for one in said if one)


def folder_state(paths: Paths, source: str, period: str) -> FolderState:
    """What lies in one folder of the inbox, without reading any data. Ask before reading it, so that a later change is seen.

    Raises:
        InputUnusable: the source is declared absent without a reason, or beside files.
    """
    before = any(month < period for month in inbox.delivered(paths, source))
    return FolderState(mark(paths, source, period), _absent_because(paths, source, period), before)


def mark(paths: Paths, source: str, period: str) -> str:
    """A cheap mark of one folder: names, sizes and times of its files and of the dialect declared for its source.

    The time of change cannot be set back, so a copy that keeps size and date is seen too. Empty where there is no file.
    """
    found = [*_files(paths.inbox / source / period)]
    if not found:
        return ""
    dialect = paths.inbox / source / "dialect.toml"
    listed = [[os.fsdecode(os.path.relpath(file, paths.inbox)), *_times(file)] for file in [*found, dialect]]
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()[:16]


def _files(folder: Path) -> Iterator[Path]:
    """Every file of a delivery folder that may change what is read, in a fixed order; what cannot be opened is left out."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        for name in sorted(names):
            if not inbox.is_harmless(Path(name)) or name.lower() in (*ABSENT, "dialect.toml"):
                yield Path(place) / name


def _times(file: Path) -> list[int]:
    try:
        seen = file.lstat()
    except OSError:  # gone since it was listed, or never there
        return []
    return [seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns]


def _absent_because(paths: Paths, source: str, period: str) -> str | None:
    """The reason in the declaration of absence; None where there is none."""
    folder = paths.inbox / source / period
    declared = [file for file in _files(folder) if file.parent == folder and file.name.lower() in ABSENT]
    if not declared:
        return None
    name = f"{source}/{period}/{declared[0].name}"
    if period in inbox.delivered(paths, source):
        raise InputUnusable(
            [Fault(name, "says that nothing will come, and files lie beside it", "Remove one of them.")]
        )
    try:
        said = declared[0].read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise InputUnusable([Fault(name, "cannot be read as text", "Write the reason in it, in UTF-8.")]) from None
    reason = " ".join("".join(letter if letter.isprintable() else " " for letter in said).split())
    if not reason or len(reason) > _LONGEST_REASON:
        remedy = "Write in one line why nothing will come, for example: contract ended on 2026-08-31."
        raise InputUnusable([Fault(name, "does not say why" if not reason else "says too much", remedy)])
    return reason
