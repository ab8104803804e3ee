"""What the product publishes about the bundled months is what was done wrong in them, and nothing else."""

from __future__ import annotations

import csv
from decimal import Decimal

import duckdb
import pytest

from orchestration.settings import Paths, samples

TRUTH = {"2024-09": "truth.csv", "2023-11": "truth-2023-11.csv"}
SEEN = """
    select class_code, country, amount_usd
    from read_parquet(?)
    where close_period = ? and class_code <> 'BL02'
    order by class_code
"""


def wanted(period: str) -> dict[str, Decimal]:
    with (samples() / TRUTH[period]).open(encoding="utf-8", newline="") as stream:
        return {row["class_code"]: Decimal(row["amount_usd"]) for row in csv.DictReader(stream)}


@pytest.mark.parametrize("period", sorted(TRUTH))
def test_a_close_finds_each_seeded_leak_once_with_its_amount_and_no_other(closed_sample: Paths, period: str) -> None:
    leaks = closed_sample.published / "marts" / "fct_leak" / "*" / "*.parquet"
    found = duckdb.execute(SEEN, [str(leaks), period]).fetchall()

    assert [code for code, _, _ in found] == sorted(wanted(period))
    for code, _, amount in found:
        # An invoice is rounded to its currency's subunit, so a finding that is a whole line may differ by a cent.
        assert abs(amount - wanted(period)[code]) < Decimal("0.01"), code


def test_rounding_is_counted_and_far_below_a_cent_a_line(closed_sample: Paths) -> None:
    leaks = closed_sample.published / "marts" / "fct_leak" / "*" / "*.parquet"
    (largest,) = duckdb.execute(
        "select max(abs(amount_usd)) from read_parquet(?) where class_code = 'BL02'", [str(leaks)]
    ).fetchone()

    assert largest < Decimal("0.01")
