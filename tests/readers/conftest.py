"""One way to deliver a few bytes to a table and see what was read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from orchestration.contracts import SOURCES, Table
from orchestration.errors import Fault, InputUnusable
from orchestration.readers import Dialect, ReadReport, read

SHA = "a" * 64


class Read(NamedTuple):
    """The report, and everything in the lake folder."""

    report: ReadReport
    frame: pl.DataFrame

    def column(self, name: str) -> list[object]:
        """The values of one column, in order."""
        return self.frame[name].to_list()


def table(name: str) -> Table:
    """The contract of `source/table`."""
    source, _, wanted = name.partition("/")
    return next(table for table in SOURCES[source].tables if table.name == wanted)


@pytest.fixture
def deliver(tmp_path: Path) -> Callable[..., Read]:
    """Writes files to an inbox, reads them as one delivery of one table."""

    def go(name: str, files: dict[str, bytes | str | Path], dialect: Dialect = Dialect()) -> Read:  # noqa: B008
        inbox = tmp_path / "inbox"
        inbox.mkdir(exist_ok=True)
        paths = []
        for file, content in files.items():
            path = inbox / file
            if isinstance(content, Path):
                path = content
            else:
                path.write_bytes(content.encode() if isinstance(content, str) else content)
            paths.append(path)
        out = tmp_path / "lake" / name.replace("/", "__")
        report = read(table(name), paths, out, delivery_sha256=SHA, root=inbox, dialect=dialect)
        return Read(report, pl.read_parquet(out / "*.parquet", missing_columns="raise"))

    return go


@pytest.fixture
def refused(deliver: Callable[..., Read], tmp_path: Path) -> Callable[..., list[Fault]]:
    """Expects a refusal: returns its faults, having checked that nothing was left in the lake."""

    def go(name: str, files: dict[str, bytes | str | Path], dialect: Dialect = Dialect()) -> list[Fault]:  # noqa: B008
        with pytest.raises(InputUnusable) as error:
            deliver(name, files, dialect)
        lake = tmp_path / "lake"
        assert not lake.exists() or not list(lake.iterdir()), "a refused delivery must leave nothing behind"
        assert all(fault.remedy for fault in error.value.faults)
        return error.value.faults

    return go
