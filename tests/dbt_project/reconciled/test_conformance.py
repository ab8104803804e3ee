"""Months written by another hand: every seeded finding is found with its amount, and nothing else is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.settings import Paths

SCORE = Path(__file__).parents[2] / "conformance" / "score.py"


@pytest.fixture(scope="module")
def marts(conformance_home: Paths):
    with duckdb.connect(str(conformance_home.published / "cuadre.duckdb"), read_only=True) as connection:
        yield connection


def test_every_seeded_finding_is_found_and_nothing_else(conformance_home: Paths) -> None:
    scored = subprocess.run([sys.executable, str(SCORE), str(conformance_home.home)], capture_output=True, text=True)
    assert scored.returncode == 0, scored.stdout + scored.stderr
    assert "wrong amount 0 wrong class 0 missed 0 false 0 dust 0\n" in scored.stdout
    assert "recall by money 1.0000  precision 1.0000  wrong R 0  wrong B 0  broken bridges 0" in scored.stdout


def test_the_findings_of_a_unit_add_up_to_its_difference(marts: duckdb.DuckDBPyConnection) -> None:
    broken = marts.execute(
        "select u.unit_id, u.difference_amount, sum(l.amount) from marts.fct_reconciliation u "
        "left join marts.fct_leak l on l.unit_id = u.unit_id and l.is_bridge group by all "
        "having coalesce(sum(l.amount), 0) <> u.difference_amount"
    ).fetchall()
    assert broken == []


def test_every_charge_lands_in_one_bucket_and_none_is_unexplained(marts: duckdb.DuckDBPyConnection) -> None:
    charges, ids, homeless = marts.execute(
        "select count(*), count(distinct charge_id), count_if(bucket is null or bucket = 'UNEXPLAINED') "
        "from marts.fct_provider_charge"
    ).fetchone()
    assert (charges, homeless) == (ids, 0)


def test_three_sides_are_conserved(marts: duckdb.DuckDBPyConnection) -> None:
    sides = marts.execute(
        "select side, bool_and(is_conserved) from marts.fct_conservation group by side order by side"
    ).fetchall()
    assert sides == [("contract_days", True), ("erp", True), ("provider", True)]


def test_rounding_is_counted_and_stays_below_a_cent_a_unit(marts: duckdb.DuckDBPyConnection) -> None:
    units, largest = marts.execute(
        "select count(*), max(abs(amount_usd)) from marts.fct_leak where class_code = 'BL02'"
    ).fetchone()
    assert units > 50
    assert largest < 0.01
