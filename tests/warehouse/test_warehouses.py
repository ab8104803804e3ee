"""Each month has a warehouse file of its own; closing one never touches another's, but for the oldest of many."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from orchestration.errors import CuadreError
from orchestration.settings import Paths
from orchestration.warehouse import database


def _month(paths: Paths, period: str, at: int) -> Path:
    """A month's warehouse with a wide table beside it, last written at the second `at`."""
    with database.open_warehouse(paths, period) as connection:
        connection.execute("create table said as select ? as period", [period])
    paths.warehouse(period).with_name(f"{period}.duckdb.wide.parquet").write_bytes(b"")
    os.utime(paths.warehouse(period), (at, at))
    return paths.warehouse(period)


def test_a_month_begins_anew_and_the_months_beside_it_stay(tmp_path: Path) -> None:
    paths = Paths(home=tmp_path, inbox=tmp_path / "inbox")
    september, october = _month(paths, "2026-09", 1), _month(paths, "2026-10", 2)

    database.remove_warehouse(paths, "2026-09")

    assert not september.exists() and not list(paths.warehouses.glob("2026-09.*"))
    with duckdb.connect(str(october), read_only=True) as connection:
        assert connection.execute("select period from said").fetchone() == ("2026-10",)


def test_the_setting_says_how_many_months_stay_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = Paths(home=tmp_path, inbox=tmp_path / "inbox")
    for at, period in enumerate(("2026-10", "2026-08", "2026-09"), 1):  # closed in this order
        _month(paths, period, at)

    monkeypatch.setenv("CUADRE_WAREHOUSES_KEPT", "3")
    database.remove_warehouse(paths, "2026-11")

    # Three with November, which is about to be built: of the others the two closed last.
    assert sorted(file.name for file in paths.warehouses.iterdir()) == [
        "2026-08.duckdb",
        "2026-08.duckdb.wide.parquet",
        "2026-09.duckdb",
        "2026-09.duckdb.wide.parquet",
    ]


@pytest.mark.parametrize("stated", ["0", "-1", "many", ""])
def test_a_setting_that_is_no_number_from_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stated: str
) -> None:
    monkeypatch.setenv("CUADRE_WAREHOUSES_KEPT", stated)
    with pytest.raises(CuadreError, match="CUADRE_WAREHOUSES_KEPT"):
        database.remove_warehouse(Paths(home=tmp_path, inbox=tmp_path / "inbox"), "2026-10")
