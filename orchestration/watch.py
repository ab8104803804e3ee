"""The inbox between two closes: what changed in it and what is declared absent.

Lives here: marks of its folders, and the file `_ABSENT` by which a person says that nothing will come. Does not: recognising
a delivery (intake), remembering one (ledger), or starting a run (defs).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from orchestration import inbox
from orchestration.errors import Fault, InputUnusable
from orchestration.ledger import Look
from orchestration.settings import Paths

ABSENT = ("_absent", "_absent.txt")
"""Names, in lower case, of the file that declares a source absent for a month; it holds the reason."""

_LONGEST_REASON = 500
"""Characters of a reason: it is shown in one line."""


def look(paths: Paths, source: str, period: str) -> Look:
    """What lies in one folder of the inbox, without reading any data. Ask before reading it, so that a later change is seen.

    Raises:
        InputUnusable: the source is declared absent without a reason, or beside files.
    """
    before = any(month < period for month in inbox.delivered(paths, source))
    return Look(mark(paths, source, period), _absent_because(paths, source, period), before)


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
