"""How the tables of one close lie on disk.

Lives here: the names of the files, how one is written and how some are read as one table. Does not: which rows they hold (publish),
nor putting closes together (release). A table is one Parquet file in the close's folder; the charges, the one table as long as the providers' files, are a
folder of one file for each source.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from orchestration.ground import sql

CHARGES = "fct_provider_charge"
_SOURCE = "source="


def tables(close: Path) -> dict[str, list[Path]]:
    """Files of every table of a close, by table, in order."""
    found = {file.stem: [file] for file in sorted(close.glob("*.parquet"))}
    by_source = sorted((close / CHARGES).glob(f"{_SOURCE}*/*.parquet"))
    return dict(sorted((found | ({CHARGES: by_source} if by_source else {})).items()))


def content_sha256(close: Path) -> str:
    """What a kept close holds: the hash of the hashes of its files. When and where its inbox lay is no part of it."""
    sums = json.loads((close / "manifest.json").read_text()).get("files", {})
    return hashlib.sha256(json.dumps(sums, sort_keys=True).encode()).hexdigest()


def charge_file(close: Path, source: str) -> Path:
    """Where the charges of one source lie."""
    return close / CHARGES / f"{_SOURCE}{source}" / "part-0.parquet"


def charge_sources(close: Path) -> dict[str, Path]:
    """File of each source that has charges in a close."""
    return {file.parent.name.removeprefix(_SOURCE): file for file in tables(close).get(CHARGES, [])}


def link(file: Path, out: Path) -> None:
    """Give a finished file a second name, or a copy where the file system knows no second names. Nobody writes into either."""
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file, out)
    except OSError:
        shutil.copyfile(file, out)


def scan(files: Iterable[Path]) -> str:
    """The rows of some files of one table, for a `from`; what a file lacks of the columns is null."""
    listed = ", ".join(sql.exact_path(file) for file in files)
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"


def columns(connection: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str, str]]:
    """Name and DuckDB type of each column of what stands behind a `from`, in order."""
    return [row[:2] for row in connection.execute(f"describe from {relation}").fetchall()]


def write(connection: duckdb.DuckDBPyConnection, query: str, key: Sequence[str], out: Path) -> None:
    """Write a query as Parquet whose bytes depend only on its rows: one writer, and the order of a key that no two rows share."""
    connection.execute(
        f"copy (select * from ({query}) order by {sql.names(key)}) to {sql.literal(out)} "
        "(format parquet, compression zstd, row_group_size 122880)"
    )
