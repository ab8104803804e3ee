"""Explain repeats what is stored: the way of a charge and the evidence of a finding, each with file and row."""

from __future__ import annotations

import csv

import duckdb
import pytest

from orchestration import explain
from orchestration.settings import Paths, samples

pytestmark = pytest.mark.long


def _leak(paths: Paths, code: str) -> str:
    with duckdb.connect(str(paths.published / "cuadre.duckdb"), read_only=True) as marts:
        query = "select leak_id from marts.fct_leak where class_code = ? and close_period = '2024-09'"
        ((leak_id,),) = marts.execute(query, [code]).fetchall()
    return leak_id


def _told(paths: Paths, identifier: str) -> dict[str, list[dict]]:
    return {evidence.title: evidence.rows for evidence in explain.trace(paths, identifier)}


def test_a_charge_leads_back_to_the_row_of_its_file(closed_sample: Paths) -> None:
    with duckdb.connect(str(closed_sample.published / "cuadre.duckdb"), read_only=True) as marts:
        charge_id, file, row, cost = marts.execute("""
            select charge_id, source_file, source_row, billed_cost from marts.fct_provider_charge
            where source = 'focus' order by billed_cost desc limit 1
        """).fetchone()
    told = _told(closed_sample, charge_id)
    with (samples() / "inbox" / file).open(newline="") as stream:
        delivered = list(csv.DictReader(stream))[row - 1]
    (raw,) = told["delivered row"]
    assert raw["billed_cost"] == cost
    assert str(raw["resource_id"]) == delivered["ResourceId"]
    assert told["charge"][0]["source_row"] == row
    assert told["reconciliation unit"]


def test_a_finding_shows_its_charges_contract_and_invoice_lines_with_file_and_row(closed_sample: Paths) -> None:
    # 6 seats added on 11 September were never billed: the charge lines, the contract and the invoice that lacks them.
    told = _told(closed_sample, _leak(closed_sample, "QT03"))
    assert {charge["original_charge_type"].lower() for charge in told["provider charges"]} >= {"addquantity"}
    for place in ("CRM subscription", "CRM contract", "ERP invoice lines", "ERP documents"):
        assert told[place], place
        for row in told[place]:
            assert row["file"].startswith(("crm/2024-09/", "erp/2024-09/"))
            assert row["row"] >= 1
            assert len(row["sha256"]) == 64


def test_a_short_payment_shows_the_cash_behind_it(closed_sample: Paths) -> None:
    told = _told(closed_sample, _leak(closed_sample, "CO01"))
    kinds = {row["kind"] for row in told["cash and deductions applied"]}
    assert "cash" in kinds
    assert all(
        row["file"].startswith("erp/2024-09/payment_applications") for row in told["cash and deductions applied"]
    )


def test_an_unknown_id_is_refused_with_where_to_find_one(closed_sample: Paths) -> None:
    with pytest.raises(explain.UnknownIdentifier, match="fct_leak"):
        explain.trace(closed_sample, "no-such-id")
