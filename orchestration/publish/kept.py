"""How the tables of one close lie on disk.

Lives here: the names of the files, for whoever reads a kept close. Does not: writing them (publish), nor putting closes together
(release). A table is one Parquet file in the close's folder; the charges, the one table as long as the providers' files, are a
folder of one file for each source.
"""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from orchestration.ground import sql

CHARGES = "fct_provider_charge"
_SOURCE = "source="


def tables(close: Path) -> dict[str, list[Path]]:
    """Files of every table of a close, by table, in order."""
    found = {file.stem: [file] for file in sorted(close.glob("*.parquet"))}
    by_source = sorted((close / CHARGES).glob(f"{_SOURCE}*/*.parquet"))
    return dict(sorted((found | ({CHARGES: by_source} if by_source else {})).items()))


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
    listed = ", ".join(f"'{sql.text(glob.escape(str(file)))}'" for file in files)
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"


def quoted(path: Path | str) -> str:
    """A path as SQL text."""
    return f"'{sql.text(path)}'"
