"""Names of files inside SQL: a folder may be called `o'brien [1]`.

Lives here: the one way to write a path or a word into a statement of DuckDB. Does not: any statement.
"""

from __future__ import annotations

import glob
from pathlib import Path


def text(value: str | Path) -> str:
    """A value as it stands between two quotes."""
    return str(value).replace("'", "''")


def every_part(folder: Path) -> str:
    """Between two quotes: all Parquet files of a folder, whose own name may hold what a pattern would read as a sign."""
    return text(f"{glob.escape(str(folder))}/*.parquet")
