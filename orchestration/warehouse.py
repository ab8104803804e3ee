"""The DuckDB file that dbt builds, one for each month.

Lives here: opening it, the lock that keeps a second writer out, and the `raw` schema, which is views over the lake's
Parquet. Does not: any meaning of any column (dbt), nor anything that leaves the house (publish).
"""

from __future__ import annotations

import contextlib
import glob
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import filelock

from orchestration import sql
from orchestration.contracts.model import DECIMALS, Table
from orchestration.errors import CuadreError
from orchestration.settings import Paths, memory_limit, warehouses_kept

_TYPES = {
    "integer": "BIGINT",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "boolean": "BOOLEAN",
} | dict.fromkeys(DECIMALS, "DECIMAL(38,12)")

_PROVENANCE = {
    "_source_file": "VARCHAR",
    "_source_row": "BIGINT",
    "_delivery_sha256": "VARCHAR",
}


class WarehouseBusy(CuadreError):
    """Another close is writing the warehouse. Nothing was touched."""

    exit_code = 75  # EX_TEMPFAIL of sysexits: the same command may succeed later


@contextlib.contextmanager
def sole_writer(paths: Paths, *, patience: float = 0) -> Iterator[None]:
    """Hold the right to write this data home, or refuse.

    The thread that holds it may ask again: a close holds it before it opens Dagster's storage, and so does the run inside it.

    What a killed run left half done in the scratch folder is removed: nobody else can be working on it.

    Args:
        patience: seconds to wait for another process that holds it.

    Raises:
        WarehouseBusy: another process, or another thread of this one, holds it.
    """
    paths.warehouses.mkdir(parents=True, exist_ok=True)
    holder = paths.warehouses / "close.holder.json"
    lock = filelock.FileLock(paths.warehouses / "close.lock", is_singleton=True)
    try:
        lock.acquire(timeout=patience)
    except filelock.Timeout:
        raise WarehouseBusy(
            f"{paths.home}: {_who(holder)} is closing a month here. Wait for it to finish, or end it; "
            "a killed close leaves no lock."
        ) from None
    is_outermost = lock.lock_counter == 1
    try:
        if is_outermost:
            _write_holder(holder)
            _clear(paths)
        yield
    finally:
        if is_outermost:
            holder.unlink(missing_ok=True)
        lock.release()


def _write_holder(holder: Path) -> None:
    """Name this process in one step: whoever is refused reads the whole note or none."""
    fresh = holder.with_name(f".{holder.name}.{os.getpid()}")
    fresh.write_text(json.dumps({"pid": os.getpid()}))
    fresh.replace(holder)


def _clear(paths: Paths) -> None:
    """Empty the scratch folder, and remove the notes that a killed process began beside the lock."""
    left = [*paths.scratch.glob("*"), *paths.scratch.glob(".*"), *paths.quality.glob("**/*.part")]
    left += paths.warehouses.glob(".close.holder.json.*")
    for one in left:
        shutil.rmtree(one, ignore_errors=True) if one.is_dir() and not one.is_symlink() else one.unlink(missing_ok=True)


def _who(holder: Path) -> str:
    """The holder's process. Between taking the lock and writing the note there is no note, or that of a killed process."""
    try:
        pid = int(json.loads(holder.read_text())["pid"])
        os.kill(pid, 0)
    except PermissionError:  # alive, and somebody else's
        return f"process {pid}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
    return f"process {pid}"


@contextlib.contextmanager
def open_warehouse(paths: Paths, period: str, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A month's warehouse as a connection, closed at the end: an open writer keeps every other process out."""
    paths.warehouses.mkdir(parents=True, exist_ok=True)
    with connect(paths, paths.warehouse(period), read_only=read_only) as connection:
        yield connection


def connect(paths: Paths, file: Path | str = ":memory:", *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A DuckDB within the memory of the setting, which spills below the home's scratch; times are UTC. Whoever asks closes it."""
    limits = {"memory_limit": f"{memory_limit()}B", "temp_directory": str(paths.spill)}
    connection = duckdb.connect(str(file), read_only=read_only, config=limits)
    connection.execute("set TimeZone = 'UTC'")
    return connection


def start_afresh(paths: Paths, period: str) -> None:
    """Remove the month's warehouse: every close builds from the lake alone, so nothing can linger.

    Of the other months those closed last keep theirs, as many as the setting says.
    """
    others = [file for file in paths.warehouses.glob("*.duckdb") if file != paths.warehouse(period)]
    others.sort(key=lambda file: file.stat().st_mtime_ns, reverse=True)
    for file in (paths.warehouse(period), *others[warehouses_kept() - 1 :]):
        file.unlink(missing_ok=True)
        for beside in paths.warehouses.glob(f"{glob.escape(file.name)}.*"):  # the log, wide tables as Parquet, spill
            shutil.rmtree(beside) if beside.is_dir() else beside.unlink()


def show_table(
    connection: duckdb.DuckDBPyConnection, table: Table, parquet: Path | None, *, period: str, is_stale: bool
) -> None:
    """Make `raw.<source>__<table>` a view over one delivery's Parquet, or a typed empty view where there is none."""
    connection.execute("create schema if not exists raw")
    columns = {column.name: _TYPES.get(column.type, "VARCHAR") for column in table.columns} | _PROVENANCE
    extra = f"'{sql.text(period)}' as _close_period, {str(is_stale).lower()} as _is_stale"
    if parquet is None:
        typed = ", ".join(f'null::{kind} as "{name}"' for name, kind in columns.items())
        body = f"select {typed}, {extra} where false"
    else:
        body = f"select *, {extra} from read_parquet('{sql.every_part(parquet)}', union_by_name = true)"
    connection.execute(f'create or replace view raw."{table.id}" as {body}')


def show_frame(connection: duckdb.DuckDBPyConnection, name: str, frame: object) -> None:
    """Keep a small frame of the pipeline's own knowledge as the table `raw.<name>`."""
    connection.execute("create schema if not exists raw")
    connection.register("incoming", frame)
    connection.execute(f'create or replace table raw."{name}" as select * from incoming')
    connection.unregister("incoming")
