"""An item over rows that have a country is answered once a country."""

from decimal import Decimal

import pytest

from orchestration import quality
from orchestration.quality.rules import every_row, no_rows


@pytest.fixture
def documents(database):
    database.execute("create schema staging")
    database.execute("create table staging.documents (country text, currency text, net decimal(38,12), paid boolean)")
    database.execute(
        "insert into staging.documents values ('PE', 'PEN', 10, true), ('PE', 'PEN', -4, true), ('CL', 'CLP', 900, true),"
        " ('CL', 'CLP', null, false), (null, 'USD', -1, true)"
    )


def _suite(*items):
    return quality.Suite("staging", "documents", "staging.documents", items, source="erp")


def test_rows_and_money_are_told_by_country(judge, item, documents):
    positive = item(every_row("net > 0", "net is not null"), "positive", "warn", priced_by=("net", "currency"))
    verdict = judge(_suite(positive))

    # PE: 10 and −4; CL: 900, the unknown one is not asked; without a country: −1
    assert [
        (one.country, one.evaluated_count, one.failed_count, one.passed, one.observed) for one in verdict.items
    ] == [
        ("CL", 1, 0, True, "CL: 0 of 1"),
        ("PE", 2, 1, False, "PE: 1 of 2 for PEN -4"),
        (None, 1, 1, False, "1 of 1 for USD -1"),
    ]


def test_a_rule_about_groups_of_rows_has_one_answer(judge, item, documents):
    query = "select currency from {batch} group by currency having sum(net) < 0"
    verdict = judge(_suite(item(no_rows(query), "no_negative_currency", "warn")))

    assert [(one.country, one.passed) for one in verdict.items] == [(None, False)]


def test_a_blocking_item_keeps_the_floor_shut_whatever_the_country(judge, item, documents):
    verdict = judge(_suite(item(every_row("net is not null"), "known")))

    assert not verdict.passed
    assert [one.country for one in verdict.blocking] == ["CL"]
    assert "CL: 1 of 2" in verdict.refused_reason


def test_the_parts_are_kept_and_read_back_each_under_its_country(paths, judge, item, documents):
    quality.write_items(paths, judge(_suite(item(every_row("net is not null"), "known", "warn"))))
    kept = quality.load_items(paths, "2026-10")

    assert kept.select("item_id", "country", "passed").sort("country", nulls_last=True).rows() == [
        ("known", "CL", False),
        ("known", "PE", True),
        ("known", None, True),
    ]


def test_an_amount_stays_exact(judge, item, database, documents):
    database.execute("insert into staging.documents values ('PE', 'PEN', ?, true)", [Decimal("-0.000000000001")])
    verdict = judge(_suite(item(every_row("net > 0"), "positive", "warn", priced_by=("net", "currency"))))

    assert "PE: 2 of 3 for PEN -4.000000000001" in [one.observed for one in verdict.items]


def test_an_item_that_judged_nothing_or_could_not_judge_keeps_its_answer(judge, item, documents):
    asked = _suite(
        item(every_row("net > 0", "country = 'BR'"), "nobody_asked", "warn"),
        item(every_row("no_such_column > 0"), "misspelt", "warn"),
    )
    found = {one.item_id: (one.country, one.severity, one.passed) for one in judge(asked).items}

    assert found["misspelt"] == (None, "block", False)
    assert found["nobody_asked"][0] is None
