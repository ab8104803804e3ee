"""The charges leave in the order of their files, as the same bytes however they are written, and are not written twice.

Lives here: one close's charge files. Does not: putting closes together (test_release).
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.publish import charges, closes, kept
from orchestration.settings import Paths, dbt_project

pytestmark = pytest.mark.long

PERIOD = "2024-09"


def _written_again(warehouse: Path, **variables: object) -> dict[str, bytes]:
    """Let dbt write the charges of a warehouse once more. Returns each file's bytes, by name."""
    from dbt.adapters.factory import cleanup_connections
    from dbt.cli.main import dbtRunner

    target, project = str(warehouse.parent / "target"), str(dbt_project())
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CUADRE_WAREHOUSE", str(warehouse))
        outcome = dbtRunner().invoke(
            ["run", "--select", "fct_provider_charge", "--vars", json.dumps({"close_period": PERIOD} | variables)]
            + ["--project-dir", project, "--profiles-dir", project, "--target-path", target, "--log-path", target]
            + ["--log-level", "none", "--log-level-file", "none"]
        )
        cleanup_connections()
    assert outcome.success, outcome.exception
    return {file.name: file.read_bytes() for file in warehouse.parent.glob("*.fct_provider_charge.*.parquet")}


@pytest.fixture
def warehouse(closed_sample: Paths, tmp_path: Path) -> Path:
    """A copy of the month's warehouse without the files of its charges. Its views still read the floor below where it was built."""
    return Path(shutil.copy(closed_sample.warehouse(PERIOD), tmp_path))


def test_charges_leave_in_the_order_of_their_files(closed_sample: Paths) -> None:
    files = kept.charge_sources(closes.closes(closed_sample)[PERIOD])

    assert len(files) > 2
    for file in files.values():
        rows = duckdb.execute(f"select source_file, source_row, charge_id from '{file}'").fetchall()
        assert rows == sorted(rows) and rows


def test_a_long_source_that_is_written_as_it_comes_gives_the_bytes_of_a_sorted_one(
    closed_sample: Paths, warehouse: Path
) -> None:
    streamed = _written_again(warehouse, charges_worth_streaming=0)
    published = kept.charge_sources(closes.closes(closed_sample)[PERIOD])

    assert {name.split(".")[-2]: whole for name, whole in streamed.items()} == {
        source: file.read_bytes() for source, file in published.items()
    }


def test_sources_whose_rows_are_the_same_are_linked_and_the_others_are_not(
    closed_sample: Paths, tmp_path: Path
) -> None:
    home = Paths(home=tmp_path / "home", inbox=closed_sample.inbox)
    shutil.copytree(closed_sample.warehouses, home.warehouses)
    before = shutil.copytree(closes.closes(closed_sample)[PERIOD], tmp_path / "close")
    made = json.loads((before / "manifest.json").read_text())
    vendor = kept.charge_sources(before)["vendor"]
    rows = f"select * replace (billed_cost + 0.01 as billed_cost) from read_parquet('{vendor}')"
    duckdb.execute(f"copy ({rows}) to '{vendor}.new' (format parquet)")
    Path(f"{vendor}.new").replace(vendor)
    others = sorted(kept.charge_sources(before).keys() - {"vendor"})

    unchanged = charges.keep_unchanged(home, PERIOD, before, made["deliveries"], made["rules_version"])

    assert unchanged == others
    built = charges.built(home, PERIOD)
    assert all(built[source].samefile(kept.charge_sources(before)[source]) for source in others)
    assert charges.keep_unchanged(home, PERIOD, before, made["deliveries"], "other rules") == []
    redelivered = made["deliveries"] | {"focus__lines": "other"}
    assert "focus" not in charges.keep_unchanged(home, PERIOD, before, redelivered, made["rules_version"])


def test_writing_again_leaves_the_published_file_that_shares_its_bytes(closed_sample: Paths, warehouse: Path) -> None:
    beside = warehouse.with_name(f"{warehouse.name}.fct_provider_charge.focus.parquet")
    published = shutil.copy(
        kept.charge_sources(closes.closes(closed_sample)[PERIOD])["vendor"], warehouse.parent / "held"
    )
    kept.link(Path(published), beside)
    before = Path(published).read_bytes()

    _written_again(warehouse)

    assert Path(published).read_bytes() == before != beside.read_bytes()
