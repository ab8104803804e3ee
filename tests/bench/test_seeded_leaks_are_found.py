"""Every class that can be seeded is found, for its amount, and nothing else is: two small resellers, odd shapes included."""

from __future__ import annotations

import pytest

from orchestration.bench.detect import Detection, run_detect
from orchestration.simulator.leaks import CLASSES

pytestmark = pytest.mark.long

NEEDS_A_MONTH_BEFORE = {"CO01", "CO07"}
"""Classes of money for last month's documents: the first simulated month has none."""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Detection:
    return run_detect(tmp_path_factory.mktemp("bench"), seeds=(1, 2), subscriptions=300, months=1, leak_rate=0.4)


def test_no_seeded_leak_is_missed_and_no_finding_is_false(measured: Detection) -> None:
    assert measured.faults.rows(named=True) == []


def test_recall_and_precision_are_one(measured: Detection) -> None:
    whole = measured.table.filter(class_code="ALL").row(0, named=True)
    assert (whole["recall"], whole["precision"]) == (1, 1)


def test_nearly_every_class_was_seeded(measured: Detection) -> None:
    seeded = set(measured.table.filter(measured.table["seeded"] > 0)["class_code"]) - {"ALL"}
    assert seeded <= set(CLASSES) - NEEDS_A_MONTH_BEFORE
    assert len(set(CLASSES) - NEEDS_A_MONTH_BEFORE - seeded) <= 5
