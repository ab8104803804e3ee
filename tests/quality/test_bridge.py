"""The bridge to Great Expectations: what passes, and what must never pass."""

import subprocess
import sys
from datetime import datetime

import duckdb
import great_expectations.expectations as gxe
import pytest

from orchestration import quality
from orchestration.quality.rules import every_row, no_rows

KNOWN = "amount is not null"
JUDGED_AT = datetime(2026, 11, 1, 2, 0)


@pytest.fixture
def charges(database):
    database.execute("create schema raw")
    database.execute(
        "create table raw.charges as select * from (values "
        "('a.csv', 1, 'USD', 1.50::decimal(38,12)), ('a.csv', 2, 'USD', -0.25), ('a.csv', 3, 'PEN', null)"
        ") as t(_source_file, _source_row, currency, amount)"
    )


def suite(*items, relation="raw.charges", **more):
    return quality.Suite(floor="raw", name="charges", relation=relation, items=items, **more)


def test_rows_that_keep_the_rule_pass(judge, item, charges):
    verdict = judge(suite(item(every_row("currency is not null"))))
    assert verdict.passed
    assert (verdict.items[0].evaluated_count, verdict.items[0].failed_count) == (3, 0)
    assert verdict.refused_reason == ""


def test_a_broken_block_item_refuses_and_names_itself_its_count_and_its_remedy(judge, item, charges):
    verdict = judge(suite(item(every_row(KNOWN))))
    assert not verdict.passed
    assert "charges.amount_known" in verdict.refused_reason
    assert "1 of 3" in verdict.refused_reason
    assert "Ask the provider for the amount." in verdict.refused_reason


@pytest.mark.parametrize("severity", ["warn", "report"])
def test_a_broken_item_of_a_lesser_grade_is_told_and_does_not_refuse(judge, item, charges, severity):
    verdict = judge(suite(item(every_row(KNOWN), severity=severity)))
    assert verdict.passed
    assert not verdict.items[0].passed


def test_an_unknown_condition_is_not_a_kept_rule(judge, item, charges):
    # the amount of row 3 is NULL: `amount > -1` is neither true nor false there, so the row fails
    verdict = judge(suite(item(every_row("amount > -1"))))
    assert verdict.items[0].failed_count == 1


def test_a_rule_judges_only_the_rows_it_applies_to(judge, item, charges):
    verdict = judge(suite(item(every_row(KNOWN, where="currency = 'USD'"))))
    assert verdict.passed
    assert verdict.items[0].evaluated_count == 2


def test_a_rule_about_groups_fails_on_the_groups_its_query_finds(judge, item, charges):
    twice = no_rows("select currency, count(*) as times from {batch} group by 1 having count(*) > 1")
    verdict = judge(suite(item(twice)))
    assert (verdict.items[0].failed_count, verdict.items[0].evaluated_count) == (1, 3)


def test_expectations_of_the_gallery_can_be_items_too(judge, item, charges):
    class Known(gxe.ExpectColumnValuesToNotBeNull):
        expected = "amount is known"

        def rows_query(self, relation):
            return f"select * from {relation} where {self.column} is null"

    verdict = judge(suite(item(Known(column="amount"))))
    assert (verdict.passed, verdict.items[0].failed_count) == (False, 1)


def test_an_empty_suite_refuses(judge, charges):
    verdict = judge(suite())
    assert not verdict.passed
    assert "charges.judged_something" in verdict.refused_reason


def test_no_suite_at_all_refuses(judge, charges):
    assert not judge().passed


def test_a_relation_without_rows_refuses_unless_the_suite_says_that_it_may_be_empty(judge, item, database, charges):
    database.execute("delete from raw.charges")
    assert "has no row" in judge(suite(item(every_row(KNOWN)))).refused_reason
    assert judge(suite(item(every_row(KNOWN)), may_be_empty=True)).passed


@pytest.mark.parametrize("severity", ["block", "warn", "report"])
def test_a_misspelt_column_refuses_whatever_the_severity(judge, item, charges, severity):
    good = item(every_row("currency is not null"), item_id="charges.currency_known")
    verdict = judge(suite(good, item(every_row("amuont is not null"), severity=severity)))
    assert not verdict.passed
    assert [found.item_id for found in verdict.blocking] == ["charges.amount_known"]
    assert "amuont" in verdict.refused_reason


def test_a_misspelt_query_refuses(judge, item, charges):
    assert "could not be judged" in judge(suite(item(no_rows("select nothing_here from {batch}")))).refused_reason


def test_a_missing_relation_refuses_every_item(judge, item, charges):
    verdict = judge(suite(item(every_row(KNOWN)), relation="raw.never_built"))
    assert not verdict.passed
    assert "could not be judged" in verdict.refused_reason


def test_text_with_colons_percents_and_braces_reaches_duckdb_untouched(judge, item, charges):
    assert judge(suite(item(every_row("'10:30 100% {x}' like '%:30 100\\% {x}' escape '\\'")))).passed


def test_a_file_is_opened_for_reading_only_and_many_times(paths, item, tmp_path):
    file = tmp_path / "w.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema raw; create table raw.charges as select 1 as amount")
    for _ in range(2):
        verdict = quality.judge(paths, "raw", "2026-10", "run-1", JUDGED_AT, file, [suite(item(every_row(KNOWN)))])
        assert verdict.passed
    with duckdb.connect(str(file)) as connection:
        connection.execute("insert into raw.charges values (2)")


def test_views_over_parquet_are_judged_where_they_lie(judge, item, database, tmp_path):
    database.execute(f"copy (select 1.5::decimal(38,12) as amount) to '{tmp_path}/part.parquet' (format parquet)")
    database.execute("create schema raw")
    database.execute(f"create view raw.charges as select * from read_parquet('{tmp_path}/*.parquet')")
    assert judge(suite(item(every_row(KNOWN)))).passed


def test_importing_the_gates_does_not_import_great_expectations():
    code = "import sys, orchestration.quality; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
