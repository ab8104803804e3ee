"""Text files written row by row, the same bytes every time.

Lives here: CSV and gzip writers that open when the first row comes. Does not: any sender's columns.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path


class Lines:
    """A text file, gzipped where its name says so. The gzip header carries no time."""

    def __init__(self, path: Path, *, bom: bool = False):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.count = path, 0
        self._raw = path.open("wb")
        zipped = path.suffix == ".gz"
        self._bytes = gzip.GzipFile("", "wb", 1, self._raw, mtime=0) if zipped else self._raw
        buffer = io.BufferedWriter(self._bytes, 1 << 16) if zipped else self._bytes
        self.stream = io.TextIOWrapper(buffer, encoding="utf-8", newline="")
        if bom:
            self.stream.write("\ufeff")

    def write(self, text: str) -> None:
        """One line, without its end."""
        self.stream.write(text + "\n")
        self.count += 1

    def close(self) -> None:
        """Finish the files."""
        self.stream.close()
        if not self._raw.closed:
            self._bytes.close()
            self._raw.close()


class Csv:
    """A CSV file with a header; opened by the first row, so that nothing empty is delivered."""

    def __init__(self, path: Path, columns: Sequence[str], *, bom: bool = False, end: str = "\n"):
        self.path, self.columns, self.count = path, tuple(columns), 0
        self._bom, self._end = bom, end
        self._lines: Lines | None = None

    def row(self, values: Mapping[str, object]) -> None:
        """One row by column name; a missing name is an empty cell, an unknown one is a mistake of ours."""
        unknown = values.keys() - set(self.columns)
        if unknown:
            raise KeyError(f"{self.path.name} has no column {sorted(unknown)}")
        self.cells([values.get(column) for column in self.columns])

    def cells(self, cells: Sequence[object]) -> None:
        """One row in column order."""
        if self._lines is None:
            self._lines = Lines(self.path, bom=self._bom)
            self._writer = csv.writer(self._lines.stream, lineterminator=self._end)
            self._writer.writerow(self.columns)
        self._writer.writerow([_cell(cell) for cell in cells])
        self.count += 1

    def close(self) -> None:
        """Finish the files."""
        if self._lines is not None:
            self._lines.close()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value
