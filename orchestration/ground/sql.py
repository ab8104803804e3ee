"""Values and names inside SQL: a folder may be called `o'brien [1]`.

Lives here: the one way to write a text, a name or a folder of Parquet files into a statement of DuckDB, and to take
the only row of its answer. Does not: any statement.
"""

from __future__ import annotations

import glob
from collections.abc import Iterable
from pathlib import Path

import duckdb


def literal(value: object) -> str:
    """A value as a text literal, its quotes included."""
    return "'" + str(value).replace("'", "''") + "'"


def literals(values: Iterable[object]) -> str:
    """Values as text literals with commas between: the inside of an `in (…)`."""
    return ", ".join(literal(value) for value in values)


def name(word: str) -> str:
    """The name of a table or a column, its quotes included."""
    return '"' + word.replace('"', '""') + '"'


def names(words: Iterable[str]) -> str:
    """Names with commas between: a list of columns."""
    return ", ".join(name(word) for word in words)


def exact_path(path: Path) -> str:
    """A path as a text literal for `read_parquet`, which would read `*` and `[` in it as a pattern."""
    return literal(glob.escape(str(path)))


def every_part(folder: Path) -> str:
    """All Parquet files of a folder, as one pattern for `read_parquet`."""
    return literal(f"{glob.escape(str(folder))}/*.parquet")


def one_row(answer: duckdb.DuckDBPyConnection) -> tuple:
    """The only row of a statement that always gives one, such as a count.

    Raises:
        ValueError: it gave none.
    """
    row = answer.fetchone()
    if row is None:
        raise ValueError("the statement gave no row")
    return row
