"""The SQLite file in the lake that remembers deliveries.

Lives here: its tables, and how they are written and asked. Does not: what is written into them (ledger, seen).
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from orchestration.settings import Paths

_TABLES = (
    """create table if not exists delivery (
        origin text, source text, close_period text, delivery_sha256 text, outcome text, status text, reason text,
        received_at text, contract_sha256 text, tables text, notes text,
        primary key (origin, source, close_period, delivery_sha256, outcome)
    )""",
    """create unique index if not exists one_accepted
        on delivery (origin, source, close_period) where status = 'accepted'""",
    """create table if not exists delivery_file (
        origin text, source text, close_period text, delivery_sha256 text, outcome text, file text,
        sha256 text, bytes integer, rows integer, totals text, status text, reason text,
        primary key (origin, source, close_period, delivery_sha256, outcome, file)
    )""",
    """create table if not exists event (
        number integer primary key, at text, origin text, source text, close_period text, delivery_sha256 text,
        what text, detail text
    )""",
    """create table if not exists part (
        origin text, source text, close_period text, delivery_sha256 text, name text, bytes integer, sha256 text,
        primary key (origin, source, close_period, delivery_sha256, name)
    )""",
    "create table if not exists hashed (path text primary key, stamp text, sha256 text)",
    """create table if not exists look (
        origin text, source text, close_period text, mark text, absent_because text, came_before integer,
        primary key (origin, source, close_period)
    )""",
)


@contextlib.contextmanager
def transaction(paths: Paths) -> Iterator[sqlite3.Connection]:
    """A write to the ledger that happens whole or not at all; a second writer waits."""
    paths.lake.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(_file(paths), timeout=60, isolation_level=None)
    try:
        connection.execute("begin immediate")
        for statement in _TABLES:
            connection.execute(statement)
        yield connection
        connection.execute("commit")
    finally:
        connection.close()  # rolls back what was not committed


def rows(paths: Paths, query: str, values: tuple[object, ...], *, table: str = "hashed") -> list[tuple]:
    """The answer of a query; nothing where the ledger, or `table` in an older one, was never written."""
    if not _file(paths).exists():
        return []
    with contextlib.closing(sqlite3.connect(_file(paths), timeout=60)) as connection:
        is_missing = connection.execute("select 1 from sqlite_master where name = ?", (table,)).fetchone() is None
        return [] if is_missing else connection.execute(query, values).fetchall()


def _file(paths: Paths) -> Path:
    return paths.lake / "ledger.sqlite"
