"""The last gate: what is about to be swapped in holds every month once, and each under its own name.

Lives here: judging one close before it is kept, and one release before `published` points at it. Does not: building either
(publish), nor what a mart promises (expectations).

Both together say that no key repeats in a release: a close holds its own month alone and each key once, and a release holds
each close once and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from orchestration.errors import GateRefused
from orchestration.ground import sql
from orchestration.publish import kept

MADE_BY_RELEASE = {"fct_period_event"}
"""Tables that no close holds."""


def judge_close(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    identity: Mapping[str, object],
    keys: Mapping[str, Sequence[str]],
) -> None:
    """Refuse a close whose tables hold another month, another close, or a key twice.

    Args:
        connection: of any database; only files are read.
        folder: the Parquet files of each published table (kept).
        identity: `close_period`, `close_id` and `manifest_sha256` of the close that this should be.
        keys: what tells the rows of each table apart.

    Raises:
        GateRefused: it is not that close.
    """
    period = str(identity["close_period"])
    found = [
        fault
        for table, files in kept.tables(folder).items()
        for fault in _faults_of(connection, table, kept.scan(files), period, keys.get(table))
    ]
    found += _strange_closes(connection, sql.literal(folder / "dim_close_period.parquet"), [identity])
    _refuse(found, f"{period} is not published", [period])


def judge_release(
    connection: duckdb.DuckDBPyConnection, closes: Mapping[str, Path], manifests: Mapping[str, Mapping[str, object]],
    keys: Mapping[str, Sequence[str]],
) -> None:  # fmt: skip
    """Refuse a release that is not its closes put together: each month once, nothing of another, no row lost or doubled.

    Args:
        connection: sees the release's tables in the schema `marts`.
        closes: by period, the folder of the close that counts.
        manifests: by period, the manifest of that close.
        keys: what tells the rows of each table apart.

    Raises:
        GateRefused: the release must not be swapped in.
    """
    tables = {
        table: f'marts."{table}"'
        for (table,) in connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts' order by 1"
        ).fetchall()
    }
    held_by = {period: kept.tables(folder) for period, folder in closes.items()}
    found = []
    for table, relation in tables.items():
        parts = [part for held in held_by.values() for part in held.get(table, [])]
        if "close_period" in dict(kept.columns(connection, relation)):
            found += _wrong_months(connection, table, relation, closes)
            if parts or table not in MADE_BY_RELEASE:
                found += _wrong_count(connection, table, relation, parts)
            else:
                found += _repeated(connection, table, relation, keys.get(table))
        else:
            found += _repeated(connection, table, relation, keys.get(table))
    missing = {table for held in held_by.values() for table in held} - tables.keys()
    found += [f"{table} is missing" for table in sorted(missing)]
    if "dim_close_period" in tables:
        found += _strange_closes(connection, tables["dim_close_period"], manifests.values())
    _refuse(found, "The release is not published", closes)


def _faults_of(
    connection: duckdb.DuckDBPyConnection, table: str, relation: str, period: str, key: Sequence[str] | None
) -> list[str]:
    if "close_period" not in dict(kept.columns(connection, relation)):
        return _repeated(connection, table, relation, key)
    whole = ["close_period", *(name for name in key or () if name != "close_period")] if key else None
    return [
        *_wrong_months(connection, table, relation, [period]),
        *_repeated(connection, table, relation, whole),
    ]


def _wrong_months(
    connection: duckdb.DuckDBPyConnection, table: str, relation: str, periods: Iterable[str]
) -> list[str]:
    """Rows of a month that the close or the release should not hold, or of none."""
    held = connection.execute(f"select close_period, count(*) from {relation} group by 1 order by 1").fetchall()
    wanted = set(periods)
    return [f"{table} holds {rows} rows of {month or 'no month'}" for month, rows in held if month not in wanted]


def _wrong_count(connection: duckdb.DuckDBPyConnection, table: str, relation: str, parts: Sequence[Path]) -> list[str]:
    (held,) = sql.one_row(connection.execute(f"select count(*) from {relation}"))
    (wanted,) = sql.one_row(connection.execute(f"select count(*) from {kept.scan(parts)}")) if parts else (0,)
    return [] if held == wanted else [f"{table} has {held} rows, and its closes have {wanted}"]


def _repeated(connection: duckdb.DuckDBPyConnection, table: str, relation: str, key: Sequence[str] | None) -> list[str]:
    """Keys that stand on more than one row. Equal keys have equal hashes, and a hash is quicker to group by than the key."""
    if not key:
        return []
    columns = sql.names(key)
    alike = f"select hash({columns}) from {relation} group by 1 having count(*) > 1"
    (repeated,) = sql.one_row(
        connection.execute(
            f"select count(*) from (select 1 from {relation} where hash({columns}) in ({alike}) group by {columns} having count(*) > 1)"
        )
    )
    return [f"{table} repeats {repeated} of its keys ({', '.join(key)})"] if repeated else []


def _strange_closes(
    connection: duckdb.DuckDBPyConnection, relation: str, identities: Iterable[Mapping[str, object]]
) -> list[str]:
    """Whether dim_close_period names exactly these closes, each once, made from the deliveries that they name."""
    held = Counter(connection.execute(f"select close_period, manifest_sha256 from {relation}").fetchall())
    wanted = Counter((str(one["close_period"]), str(one["manifest_sha256"])) for one in identities)
    told = [f"{period or 'no month'} stands there as a close that nobody made" for period, _ in held - wanted]
    return told + [f"the close of {period} is missing" for period, _ in wanted - held]


def _refuse(found: Sequence[str], what: str, periods: Iterable[str]) -> None:
    if found:
        again = ", ".join(f"`cuadre close {period}`" for period in periods)
        raise GateRefused(
            f"{what}, and the last release stays: {'; '.join(found)}; run the whole close again: {again}."
        )
