"""A mart as wide as FOCUS and as long as all providers' files, as one sorted Parquet file.

Lives here: reading it a piece at a time and appending the pieces. Does not: what it holds (dbt), where it goes (publish).

Sorting millions of rows of ninety columns holds gigabytes, or spills them. The rows come from files, and are published in the
order of their files: a piece of a file fits in memory, whatever the length of the month.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.errors import CuadreError
from orchestration.readers.ahead import ahead

ROWS = 80_000
"""About how many rows a piece holds; it becomes a row group."""
AT_A_TIME = 8192
"""Rows fetched at once. Small blocks are used again; large ones the allocator keeps."""
ORDER = ["close_period", "source", "source_file", "source_row"]
"""How the key of such a mart begins: one period, then source by source, file by file, line by line."""


class File(NamedTuple):
    """The rows of one provider file."""

    source: str
    name: str
    first_row: int
    last_row: int
    count: int


class Piece(NamedTuple):
    """A part of one file, or some small files of one source. Every bound is inside."""

    source: str
    first_file: str
    last_file: str
    first_row: int
    last_row: int


def write(connection: duckdb.DuckDBPyConnection, relation: str, key: list[str], out: Path, *, rows_of: str) -> None:
    """Write `relation` to `out` in the order of `key`, which begins like ORDER.

    Args:
        rows_of: a relation with the same rows, quicker to ask which files they come from.

    Raises:
        CuadreError: a row belongs to no piece, because it does not name its file. Nothing is left at `out`.
    """
    if key[: len(ORDER)] != ORDER:
        raise CuadreError(f"the key of {relation} does not begin with {', '.join(ORDER)}; correct meta.key in its yml")
    stated = connection.execute(
        f"select source, source_file, min(source_row), max(source_row), count(*) from {rows_of} group by all order by all"
    ).fetchall()
    files = [File(*row) for row in stated]
    written, part = 0, out.with_suffix(".part")
    schema = connection.execute(f"from {relation} limit 0").to_arrow_table().schema
    with pq.ParquetWriter(part, schema, compression="zstd") as writer:
        for rows in ahead(_read(connection, relation, key, pieces(files))):
            writer.write_table(rows, row_group_size=ROWS)
            written += rows.num_rows
    wanted = sum(file.count for file in files)
    if written != wanted:
        part.unlink()
        raise CuadreError(
            f"{relation} gave {written:,} rows by the files they name, and {rows_of} has {wanted:,}: one of them drops or "
            "multiplies rows, or does not name source, source_file and source_row"
        )
    part.replace(out)


def pieces(files: Iterable[File]) -> Iterator[Piece]:
    """Files in order, cut where they are long and gathered where they are short."""
    held: list[File] = []
    for file in files:
        if held and (file.source != held[0].source or sum(one.count for one in held) + file.count > ROWS):
            yield _gathered(held)
            held = []
        if file.count <= ROWS:
            held.append(file)
            continue
        length = file.last_row - file.first_row + 1
        step = -(-length // -(-file.count // ROWS))
        for start in range(file.first_row, file.last_row + 1, step):
            yield Piece(file.source, file.name, file.name, start, min(start + step - 1, file.last_row))
    if held:
        yield _gathered(held)


def _gathered(files: list[File]) -> Piece:
    first, last = min(file.first_row for file in files), max(file.last_row for file in files)
    return Piece(files[0].source, files[0].name, files[-1].name, first, last)


def _read(
    connection: duckdb.DuckDBPyConnection, relation: str, key: list[str], wanted: Iterable[Piece]
) -> Iterator[pa.Table]:
    for piece in wanted:
        yield (
            connection.execute(
                f"""
            select * from {relation}
            where source = ? and source_file between ? and ? and source_row between ? and ?
            order by {", ".join(f'"{name}"' for name in key)}
            """,
                list(piece),
            )
            .to_arrow_reader(8192)
            .read_all()
        )
