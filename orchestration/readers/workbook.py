"""Excel workbooks into frames of text.

Lives here: choosing the sheet, and refusing what a workbook can hide (XML entities, error cells, bombs). Does not: older
formats (.xls), nor formulas: the values Excel saved are read.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import fastexcel
import polars as pl

from orchestration.readers.delimited import Batch
from orchestration.readers.dialect import FILE, Dialect
from orchestration.readers.streams import BLOCK, Bound, refuse

LARGEST = 512 << 20
"""A sheet is held in memory whole; beyond this it belongs in CSV or Parquet."""
LONG_NUMBER = re.compile(
    rb'<c r="([A-Z]+)(\d+)"(?: s="\d+")?(?: t="n")?><v>(?:-?\d{16,}|-?\d(?:\.\d+)?E\+(?:1[5-9]|[2-9]\d))</v>'
)
ERROR_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]* t="e"')

CELLS = (
    (ERROR_CELL, "the cell holds an Excel error", "Correct the formula and save the workbook again."),
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
    try:
        book = fastexcel.read_excel(path)
        sheet = _sheet(book.sheet_names, file, dialect)
        cells = book.load_sheet(sheet, header_row=None, dtypes="string").to_polars()
    except fastexcel.FastExcelError as error:
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
                tail = b""
                with archive.open(info) as part:
                    while block := part.read(BLOCK):
                        _judge(tail + bound.admit(block), info.filename, file)
                        tail = block[-256:]
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise refuse(
            file, f"is not a readable workbook ({error})", "Save it again as .xlsx without a password, or as CSV."
        ) from error


def _judge(xml: bytes, part: str, file: str) -> None:
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise refuse(
            file,
            f"declares XML entities in {part}, which Excel never does",
            "Do not open it; ask the sender what it is.",
        )
    if not part.startswith("xl/worksheets/"):
        return
    for pattern, reason, remedy in CELLS:
        if cell := pattern.search(xml):
            raise refuse(file, reason, remedy, line=int(cell[2]), column=cell[1].decode())
