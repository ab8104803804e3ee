"""The focus gate: FOCUS 1.2's own rules, graded, and ours."""

import re

import pytest

from expectations.floors import focus
from expectations.words.focus import CHECKS, CONDITIONS
from orchestration.settings import dbt_project

GOOD = {
    "charge_id": "c1",
    "source": "focus",
    "provider": "aws",
    "delivery_sha256": "d1",
    "source_file": "focus/2026-10/f.csv",
    "source_row": "1",
    "original_charge_type": "Usage",
    "is_partner_margin": "false",
    "states_other_period": "false",
    "billed_cost": "1.25",
    "effective_cost": "1.25",
    "list_cost": "1.50",
    "contracted_cost": "1.25",
    "billing_account_id": "1234567890123",
    "billing_currency": "USD",
    "billing_period_start": "2026-10-01",
    "billing_period_end": "2026-11-01",
    "charge_period_start": "2026-10-03",
    "charge_period_end": "2026-10-04",
    "charge_category": "Usage",
    "charge_frequency": "Usage-Based",
    "provider_name": "AWS",
    "list_unit_price": "0.50",
    "pricing_quantity": "3",
    "pricing_unit": "Hours",
}


@pytest.fixture
def judge_charges(judge, database):
    """Judge charges, given as text by column, in the types of the FOCUS macro."""
    macro = (dbt_project() / "macros" / "focus_columns.sql").read_text()
    columns = re.findall(r"\('(\w+)', '([a-z0-9(), ]+)'\)", macro)

    def run(*charges):
        database.execute("create schema focus")
        database.execute(f"create table focus.int_focus__charges ({', '.join(f'{n} {kind}' for n, kind in columns)})")
        for charge in charges:
            database.execute(
                f"insert into focus.int_focus__charges ({', '.join(charge)}) values ({', '.join('?' * len(charge))})",
                list(charge.values()),
            )
        return judge(*focus.suites()[:2])

    return run


def failed(verdict):
    return {item.item_id.removeprefix("focus."): item for item in verdict.items if not item.passed}


def test_a_good_charge_passes(judge_charges):
    assert judge_charges(GOOD).refused_reason == ""


@pytest.mark.parametrize(
    ("change", "items"),
    [
        ({"billed_cost": None}, {"BilledCost-C-003-M"}),
        ({"billing_currency": "US$"}, {"BillingCurrency-C-003-M"}),
        ({"charge_category": None}, {"ChargeCategory-C-002-M", "every_charge_word_is_mapped"}),
        ({"charge_category": "usage"}, {"ChargeCategory-C-003-M"}),
        ({"charge_class": "Refund"}, {"ChargeClass-C-005-C"}),
        ({"provider": None}, {"every_provider_is_known"}),
        ({"source_row": None}, {"provenance_is_known"}),
        ({"is_partner_margin": None}, {"partner_margin_is_told_apart"}),
        ({"charge_id": "c1"}, {"charge_id_is_unique"}),
    ],
)
def test_each_blocking_rule_refuses_when_broken(judge_charges, change, items):
    verdict = judge_charges(GOOD, GOOD | {"charge_id": "c2", "source_row": "2"} | change)
    assert {item.item_id.removeprefix("focus.") for item in verdict.blocking} == items


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        # what the real FOCUS sample does: Oracle's frequency in another case, a null contracted cost,
        # a charge that starts before its bill, and 0.50 × 3 ≠ 15.00 by a pricing block
        ({"charge_frequency": "Usage-based"}, "ChargeFrequency-C-003-M"),
        ({"contracted_cost": None}, "ContractedCost-C-003-M"),
        ({"charge_period_start": "2026-09-30"}, "charge_lies_in_its_billing_period"),
        ({"list_cost": "15.00"}, "ListCost-C-009-C"),
        ({"list_unit_price": "99999999999999", "pricing_quantity": "99999999999999"}, "ListCost-C-009-C"),
        ({"region_id": "us-west-2"}, "RegionName-C-005-C"),
        ({"tags": "not json"}, "Tags-C-001-M"),
        ({"resource_id": "N/A"}, "NullHandling-A-002-M"),
    ],
)
def test_a_rule_that_real_files_break_is_told_and_does_not_refuse(judge_charges, change, rule):
    verdict = judge_charges(GOOD | change)
    assert verdict.refused_reason == ""
    assert rule in failed(verdict)


def test_a_charge_of_another_period_is_counted_and_priced(judge_charges):
    verdict = judge_charges(GOOD, GOOD | {"charge_id": "c2", "states_other_period": "true", "billed_cost": "0.0071"})
    assert failed(verdict)["period_is_the_closes"].observed == "1 of 2 for USD 0.0071"


def test_a_price_that_belongs_to_two_products_is_found(judge_charges):
    one, two = ({"charge_id": n, "sku_price_id": "P", "sku_id": n} for n in ("c1", "c2"))
    assert failed(judge_charges(GOOD | one, GOOD | two))["SkuPriceId-C-008-M"].failed_count == 1


@pytest.fixture
def judge_lines(judge, database):
    """Judge provider lines of (source row, stated less recomputed cost, tolerance)."""

    def run(*lines):
        database.execute("create schema focus")
        database.execute(
            "create table focus.int_focus__arithmetic (source text, delivery_sha256 text, source_file text, "
            "source_row bigint, currency text, residual decimal(38, 12), tolerance decimal(38, 12))"
        )
        database.executemany(
            "insert into focus.int_focus__arithmetic values ('microsoft_csp_invoice', 'd1', 'i.csv', ?, 'USD', ?, ?)",
            lines,
        )
        return judge(next(suite for suite in focus.suites() if suite.name == "focus.arithmetic"))

    return run


def test_a_line_beside_the_providers_own_rounding_is_told_with_its_money_and_does_not_refuse(judge_lines):
    # Row 2 charges 0.03 more than two seats may differ by (one cent a seat); row 3 states no unit price to recompute from.
    verdict = judge_lines((1, "-0.02", "0.02"), (2, "0.03", "0.02"), (3, None, "0.01"))
    assert verdict.passed
    assert {rule: item.observed for rule, item in failed(verdict).items()} == {
        "provider_arithmetic_agrees": "1 of 2 for USD 0.03"
    }


def test_a_line_recomputed_twice_refuses(judge_lines):
    verdict = judge_lines((1, "0", "0.01"), (1, "0", "0.01"))
    assert [item.item_id for item in verdict.blocking] == ["focus.line_is_recomputed_once"]


def test_the_rules_are_known_kinds_over_known_columns_with_known_conditions():
    macro = (dbt_project() / "macros" / "focus_columns.sql").read_text()
    for rule in focus.rules():
        assert rule.grade in ("block", "warn", "report")
        assert rule.check in CHECKS
        assert rule.applies_when.startswith(("with:", "without:")) or rule.applies_when in CONDITIONS
        assert not rule.column or f"'{rule.column}'" in macro
    assert len(focus.rules()) >= 80
