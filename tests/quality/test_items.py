"""What outlives a run: the gate table, the failed rows, and the site that an auditor reads."""

import polars as pl
import pytest

from orchestration import quality
from orchestration.quality.rules import every_row

PROMISED = """
    run_id judged_at close_period floor suite item_id title_es title_pt title_en why stage cause_7m owner_role severity
    source country passed evaluated_count failed_count observed expected evidence_path
"""
FCT_CHECKLIST_ITEM = PROMISED.split()


@pytest.fixture
def charges(database):
    database.execute("create schema raw")
    database.execute("create table raw.charges (source_file text, source_row bigint, note text, amount decimal(38,12))")


@pytest.fixture
def suite(item):
    def make(**changes):
        return quality.Suite(
            "raw", "charges", "raw.charges", (item(every_row("amount is not null"), **changes),), source="aws_cur"
        )

    return make


def test_verdicts_are_read_back_in_the_columns_of_the_mart(paths, judge, suite, database, charges):
    database.execute("insert into raw.charges values ('a.csv', 1, null, 1.5)")
    quality.write_items(paths, judge(suite()))
    [row] = quality.load_items(paths, "2026-10").to_dicts()
    assert list(row) == FCT_CHECKLIST_ITEM
    assert (row["item_id"], row["source"], row["stage"], row["passed"]) == (
        "charges.amount_known",
        "aws_cur",
        "5",
        True,
    )


def test_a_period_that_nobody_judged_has_the_same_columns_and_no_gate_open(paths):
    assert quality.load_items(paths, "2026-10").columns == FCT_CHECKLIST_ITEM
    assert not quality.gate_passed(paths, "2026-10", "raw")


def test_a_gate_is_open_only_for_the_run_that_it_judged(paths, judge, suite, database, charges):
    database.execute("insert into raw.charges values ('a.csv', 1, null, 1.5)")
    quality.write_items(paths, judge(suite(), run_id="run-1"))
    assert quality.gate_passed(paths, "2026-10", "raw", "run-1")
    assert not quality.gate_passed(paths, "2026-10", "raw", "run-2")
    assert not quality.gate_passed(paths, "2026-10", "focus", "run-1")


def test_a_second_judgement_replaces_the_first(paths, judge, suite, database, charges):
    database.execute("insert into raw.charges values ('a.csv', 1, null, null)")
    quality.write_items(paths, judge(suite()))
    assert not quality.gate_passed(paths, "2026-10", "raw", "run-1")
    database.execute("update raw.charges set amount = 2")
    quality.write_items(paths, judge(suite()))
    assert quality.gate_passed(paths, "2026-10", "raw", "run-1")
    assert quality.load_items(paths, "2026-10").height == 1


def test_the_refusal_of_a_suite_that_judged_nothing_is_kept_too(paths, judge, suite, charges):
    quality.write_items(paths, judge(suite()))
    assert not quality.gate_passed(paths, "2026-10", "raw", "run-1")
    assert "charges.judged_something" in quality.load_items(paths, "2026-10")["item_id"]


def test_the_same_verdict_has_the_same_bytes(paths, judge, suite, database, charges):
    database.execute("insert into raw.charges select 'a.csv', i, 'n', null from range(50) as t(i)")
    [first] = quality.write_items(paths, judge(suite()))
    rows = paths.rejected / "2026-10" / "raw" / "charges.amount_known.csv"
    before = first.read_bytes(), rows.read_bytes()
    quality.write_items(paths, judge(suite()))
    assert (first.read_bytes(), rows.read_bytes()) == before


def test_failed_rows_are_kept_in_file_order_and_bounded_and_leave_when_mended(paths, judge, suite, database, charges):
    database.execute("insert into raw.charges select 'a.csv', 3000 - i, 'n', null from range(3000) as t(i)")
    [found] = judge(suite()).items
    assert (found.failed_count, found.evidence_path) == (3000, "rejected/2026-10/raw/charges.amount_known.csv")
    kept = pl.read_csv(paths.home / found.evidence_path)
    assert kept["source_row"].to_list() == list(range(1, 1001))
    database.execute("update raw.charges set amount = 1")
    assert judge(suite()).items[0].evidence_path is None
    assert not (paths.home / found.evidence_path).exists()


def test_failed_rows_open_in_a_spreadsheet_without_running_anything(paths, judge, item, database, charges):
    database.execute("insert into raw.charges values ('=cmd()', 1, '@SUM(A1)', -1.25)")
    negative = quality.Suite("raw", "charges", "raw.charges", (item(every_row("amount > 0")),))
    written = (paths.home / judge(negative).items[0].evidence_path).read_text()
    assert "'=cmd()" in written
    assert "'@SUM(A1)" in written
    assert ",-1.250000000000" in written  # a number is not a formula


def test_failed_rows_are_priced_per_currency(judge, item, database, charges):
    database.execute("insert into raw.charges values ('a', 1, 'USD', 1.50), ('a', 2, 'USD', 0.25), ('a', 3, 'PEN', 9)")
    [found] = judge(
        quality.Suite("raw", "c", "raw.charges", (item(every_row("amount > 100"), priced_by=("amount", "note")),))
    ).items
    assert found.observed == "3 of 3 for PEN 9, USD 1.75"  # 1.50 + 0.25


def test_raw_verdicts_of_one_delivery_are_remembered(paths, judge, suite, database, charges):
    database.execute("insert into raw.charges values ('a.csv', 1, null, 1.5)")
    quality.write_items(paths, judge(suite(), run_id="delivery-1"))
    assert quality.raw_judged(paths, "2026-10", ["charges"], "delivery-1")
    assert not quality.raw_judged(paths, "2026-10", ["charges"], "delivery-2")
    assert not quality.raw_judged(paths, "2026-10", ["charges", "payments"], "delivery-1")


def test_the_site_shows_the_last_verdict_of_each_suite_and_no_other(paths, judge, suite, database, charges):
    database.execute("insert into raw.charges values ('a.csv', 1, null, null)")
    judge(suite(), run_id="run-1")
    judge(suite(), run_id="run-2")
    index = quality.build_data_docs(paths)
    assert "charges" in index.read_text()
    pages = list((paths.quality / "data_docs" / "validations").rglob("*.html"))
    assert len(pages) == 1
    assert "El importe es conocido" in pages[0].read_text()
