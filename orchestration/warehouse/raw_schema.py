"""The schema `raw` of a warehouse: views over the lake's Parquet, and small tables of what the pipeline itself knows.

Lives here: showing one or the other under its name. Does not: any meaning of any column (dbt).
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.contracts.model import DECIMALS, Table
from orchestration.ground import sql

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


def show_table(
    connection: duckdb.DuckDBPyConnection, table: Table, parquet: Path | None, *, period: str, is_stale: bool
) -> None:
    """Make `raw.<source>__<table>` a view over one delivery's Parquet, or a typed empty view where there is none."""
    connection.execute("create schema if not exists raw")
    columns = {column.name: _TYPES.get(column.type, "VARCHAR") for column in table.columns} | _PROVENANCE
    extra = f"{sql.literal(period)} as _close_period, {str(is_stale).lower()} as _is_stale"
    if parquet is None:
        typed = ", ".join(f'null::{kind} as "{name}"' for name, kind in columns.items())
        body = f"select {typed}, {extra} where false"
    else:
        body = f"select *, {extra} from read_parquet({sql.every_part(parquet)}, union_by_name = true)"
    connection.execute(f'create or replace view raw."{table.id}" as {body}')


def show_frame(connection: duckdb.DuckDBPyConnection, name: str, frame: object) -> None:
    """Keep a small frame of the pipeline's own knowledge as the table `raw.<name>`."""
    connection.execute("create schema if not exists raw")
    connection.register("incoming", frame)
    connection.execute(f'create or replace table raw."{name}" as select * from incoming')
    connection.unregister("incoming")
