"""The charges of one close, the one table as long as the providers' files, on their way out.

Lives here: taking over the files that dbt wrote beside the warehouse (macro charge_files), and knowing which of them nothing has
changed. Does not: what they hold (dbt), where they are published (release).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import duckdb

from orchestration.ground import sql
from orchestration.publish import kept
from orchestration.settings import Paths
from orchestration.warehouse import database


def hand_over(paths: Paths, period: str, close: Path) -> None:
    """Link each source's file into the folder of the close. Nobody writes into a linked file: dbt begins a new one."""
    for source, file in built(paths, period).items():
        kept.link(file, kept.charge_file(close, source))


def keep_unchanged(
    paths: Paths, period: str, before: Path | None, deliveries: Mapping[str, str], rules_version: str
) -> list[str]:
    """Put the file of each source beside the warehouse that would be written again with the same bytes.

    A source is unchanged when its deliveries and the rules are those of the close before, and its rows, as the reconciliation
    now sees them, have the same count and the same sum of hashes over all columns. Equal rows give equal bytes.

    Args:
        before: folder of the close that counts so far; None at the first.
        deliveries: what this close reads, by `source__table`.

    Returns: the names of those sources.
    """
    if before is None:
        return []
    made = json.loads((before / "manifest.json").read_text())
    if made.get("rules_version") != rules_version:
        return []
    unchanged = []
    with database.open_warehouse(paths, period, read_only=True) as connection:
        for source, file in kept.charge_sources(before).items():
            if _of(source, made["deliveries"]) != _of(source, deliveries):
                continue
            now = f"(from reconciled.int_charges__whole where source = {sql.literal(source)})"
            if _rows(connection, now) == _rows(connection, kept.scan([file])):
                beside = _file(paths, period, source)
                beside.unlink(missing_ok=True)
                kept.link(file, beside)
                unchanged.append(source)
    return unchanged


def _of(source: str, deliveries: Mapping[str, str]) -> dict[str, str]:
    return {table: sha256 for table, sha256 in deliveries.items() if table.split("__")[0] == source}


def _rows(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple:
    return sql.one_row(connection.execute(f"select count(*), sum(hash(held)::hugeint) from {relation} as held"))


def _file(paths: Paths, period: str, source: str) -> Path:
    return paths.warehouses / f"{paths.warehouse(period).name}.{kept.CHARGES}.{source}.parquet"


def built(paths: Paths, period: str) -> dict[str, Path]:
    """File of each source that the warehouse of a month shows as its charges."""
    prefix, _, _ = _file(paths, period, "|").name.partition("|")
    files = sorted(
        file for file in paths.warehouses.iterdir() if file.name.startswith(prefix) and file.suffix == ".parquet"
    )
    return {file.name.removeprefix(prefix).removesuffix(".parquet"): file for file in files}
