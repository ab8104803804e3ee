"""Excel workbooks into frames of text.

Lives here: choosing the sheet, and refusing what a workbook can hide (XML entities, error cells, bombs). Does not: older
formats (.xls), nor formulas: the values Excel saved are read.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from pathlib import Path

import polars as pl

from orchestration.readers import foreign
from orchestration.readers.delimited import Batch
from orchestration.readers.dialect import FILE, Dialect
from orchestration.readers.streams import BLOCK, DAMAGED, Bound, refuse

LARGEST = 512 << 20
"""A sheet is held in memory whole; beyond this it belongs in CSV or Parquet."""
MOST_CELLS = 30_000_000
"""Between the first cell and the last one, the empty ones included: the library holds them all. As many as a full sheet of 28
columns has."""
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""What a sheet of Excel has."""
LONGEST_CELL = 16 << 10
"""Bytes of the longest cell that is looked at whole: a formula may have 8,192 characters."""

REFERENCE = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Za-z]*)([0-9]*)["']""")
LONG_NUMBER = re.compile(
    rb'<c r="([A-Z]+)(\d+)"(?: s="\d+")?(?: t="n")?><v>(?:-?\d{16,}|-?\d(?:\.\d+)?E\+(?:1[5-9]|[2-9]\d))</v>'
)
ERROR_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]* t="e"')
UNKNOWN_RESULT = re.compile(
    rb'<c r="([A-Z]+)(\d+)"(?![^>]* t="str"[^>]*>\s*<f[^>]*?(?:/>|>[^<]*</f>)\s*<v)[^>]*(?<!/)>'
    rb"\s*<f[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
"""A formula without the value that Excel keeps beside it. A text that is empty is a value."""

CELLS = (
    (ERROR_CELL, "the cell holds an Excel error", "Correct the formula and save the workbook again."),
    (
        UNKNOWN_RESULT,
        "the cell holds a formula without its result",
        "Open the workbook in Excel, save it and deliver it again: what wrote it does not calculate.",
    ),
    (
        LONG_NUMBER,
        "the cell holds a number of more than 15 digits, of which Excel has lost the last ones",
        "Format the column as text before typing or pasting into it.",
    ),
)


def batches(path: Path, file: str, dialect: Dialect) -> Iterator[Batch]:
    """The rows of one sheet, its first row being the header.

    Raises:
        InputUnusable: hostile or damaged workbook, an ambiguous sheet, cells that hold an error.
    """
    _inspect(path, file)
    cells, sheet = pl.DataFrame(), ""
    try:
        for told in foreign.read("workbook", path, sheet=dialect.sheet):
            if isinstance(told, pl.DataFrame):
                cells = told
            else:
                sheet = _sheet(told["sheets"], file, dialect)
    except (foreign.NotReadable, foreign.ReaderEnded) as error:
        raise refuse(file, f"is not a readable workbook ({error})", "Save it again as .xlsx, or as CSV.") from error
    if not cells.height:
        raise refuse(file, f"sheet {sheet!r} is empty", "Put the header in its first row.")
    header = tuple(name or "" for name in cells.row(0))
    body = cells.slice(1).with_columns(pl.all().replace("", None))
    yield Batch(body, header, 1, lambda at: [position + 2 for position in at])


def _sheet(names: list[str], file: str, dialect: Dialect) -> str:
    if dialect.sheet is None and len(names) == 1:
        return names[0]
    if dialect.sheet in names:
        return str(dialect.sheet)
    reason = f"has no sheet {dialect.sheet!r}" if dialect.sheet else "has more than one sheet"
    raise refuse(file, reason, f"Declare sheet = one of {', '.join(map(repr, names))} in {FILE} beside the file.")


def _inspect(path: Path, file: str) -> None:
    """Reads every XML part once, before the workbook library does."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            bound = Bound(file, path.stat().st_size)
            bound.limit = min(bound.limit, LARGEST)
            for info in infos:
                tail, extent = b"", Extent(file)
                with archive.open(info) as part:
                    while block := part.read(BLOCK):
                        _judge(tail + bound.admit(block), info.filename, file, extent)
                        tail = block[-LONGEST_CELL:]
    except DAMAGED as error:
        raise refuse(
            file, f"is not a readable workbook ({error})", "Save it again as .xlsx without a password, or as CSV."
        ) from error


@dataclass
class Extent:
    """How far the cells of a sheet reach. One cell in the last corner makes a sheet of 17,000 million."""

    file: str
    rows: int = 0
    columns: int = 0
    seen: set[bytes] = field(default_factory=set)
    """Columns met before."""

    def admit(self, xml: bytes) -> None:
        """Looks at the places of the cells in a piece of a sheet, and refuses the piece that takes it too far."""
        for letters, digits in REFERENCE.findall(xml):
            if not letters or not digits or len(digits) < 8 and int(digits) <= self.rows and letters in self.seen:
                continue
            self.seen.add(letters)
            row, column = int(digits[:8]), _column(letters)
            if row > MOST_ROWS or column > MOST_COLUMNS or len(digits) > 8:
                shown = f"{letters[:20].decode()}{digits[:20].decode()}"
                raise refuse(self.file, "holds a cell outside of any sheet", "Save it again with Excel.", value=shown)
            self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        if self.rows * self.columns > MOST_CELLS:
            reason = f"a sheet reaches over {self.rows} rows and {self.columns} columns"
            remedy = "Delete what lies far away from the table (Ctrl+End goes there), or deliver CSV or Parquet."
            raise refuse(self.file, reason, remedy)


@lru_cache(maxsize=MOST_COLUMNS)
def _column(letters: bytes) -> int:
    """A is 1, XFD is 16,384; more than three letters are beyond any sheet."""
    if len(letters) > 3:
        return MOST_COLUMNS + 1
    return reduce(lambda sum_, letter: sum_ * 26 + letter - 64, letters.upper(), 0)


def _judge(xml: bytes, part: str, file: str, extent: Extent) -> None:
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise refuse(
            file,
            f"declares XML entities in {part}, which Excel never does",
            "Do not open it; ask the sender what it is.",
        )
    if not part.startswith("xl/worksheets/"):
        return
    extent.admit(xml)
    for pattern, reason, remedy in CELLS:
        if cell := pattern.search(xml):
            raise refuse(file, reason, remedy, line=int(cell[2]), column=cell[1].decode())
