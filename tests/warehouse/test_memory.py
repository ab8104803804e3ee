"""How much memory a close takes is a setting, and no step needs more of it because a month is longer."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.errors import CuadreError
from orchestration.ground import machine
from orchestration.settings import ENOUGH_MEMORY, LEAST_MEMORY, Paths, dbt_project, memory_limit
from orchestration.warehouse import database

GIB = 1 << 30


def _container(root: Path, groups: str, **limits: str) -> Path:
    """A system root as a container sees it; a limit's name is its path, with `__` for the slash and `_` for the dot."""
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(groups)
    for name, value in limits.items():
        file = root / "sys/fs/cgroup" / name.replace("__", "/").replace("memory_", "memory.")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(value + "\n")
    return root


def test_the_limit_of_a_container_counts_in_either_version_of_control_groups(tmp_path: Path) -> None:
    second = _container(tmp_path / "v2", "0::/\n", memory_max=str(GIB // 2))
    first = _container(tmp_path / "v1", "9:cpu:/\n5:memory:/docker/abc\n", memory__memory_limit_in_bytes=str(GIB // 4))

    assert machine.memory(second) == GIB // 2
    assert machine.memory(first) == GIB // 4


def test_the_tightest_group_around_the_process_counts(tmp_path: Path) -> None:
    root = _container(
        tmp_path, "0::/team/job\n", memory_max="max", team__memory_max=str(GIB // 2), team__job__memory_max=str(GIB)
    )

    assert machine.memory(root) == GIB // 2


def test_where_no_group_sets_a_limit_the_machine_does(tmp_path: Path) -> None:
    unlimited = _container(tmp_path / "v1", "5:memory:/\n", memory__memory_limit_in_bytes="9223372036854771712")

    assert machine.memory(unlimited) == machine.memory(tmp_path / "no such system") > GIB // 2


@pytest.mark.parametrize(
    ("machine_has", "taken"), [(4 * GIB, GIB), (64 * GIB, ENOUGH_MEMORY), (GIB // 2, LEAST_MEMORY)]
)
def test_by_default_a_close_takes_a_quarter_within_bounds(
    monkeypatch: pytest.MonkeyPatch, machine_has: int, taken: int
) -> None:
    monkeypatch.delenv("CUADRE_MEMORY", raising=False)
    monkeypatch.setattr(machine, "memory", lambda: machine_has)

    assert memory_limit() == taken


def test_the_setting_wins_and_reaches_duckdb(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CUADRE_MEMORY", "768MiB")
    paths = Paths(home=tmp_path / "it's", inbox=tmp_path)

    with database.connect(paths) as connection:
        told = connection.execute(
            "select current_setting('memory_limit'), current_setting('temp_directory')"
        ).fetchone()

    assert told == ("768.0 MiB", str(tmp_path / "it's" / "scratch" / "spill"))


@pytest.mark.parametrize("stated", ["", "3", "much", "-1GB", "10MB", "0.5 PB", "٣GB"])
def test_what_is_no_size_is_refused_with_an_example(monkeypatch: pytest.MonkeyPatch, stated: str) -> None:
    monkeypatch.setenv("CUADRE_MEMORY", stated)

    with pytest.raises(CuadreError, match="CUADRE_MEMORY is .* such as 3GB"):
        memory_limit()


@pytest.mark.long
def test_findings_name_the_same_charges_however_many_parts_they_are_gathered_in(
    closed_sample: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dbt.adapters.factory import cleanup_connections
    from dbt.cli.main import dbtRunner

    file = Path(shutil.copy(closed_sample.warehouse("2024-09"), tmp_path))
    query = "select * from reconciled.int_leak__charges order by unit_id"
    with duckdb.connect(str(file)) as before:
        whole = before.execute(query).fetchall()
        charges = before.execute("select count(*) from reconciled.int_charges__matched").fetchone()[0]
    monkeypatch.setenv("CUADRE_WAREHOUSE", str(file))

    outcome = dbtRunner().invoke(
        [
            "run",
            "--select",
            "int_leak__charges",
            "--project-dir",
            str(dbt_project()),
            "--profiles-dir",
            str(dbt_project()),
        ]
        + ["--vars", json.dumps({"close_period": "2024-09", "rows_of_a_part": charges // 4})]
        + ["--target-path", str(tmp_path / "t"), "--log-path", str(tmp_path / "t"), "--log-level", "none"]
    )
    cleanup_connections()

    assert outcome.success, outcome.exception
    with duckdb.connect(str(file)) as after:
        assert after.execute(query).fetchall() == whole
    assert len(whole) > 1
