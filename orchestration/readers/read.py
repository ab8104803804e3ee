"""One delivery of one table: files in, typed Parquet out.

Lives here: choosing a file's reader, running every batch through the shaper, writing parts and moving them into place as a
whole. Does not: formats (one module each), types (values), names (names).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import polars as pl

from orchestration.contracts.model import Table
from orchestration.errors import Fault, InputUnusable, relative_to
from orchestration.readers import columnar, delimited, jsonlines, streams, workbook
from orchestration.readers.ahead import ahead
from orchestration.readers.delimited import Batch
from orchestration.readers.dialect import Dialect
from orchestration.readers.shape import MOST_FAULTS, Shaper
from orchestration.readers.values import EXACT, TYPES, Rules

COMMON = Dialect()
PART_ROWS = 120_000
"""Rows per Parquet part: enough to compress well, few enough to hold."""
PART_BYTES = 256 << 20
"""Bytes held for a part, however few its rows."""


@dataclass(frozen=True)
class FileReport:
    """What one delivered file held."""

    file: str
    rows: int
    amount_totals: dict[str, Decimal]
    """Sum of the table's amount by currency; `XXX` where the table names none."""
    suspicious: tuple[Fault, ...] = ()
    """Cells that may have swallowed rows: faults only where the rows or the sum are not what was promised."""
    is_verified: bool = True
    """False for Parquet without checksums: a changed byte may be another amount, and nothing in the file would tell."""


@dataclass(frozen=True)
class ReadReport:
    """What a delivery of one table held, and what was done to read it."""

    rows: int
    files: tuple[FileReport, ...]
    unknown_columns: tuple[str, ...]
    absent_columns: tuple[str, ...]
    """Contract columns that no file has."""
    notes: tuple[str, ...]


UNFORESEEN = (Exception, pl.exceptions.PanicException)
"""What a library may raise that no reader expects; a panic of Polars is no ordinary exception."""


class Unforeseen(Exception):
    """Something went wrong in a file for which no reader has a sentence; its cause says what."""

    def __init__(self, file: str):
        super().__init__(file)
        self.file = file


Opened = Iterator[tuple[str, Iterator[Batch]]]
"""(name for `_source_file`, batches) of every table of text inside one delivered file."""


def read(
    table: Table, files: Sequence[Path], out: Path, *, delivery_sha256: str, root: Path, dialect: Dialect = COMMON
) -> ReadReport:
    """Reads `files` as one delivery of `table` into typed Parquet parts in the folder `out`.

    Columns are the contract's, in order, then unknown ones as text, then `_source_file`, `_source_row` and
    `_delivery_sha256`. `_source_row` counts the data rows of the file from 1, repeated headers and blank lines included.

    Raises:
        InputUnusable: with every fault found, each naming file, line and column; `out` is then left as it was.
    """
    if not files:
        raise InputUnusable(
            [
                Fault(
                    str(table.source),
                    "no file of this source can be read",
                    f"Deliver {table.name} as CSV, Parquet or Excel.",
                )
            ]
        )
    scratch = out.parent / f".{out.name}.part"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        report = _read_all(table, files, scratch, delivery_sha256, root, dialect)
        shutil.rmtree(out, ignore_errors=True)
        scratch.replace(out)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return report


def _read_all(table: Table, files: Sequence[Path], folder: Path, sha: str, root: Path, dialect: Dialect) -> ReadReport:
    faults: list[Fault] = []
    reports: list[FileReport] = []
    notes: list[str] = []
    seen: set[str] = set()
    unknown: dict[str, None] = {}
    rules = Rules.of(table, dialect)
    for number, path in enumerate(files):
        name = relative_to(path, root)
        rows, totals, suspicious, is_verified = 0, {}, [], True
        parts = Parts(folder, number)
        try:
            for origin, batches in opened(path, name, table, dialect):
                shaper = Shaper(table, rules, name, origin, sha)
                try:
                    for batch in ahead(batches):
                        shaped = shaper.shape(batch)
                        if shaped is not None and not faults and not shaper.faults:
                            parts.add(shaped)
                        if len(shaper.faults) >= MOST_FAULTS:
                            break
                finally:  # a file that stops parsing may have had faulty values before
                    faults += shaper.faults
                notes += shaper.notes()
                seen |= shaper.seen
                unknown |= shaper.unknown
                suspicious += shaper.suspicious
                is_verified &= shaper.is_verified
                rows += shaper.rows
                totals = {
                    code: EXACT.add(totals.get(code, Decimal(0)), shaper.totals.get(code, Decimal(0)))
                    for code in [*totals, *shaper.totals]
                }
        except InputUnusable as refused:
            faults += refused.faults
        except UNFORESEEN as error:
            raise Unforeseen(name) from error
        parts.flush()
        reports.append(FileReport(name, rows, totals, tuple(suspicious), is_verified))
    if faults:
        raise InputUnusable(faults)
    _align(folder, table, tuple(unknown))
    absent = tuple(column for column in table.names if column not in seen)
    return ReadReport(sum(report.rows for report in reports), tuple(reports), tuple(unknown), absent, tuple(notes))


