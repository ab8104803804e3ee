"""The rows behind a failed item.

Lives here: writing them, bounded and safe to open in a spreadsheet, and pricing them. Does not: judge.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from orchestration.ground import sql
from orchestration.ground.spreadsheets import write_csv
from orchestration.quality.model import Item, Suite
from orchestration.settings import Paths

BOUND = 1_000
"""Rows kept per item. The count in the item is always of all of them."""

WORTH_SORTING = 50_000
"""Failed rows that are sorted before the first are kept."""

_FIRST = ("source_file", "source_row", "_source_file", "_source_row")


def location(paths: Paths, period: str, suite: Suite, item: Item) -> Path:
    """Where the failed rows of one item lie."""
    return paths.rejected / period / suite.floor / f"{item.item_id}.csv"


def keep(
    paths: Paths, period: str, suite: Suite, item: Item, failed: int, connection: duckdb.DuckDBPyConnection
) -> str:
    """Write the first failed rows, in the order of the file they came from. Returns the path relative to the data home.

    Where too many failed to be worth sorting, the first that the table holds are kept, and those are sorted.
    """
    query = item.expectation.rows_query(suite.relation)
    names = [column[0] for column in connection.execute(f"describe {query}").fetchall()]
    first = [name for name in _FIRST if name in names]
    order = sql.names(first) if "source_row" in names or "_source_row" in names else "all"
    some = f"{query} limit {BOUND}" if failed > WORTH_SORTING else _first_rows(connection, suite, item, order) or query
    shown = first + [name for name in names if name not in first]
    # Text is what a person reads, so DuckDB words each value, and a row at a time is held: a cell may have a million characters.
    cells = ", ".join(f"cast({sql.name(name)} as varchar)" for name in shown)
    found = connection.cursor().execute(f"select {cells} from (select * from ({some}) order by {order} limit {BOUND})")
    path = location(paths, period, suite, item)
    write_csv(path, shown, iter(found.fetchone, None))
    return str(path.relative_to(paths.home))


def _first_rows(connection: duckdb.DuckDBPyConnection, suite: Suite, item: Item, order: str) -> str:
    """The failed rows picked by row id, so that a wide table is sorted by two columns and not by all. Views have no row id."""
    schema, _, table = suite.relation.partition(".")
    (tables,) = sql.one_row(
        connection.execute(
            "select count(*) from duckdb_tables() where schema_name = ? and table_name = ?", [schema, table]
        )
    )
    if order == "all" or not tables or not hasattr(item.expectation, "failing"):
        return ""
    picked = f"select rowid from {suite.relation} where {item.expectation.failing} order by {order} limit {BOUND}"
    return f"select * from {suite.relation} where rowid in ({picked})"


def drop(paths: Paths, period: str, suite: Suite, item: Item) -> None:
    """Forget the rows of an item that now holds."""
    location(paths, period, suite, item).unlink(missing_ok=True)


def price(connection: duckdb.DuckDBPyConnection, relation: str, item: Item, only: str = "true") -> str:
    """The money of the failed rows per currency, or nothing where the item has no price; `only` is a condition on the rows."""
    if item.priced_by is None:
        return ""
    amount, currency = item.priced_by
    sums = connection.execute(
        f"select {currency}, sum({amount}) from ({item.expectation.rows_query(relation)}) where {only} group by 1 order by 1"
    ).fetchall()
    return " for " + ", ".join(f"{code or 'no currency'} {_plain(total)}" for code, total in sums)


def _plain(total: Any) -> str:
    if total is None:
        return "unknown"
    text = f"{total:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
