"""The benchmark's own arithmetic: a comparison that flatters would be worse than none."""

from decimal import Decimal

import polars as pl

from orchestration.bench.compare import Comparison
from orchestration.close import benchmark

TRUTH = {
    "period": "2026-09",
    "currency": "PEN",
    "subscription_id": "S1",
    "invoice_id": "",
    "unit": "subscription:S1",
    "note": "",
}
FINDING = {"close_period": "2026-09", "subscription_id": "S1", "invoice_id": None, "payment_id": None, "provider_invoice_id": None, "unit_id": "subscription:S1"}  # fmt: skip


def truth(code: str, usd: str, **changes):
    return TRUTH | {"class_code": code, "amount_usd": Decimal(usd)} | changes


def finding(code: str, usd: str, **changes):
    return FINDING | {"class_code": code, "amount_usd": Decimal(usd)} | changes


def scored(truths, findings) -> dict[str, dict]:
    comparison = Comparison()
    comparison.add(truths, findings)
    return {row["class_code"]: row for row in comparison.table().iter_rows(named=True)}


def test_the_same_class_place_and_cent_is_found():
    row = scored([truth("EX03", "10.00")], [finding("EX03", "10.004")])["EX03"]
    assert (row["seeded"], row["found"], row["false"]) == (1, 1, 0)
    assert row["recall"] == row["precision"] == 1


def test_two_cents_off_is_a_wrong_amount_and_counts_against_both_recall_and_precision():
    row = scored([truth("EX03", "10.00")], [finding("EX03", "10.02")])["EX03"]
    assert (row["found"], row["wrong_amount"], row["false"], row["recall"], row["precision"]) == (0, 1, 0, 0, 0)


def test_the_right_money_under_another_name_is_a_wrong_class():
    row = scored([truth("EX03", "10.00")], [finding("QT01", "10.00")])["EX03"]
    assert (row["found"], row["wrong_class"], row["missed"]) == (0, 1, 0)


def test_another_subscription_does_not_count_and_is_false():
    table = scored(
        [truth("EX03", "10.00")], [finding("EX03", "10.00", subscription_id="S2", unit_id="subscription:S2")]
    )
    assert (table["EX03"]["missed"], table["EX03"]["false"], table["EX03"]["false_usd"]) == (1, 1, 10)


def test_another_month_does_not_count():
    assert scored([truth("EX03", "10.00")], [finding("EX03", "10.00", close_period="2026-10")])["EX03"]["missed"] == 1


def test_one_finding_answers_one_truth_only():
    row = scored([truth("EX06", "10.00"), truth("EX06", "10.00")], [finding("EX06", "10.00")])["EX06"]
    assert (row["found"], row["missed"]) == (1, 1)


def test_rounding_and_data_quality_are_never_false():
    assert scored([], [finding("BL02", "0.01"), finding("DQ05", "99")]).keys() == {"ALL"}


def test_a_payment_is_found_by_its_number():
    seeded = truth("CO02", "0", subscription_id="", unit="payment:U-1")
    assert (
        scored([seeded], [finding("CO02", "0", subscription_id=None, payment_id="U-1", unit_id=None)])["CO02"]["found"]
        == 1
    )
    assert (
        scored([seeded], [finding("CO02", "0", subscription_id=None, payment_id="U-2", unit_id=None)])["CO02"]["missed"]
        == 1
    )


def test_money_weighs_recall():
    row = scored([truth("EX03", "90.00"), truth("EX03", "10.00", subscription_id="S2")], [finding("EX03", "90.00")])[
        "EX03"
    ]
    assert row["recall"] == Decimal("0.5")
    assert row["recall_usd"] == Decimal("0.9")


def test_the_interval_is_wilsons():
    # 8 of 10 with z = 1.959964: centre (0.8 + z²/20) / (1 + z²/10) = 0.716740, half width 0.226579
    low, high = benchmark.wilson(8, 10)
    assert (low, high) == (Decimal("0.490162"), Decimal("0.943318"))
    assert benchmark.wilson(0, 0) == (None, None)


def test_a_home_without_a_benchmark_has_an_empty_typed_table(tmp_path):
    empty = benchmark.load(tmp_path)
    assert empty.height == 0
    assert empty.schema == pl.Schema(benchmark.SCHEMA)
    assert benchmark.mark(tmp_path) is None
