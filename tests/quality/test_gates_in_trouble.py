"""A gate that meets trouble refuses in words: nothing passes it, and no traceback reaches a person."""

from __future__ import annotations

import duckdb
import pytest

from orchestration import quality
from orchestration.errors import GateRefused, HomeUnwritable
from orchestration.quality.rules import every_row
from orchestration.settings import Paths


@pytest.fixture
def suite(item, database):
    database.execute("create schema raw; create table raw.t as select 1 as source_row, 'USD' as currency, -1 as amount")

    def make(**changes):
        return quality.Suite("raw", "raw.t", "raw.t", (item(every_row("amount > 0"), **changes),))

    return make


def test_failed_rows_that_cannot_be_written_refuse_in_a_sentence(paths, judge, suite):
    # a file stands where the folder of the failed rows must be: what a full disk or a read-only home does as well
    paths.rejected.write_text("in the way")
    with pytest.raises(HomeUnwritable, match="cannot be written .*free space") as refused:
        judge(suite())
    assert "\n" not in str(refused.value)


def test_a_database_that_cannot_be_opened_refuses_and_keeps_the_traceback_for_who_mends_it(paths, suite):
    def gone() -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(paths.home / "no such folder" / "a.duckdb"), read_only=True)

    with pytest.raises(GateRefused, match="could not judge .*traceback.txt"):
        quality.judge(paths, "raw", "2026-10", "run", None, gone, [suite()])
    assert "Traceback" in (paths.rejected / "2026-10" / "raw" / "traceback.txt").read_text()


def test_money_beyond_its_type_refuses_the_item_and_says_so(paths, judge, suite, database):
    database.execute("drop table raw.t")
    largest = "9" * 38  # twice that has no place in a DECIMAL(38, 0)
    database.execute(
        f"create table raw.t as select -{largest}::decimal(38,0) as amount, 'USD' as currency from range(2)"
    )
    (found,) = judge(suite(priced_by=("amount", "currency"), severity="warn")).items
    assert (found.passed, found.severity, found.failed_count) == (False, "block", 2)
    assert found.observed.startswith("could not be judged: 2 of 2, and ")


def test_a_site_that_cannot_be_built_is_a_warning_and_no_failure(paths, judge, suite, caplog):
    judge(suite())
    (paths.quality / "data_docs").write_text("in the way")
    assert quality.build_data_docs(paths) is None
    assert "could not be built" in caplog.text


def test_a_home_with_brackets_and_an_apostrophe_in_its_name_is_judged_and_shown(tmp_path, database, suite):
    from datetime import datetime

    paths = Paths(home=tmp_path / "it's [1]", inbox=tmp_path / "inbox")
    verdict = quality.judge(paths, "raw", "2026-10", "run", datetime(2026, 11, 1), database, [suite()])
    assert (paths.home / verdict.items[0].evidence_path).is_file()
    index = quality.build_data_docs(paths)
    assert index is not None
    assert "raw.t" in index.read_text()
