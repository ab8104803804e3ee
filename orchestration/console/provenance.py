"""Where a delivered row lies: its file, its physical line, the file's own hash, and the delivery it came with.

Lives here: going back from a row of the lake to the sender's file. Does not: reading what the row says (explain).

`line` has one meaning in the whole product, that of `errors.Fault`: the physical line of the file, the header included; in a
workbook, the row of the sheet. It is counted in the file itself, by the reader that refuses files, because headers, blank lines
and cells that span lines stand between a row's ordinal and its line. Where the file is gone or has no lines, the ordinal is named as
what it is: `data_row`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from orchestration.contracts import SOURCES
from orchestration.errors import InputUnusable
from orchestration.ground.files import sha256_of
from orchestration.intake import ledger
from orchestration.intake.delivery import DeliveryFile
from orchestration.readers.dialect import Dialect, load_dialect
from orchestration.readers.read import opened
from orchestration.settings import Paths

GONE, NO_LINES = "gone", "no_lines"
"""Why a row has no line: the inbox no longer holds the file as it was delivered; Parquet has no lines."""


@dataclass(frozen=True)
class Place:
    """Where one delivered row lies."""

    file: str
    """As `_source_file` says it: relative to the inbox, with the member of an archive that holds several."""
    data_row: int
    """Ordinal among the rows of the file, from 1."""
    line: int | None
    """Physical line of the file, from 1; None where it cannot be known."""
    no_line_because: str | None
    file_sha256: str | None
    """Hash of the file's bytes, as `sha256sum` gives it; None where the ledger does not know the file."""
    delivery: str
    """Hash of the whole delivery that the file was part of."""


def locate(
    paths: Paths, source: str, period: str, delivery_sha256: str, rows: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], Place]:
    """The places of rows of one delivery, each given as (`_source_file`, `_source_row`).

    Args:
        paths: the data home, on the inbox that the delivery came from.
        period: the folder that it was delivered in, which is an earlier month's where it stood in.
    """
    known = ledger.find(paths, source, period, delivery_sha256)
    by_file: dict[str, list[int]] = {}
    for file, row in rows:
        by_file.setdefault(file, []).append(row)
    found = {}
    for file, ordinals in by_file.items():
        on_disk = (
            next((f for f in known.files if file == f.file or file.startswith(f"{f.file}/")), None) if known else None
        )
        lines, why = _lines(paths, source, period, file, on_disk, ordinals)
        for row in ordinals:
            sha256 = on_disk.sha256 if on_disk else None
            line = lines.get(row)
            found[file, row] = Place(file, row, line, None if line else why, sha256, delivery_sha256)
    return found


def _lines(
    paths: Paths, source: str, period: str, origin: str, file: DeliveryFile | None, rows: list[int]
) -> tuple[dict[int, int], str]:
    """Row → physical line, and why a row has none."""
    if file is None:
        return {}, GONE
    path = paths.inbox / file.file
    if not path.is_file() or sha256_of(path) != file.sha256:
        return {}, GONE
    if path.suffix.lower() == ".parquet":
        return {}, NO_LINES
    try:
        return _counted(path, file.file, origin, source, _dialect(paths, source, period), set(rows)), GONE
    except InputUnusable:  # another version of the product read it; what it cannot read today it cannot count
        return {}, GONE


def _counted(path: Path, name: str, origin: str, source: str, dialect: Dialect, wanted: set[int]) -> dict[int, int]:
    lines: dict[int, int] = {}
    for inside, batches in opened(path, name, SOURCES[source].tables[0], dialect):
        if inside != origin:
            continue
        for batch in batches:
            here = sorted(row for row in wanted if 0 <= row - batch.first_row < batch.frame.height)
            lines |= dict(zip(here, batch.lines([row - batch.first_row for row in here]), strict=True)) if here else {}
            if len(lines) == len(wanted):
                return lines
    return lines


def _dialect(paths: Paths, source: str, period: str) -> Dialect:
    """The dialect declared for the delivery, else for its source, as intake reads it."""
    folder = paths.inbox / source / period
    declared = (load_dialect(each, paths.inbox) for each in (folder, folder.parent))
    return next((one for one in declared if one != Dialect()), Dialect())
