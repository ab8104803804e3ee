"""The charges of one close, the one table as long as the providers' files, on their way out.

Lives here: taking over the files that dbt wrote beside the warehouse (macro charge_files), and knowing which of them nothing has
changed. Does not: what they hold (dbt), where they are published (release).
"""

from __future__ import annotations

from pathlib import Path

from orchestration import kept
from orchestration.settings import Paths


def hand_over(paths: Paths, period: str, close: Path) -> None:
    """Link each source's file into the folder of the close. Nobody writes into a linked file: dbt begins a new one."""
    for source, file in built(paths, period).items():
        kept.link(file, kept.charge_file(close, source))


def built(paths: Paths, period: str) -> dict[str, Path]:
    """File of each source that the warehouse of a month shows as its charges."""
    prefix = f"{paths.warehouse(period).name}.{kept.CHARGES}."
    files = sorted(
        file for file in paths.warehouses.iterdir() if file.name.startswith(prefix) and file.suffix == ".parquet"
    )
    return {file.name.removeprefix(prefix).removesuffix(".parquet"): file for file in files}
