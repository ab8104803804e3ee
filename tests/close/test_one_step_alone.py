"""One step started alone, as a click on an asset does: it keeps the release right, or is refused in one sentence."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.host import job, storage
from orchestration.settings import Paths

pytestmark = pytest.mark.long

FIRST, SECOND = "2023-11", "2024-09"
RELEASE = ("published", "release")
AGAIN = "run the whole close, by the job `close` or `cuadre close {period}`."


@pytest.fixture
def home(closed_home: Paths, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A home whose two months were closed where it lies: a copied warehouse says of itself where it was built."""
    for period in (FIRST, SECOND):
        _built_as(closed_home, period, closed_home.warehouse(period))
    monkeypatch.setenv("CUADRE_HOME", str(closed_home.home))
    return closed_home


def _built_as(paths: Paths, period: str, file: Path) -> None:
    with duckdb.connect(str(paths.warehouse(period))) as connection:
        connection.execute("update cuadre.floors set file = ?", [str(file)])


def _materialise(paths: Paths, period: str, *keys: Sequence[str]) -> str:
    """Materialise some assets of one month as the UI does, outside the job; what the run was refused with, or nothing."""
    from orchestration.definitions import defs
    from orchestration.defs.home import remember_months

    with dg.DagsterInstance.from_config(str(storage.dagster_home(paths))) as instance:
        remember_months(instance, paths)
        result = defs.resolve_implicit_global_asset_job_def().execute_in_process(
            partition_key=period,
            asset_selection=[dg.AssetKey(list(key)) for key in keys],
            instance=instance,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            raise_on_error=False,
        )
    failed = [event.step_failure_data for event in result.all_events if event.is_step_failure]
    assert result.success != bool(failed)
    return failed[0].user_failure_data.description if failed else ""


def _marts() -> list[tuple[str, ...]]:
    from orchestration.defs import floors

    return [tuple(key.path) for key in floors.marts.keys]


def _released(paths: Paths) -> dict[str, str]:
    marts = paths.published / "marts"
    return {
        str(file.relative_to(marts)): hashlib.sha256(file.read_bytes()).hexdigest() for file in marts.rglob("*.parquet")
    }


def _months(paths: Paths) -> list[tuple[str, int]]:
    with duckdb.connect(str(paths.published / "cuadre.duckdb"), read_only=True) as connection:
        return connection.execute(
            "select close_period, count(*) from marts.dim_close_period group by 1 order by 1"
        ).fetchall()


def test_publishing_the_month_that_was_not_closed_last_keeps_both_months_right(home: Paths) -> None:
    before = _released(home)

    assert _materialise(home, FIRST, RELEASE) == ""

    assert _released(home) == before
    assert _months(home) == [(FIRST, 1), (SECOND, 1)]


def test_building_the_marts_of_one_month_and_publishing_keeps_both_months_right(home: Paths) -> None:
    before = _released(home)

    assert _materialise(home, FIRST, *_marts(), RELEASE) == ""
    assert _materialise(home, SECOND, *_marts(), RELEASE) == ""

    assert _released(home) == before


def test_marts_are_built_only_behind_the_verdicts_that_they_read(home: Paths) -> None:
    before = _released(home)
    with duckdb.connect(str(home.warehouse(FIRST))) as connection:
        connection.execute("delete from cuadre.floors where floor = 'gates'")

    refused = _materialise(home, FIRST, *_marts(), RELEASE)
    assert refused.startswith(f"in the warehouse of {FIRST} gates is not built"), refused
    assert refused.endswith(AGAIN.format(period=FIRST))

    assert _materialise(home, FIRST, ("cuadre", "gates"), *_marts(), RELEASE, ("review", "customer_proposals")) == ""
    assert _released(home) == before


def _put_the_other_months_file(paths: Paths) -> str:
    shutil.copy(paths.warehouse(SECOND), paths.warehouse(FIRST))
    return f"{FIRST}.duckdb holds {SECOND} instead of {FIRST}"


def _throw_the_file_away(paths: Paths) -> str:
    paths.warehouse(FIRST).unlink()
    return f"{FIRST} has no warehouse ({FIRST}.duckdb is not there)"


def _spoil_the_file(paths: Paths) -> str:
    paths.warehouse(FIRST).write_bytes(b"not a database")
    return f"the warehouse of {FIRST} cannot be read"


def _move_the_home(paths: Paths) -> str:
    _built_as(paths, FIRST, Path("/elsewhere/2023-11.duckdb"))
    return f"the warehouse of {FIRST} was built as /elsewhere/2023-11.duckdb and then moved or copied"


def _deliver_a_corrected_file(paths: Paths) -> str:
    customers = paths.inbox / "crm" / FIRST / "customers.csv"
    as_delivered = customers.read_text(encoding="utf-8")
    customers.write_text(as_delivered.replace(",B,active", ",A,active", 1), encoding="utf-8")
    assert _materialise(paths, FIRST, ("crm", "customers")) == ""
    return f"the warehouse of {FIRST} was made from other deliveries or by other rules than those of now"


def _open_the_warehouse_and_build_nothing(paths: Paths) -> str:
    assert _materialise(paths, FIRST, *[("cuadre", name) for name in ("deliveries", "close")]) == ""
    return f"in the warehouse of {FIRST} the gate of staging, focus, reconciled"


@pytest.mark.parametrize(
    "changed_by",
    [
        _put_the_other_months_file,
        _throw_the_file_away,
        _spoil_the_file,
        _move_the_home,
        _deliver_a_corrected_file,
        _open_the_warehouse_and_build_nothing,
    ],
)
def test_a_step_that_finds_another_close_than_its_months_is_refused_in_one_sentence(home: Paths, changed_by) -> None:
    before = _released(home)
    told = changed_by(home)

    for step in ([RELEASE], [*_marts(), RELEASE]):
        refused = _materialise(home, FIRST, *step)
        assert refused.startswith(told), refused
        assert refused.endswith(AGAIN.format(period=FIRST)) and "\n" not in refused

    assert _released(home) == before


def test_what_a_refused_step_says_to_do_is_enough(home: Paths) -> None:
    before = _released(home)
    _put_the_other_months_file(home)

    assert job.close(home, FIRST).exit_code == 0

    assert _released(home) == before


def test_one_table_of_a_source_and_one_model_of_a_floor_are_made_with_those_beside_them(home: Paths) -> None:
    before = _released(home)
    known = ("cuadre", "deliveries")
    assert _materialise(home, SECOND, ("erp", "invoices"), known, ("staging", "stg_erp__invoices")) == ""

    with dg.DagsterInstance.from_config(str(storage.dagster_home(home))) as instance:
        (run,) = instance.get_runs(limit=1)
        made = {
            event.asset_key.to_user_string()
            for event in instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
            for event in [event.dagster_event]
        }
    # Asked for one table, one frame and one view; the source, the warehouse and the floor are made as a whole, and say so.
    assert {
        "erp/invoices",
        "erp/payments",
        "cuadre/close",
        "staging/stg_erp__invoices",
        "staging/stg_crm__customers",
    } <= made
    assert not any(key.startswith(("focus/", "marts/", "crm/")) for key in made)

    assert job.close(home, SECOND).exit_code == 0
    assert _released(home) == before
