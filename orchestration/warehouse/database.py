"""The DuckDB file that dbt builds, one for each month.

Lives here: opening it, the lock that keeps a second writer out, and the `raw` schema, which is views over the lake's
Parquet. Does not: any meaning of any column (dbt), nor anything that leaves the house (publish).
"""

from __future__ import annotations

import contextlib
import glob
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from orchestration.settings import Paths, memory_limit, warehouses_kept


@contextlib.contextmanager
def open_warehouse(paths: Paths, period: str, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A month's warehouse as a connection, closed at the end: an open writer keeps every other process out."""
    paths.warehouses.mkdir(parents=True, exist_ok=True)
    with connect(paths, paths.warehouse(period), read_only=read_only) as connection:
        yield connection


def connect(paths: Paths, file: Path | str = ":memory:", *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A DuckDB within the memory of the setting, which spills below the home's scratch; times are UTC. Whoever asks closes it."""
    limits: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{memory_limit()}B",
        "temp_directory": str(paths.spill),
    }
    connection = duckdb.connect(str(file), read_only=read_only, config=limits)
    connection.execute("set TimeZone = 'UTC'")
    return connection


def remove_warehouse(paths: Paths, period: str) -> None:
    """Remove the month's warehouse: every close builds from the lake alone, so nothing can linger.

    Of the other months those closed last keep theirs, as many as the setting says.
    """
    others = [file for file in paths.warehouses.glob("*.duckdb") if file != paths.warehouse(period)]
    others.sort(key=lambda file: file.stat().st_mtime_ns, reverse=True)
    for file in (paths.warehouse(period), *others[warehouses_kept() - 1 :]):
        file.unlink(missing_ok=True)
        for beside in paths.warehouses.glob(f"{glob.escape(file.name)}.*"):  # the log, wide tables as Parquet, spill
            shutil.rmtree(beside) if beside.is_dir() else beside.unlink()