class Parts:
    """Gathers shaped batches of one file and writes them as parts of even size."""

    def __init__(self, folder: Path, number: int):
        self.folder, self.number, self.written = folder, number, 0
        self.held: list[pl.DataFrame] = []

    def add(self, frame: pl.DataFrame) -> None:
        """Keeps a batch; writes a part once enough rows are held."""
        self.held.append(frame)
        rows, size = (
            sum(column) for column in zip(*((one.height, one.estimated_size()) for one in self.held), strict=True)
        )
        if rows >= PART_ROWS or size >= PART_BYTES:
            self.flush()

    def flush(self) -> None:
        """Writes what is held."""
        if self.held:
            path = self.folder / f"{self.number:04d}-{self.written:05d}.parquet"
            pl.concat(self.held, how="diagonal").write_parquet(path, compression="zstd", compression_level=1)
            self.held, self.written = [], self.written + 1


def _align(folder: Path, table: Table, unknown: tuple[str, ...]) -> None:
    """Gives every part the same columns in the same order, NULL where its file had none."""
    wanted = [*table.names, *unknown, "_source_file", "_source_row", "_delivery_sha256"]
    types = {column.name: TYPES[column.type] for column in table.columns} | {"_source_row": pl.Int64()}
    for part in sorted(folder.glob("*.parquet")):
        has = pl.scan_parquet(part, glob=False).collect_schema()
        if list(has) == wanted:
            continue
        whole = part.with_suffix(".whole")
        columns = [
            pl.col(name) if name in has else pl.lit(None, types.get(name, pl.String())).alias(name) for name in wanted
        ]
        pl.scan_parquet(part, glob=False).select(columns).sink_parquet(whole, compression="zstd", compression_level=1)
        whole.replace(part)


def opened(path: Path, name: str, table: Table, dialect: Dialect) -> Opened:
    """The tables of rows inside a file, by what its name says it is."""
    lower = path.name.lower()
    for endings, opener in OPENERS:
        if lower.endswith(endings):
            yield from opener(path, name, table, dialect)
            return
    known = ", ".join(ending for endings, _ in OPENERS for ending in endings)
    raise InputUnusable([Fault(name, "is of no known format", f"Deliver one of {known}.")])


def _csv(path: Path, name: str, table: Table, dialect: Dialect) -> Opened:
    yield name, delimited.batches(streams.plain(path, name), name, dialect, table.nulls)


def _csv_gz(path: Path, name: str, table: Table, dialect: Dialect) -> Opened:
    yield name, delimited.batches(streams.gunzipped(path, name), name, dialect, table.nulls)


def _zip(path: Path, name: str, table: Table, dialect: Dialect) -> Opened:
    inside, bound = streams.members(path, name), streams.Bound(name, path.stat().st_size)
    for member, info in inside:
        origin = name if len(inside) == 1 else f"{name}/{member}"
        yield origin, delimited.batches(streams.unzipped(path, name, info, bound), origin, dialect, table.nulls)


def _json_lines(path: Path, name: str, table: Table, dialect: Dialect) -> Opened:
    yield name, jsonlines.batches(streams.plain(path, name), name, table)


def _json_lines_gz(path: Path, name: str, table: Table, dialect: Dialect) -> Opened:
    yield name, jsonlines.batches(streams.gunzipped(path, name), name, table)


def _parquet(path: Path, name: str, table: Table, dialect: Dialect) -> Opened:
    yield name, columnar.batches(path, name, table)


def _workbook(path: Path, name: str, table: Table, dialect: Dialect) -> Opened:
    yield name, workbook.batches(path, name, dialect)


OPENERS: tuple[tuple[tuple[str, ...], Callable[[Path, str, Table, Dialect], Opened]], ...] = (
    ((".csv", ".txt"), _csv),
    ((".csv.gz", ".txt.gz"), _csv_gz),
    ((".zip",), _zip),
    ((".json", ".jsonl", ".ndjson"), _json_lines),
    ((".json.gz", ".jsonl.gz", ".ndjson.gz"), _json_lines_gz),
    ((".parquet",), _parquet),
    ((".xlsx",), _workbook),
)
"""Which reader opens a file, by the ending of its name."""
