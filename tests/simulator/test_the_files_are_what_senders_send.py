"""Simulated deliveries are read by the product's own readers, and agree with themselves."""

import csv
import gzip
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from stdnum.ar import cuit
from stdnum.br import cnpj
from stdnum.cl import rut
from stdnum.co import nit
from stdnum.pe import ruc

from orchestration.contracts import SOURCES
from orchestration.intake import receive
from orchestration.settings import Paths
from orchestration.simulator import simulate

MONTHS = ("2026-09", "2026-10")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    simulate(home, seed=11, months=2, subscriptions=150)
    return home


def rows(path: Path) -> list[dict[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def canonical(home: Path, table: str, period: str) -> list[dict[str, str]]:
    source, name = table.split("/")
    return rows(home / "inbox" / source / period / f"{name}.csv")


@pytest.mark.parametrize("period", MONTHS)
def test_every_source_is_accepted_by_intake(home, period):
    paths = Paths(home=home, inbox=home / "inbox")
    for source in SOURCES.values():
        candidate = receive.prepare(paths, source, period)
        assert isinstance(candidate, receive.Candidate), source.name
        receive.accept(paths, candidate)


def test_odd_and_even_months_come_in_different_forms(home):
    inbox = home / "inbox"
    assert list((inbox / "microsoft_csp_invoice" / "2026-09").glob("*.csv"))
    assert len(list((inbox / "microsoft_csp_invoice" / "2026-10").glob("*/part-*.json.gz"))) > 1
    assert list((inbox / "aws_cur" / "2026-09").glob("metadata/*/reventa-Manifest.json"))
    assert list((inbox / "aws_cur" / "2026-10").glob("*/*/reventa-1.csv.gz"))
    assert list((inbox / "gcp_billing" / "2026-09").glob("*.jsonl.gz"))
    assert list((inbox / "gcp_billing" / "2026-10").glob("*.parquet"))
    heads = [
        (inbox / "crm" / period / "customers.csv").read_bytes().split(b"\n")[0] for period in ("2026-09", "2026-10")
    ]
    assert heads[0].startswith(b"customer_id,") and heads[1].startswith(b"\xef\xbb\xbfowner,")
    assert heads[1].endswith(b"\r")


def test_money_in_google_parquet_is_decimal_and_nested(home):
    frame = pl.read_parquet(home / "inbox" / "gcp_billing" / "2026-10")
    assert isinstance(frame.schema["cost"], pl.Decimal)
    assert isinstance(frame.schema["credits"], pl.List)


@pytest.mark.parametrize("period", MONTHS)
def test_provider_headers_are_the_sum_of_their_lines(home, period):
    inbox, totals = home / "inbox", defaultdict(Decimal)
    for path in (inbox / "microsoft_csp_invoice" / period).rglob("*"):
        if path.suffix == ".csv":
            lines = [(row["InvoiceNumber"], row["Subtotal"]) for row in rows(path)]
        elif path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8") as stream:
                lines = [(row["invoiceNumber"], row["subtotal"]) for row in map(json.loads, stream)]
        else:
            continue
        for invoice, amount in lines:
            totals[invoice] += Decimal(amount)
    for path in (inbox / "aws_cur" / period).rglob("*.csv.gz"):
        for row in rows(path):
            kind = row.get("lineItem/LineItemType") or row["line_item_line_item_type"]
            if kind != "Tax":
                totals[row.get("bill/InvoiceId") or row["bill_invoice_id"]] += Decimal(
                    row.get("lineItem/UnblendedCost") or row["line_item_unblended_cost"]
                )
    for path in (inbox / "focus" / period).iterdir():
        for row in rows(path):
            totals[row["InvoiceId"]] += Decimal(row["BilledCost"])
    for row in canonical(home, "vendor/licence_charges", period):
        totals[row["invoice_id"]] += Decimal(row["amount"])
    for header in canonical(home, "provider_invoices/headers", period):
        # An invoice prints cents; AWS and Oracle lines have ten decimals.
        assert abs(Decimal(header["net_total"]) - totals[header["invoice_id"]]) <= Decimal("0.005"), header[
            "invoice_id"
        ]
        assert Decimal(header["total"]) == Decimal(header["net_total"]) + Decimal(header["tax_total"])


@pytest.mark.parametrize("period", MONTHS)
def test_customer_documents_are_the_sum_of_their_lines_and_money_never_exceeds_them(home, period):
    nets, applied = defaultdict(Decimal), defaultdict(Decimal)
    for line in canonical(home, "erp/invoice_lines", period):
        nets[line["invoice_id"]] += Decimal(line["net_amount"])
    if (home / "inbox" / "erp" / period / "payment_applications.csv").exists():
        for row in canonical(home, "erp/payment_applications", period):
            applied[row["invoice_id"]] += Decimal(row["amount"])
            assert row["kind"] in {"cash", "credit_note"} or row["certificate_no"] or row["approved_by"]
    for document in canonical(home, "erp/invoices", period):
        assert Decimal(document["net_amount"]) == nets[document["invoice_id"]]
        assert (
            Decimal(document["open_amount"]) == Decimal(document["total_amount"]) - applied[document["invoice_id"]] >= 0
        )
        if document["currency"] == "CLP":
            assert Decimal(document["total_amount"]) % 1 == 0


def test_documents_of_the_first_month_are_paid_in_full_in_the_second(home):
    old = [
        row
        for row in canonical(home, "erp/invoices", "2026-10")
        if row["issue_date"] < "2026-10" and row["doc_class"] == "invoice"
    ]
    assert old and all(Decimal(row["open_amount"]) == 0 for row in old)


def test_fiscal_ids_pass_the_countries_own_checks(home):
    valid = {"PE": ruc.is_valid, "CL": rut.is_valid, "AR": cuit.is_valid, "CO": nit.is_valid, "BR": cnpj.is_valid}
    customers = canonical(home, "crm/customers", "2026-09")
    assert {row["country"] for row in customers} == set(valid)
    assert all(valid[row["country"]](row["fiscal_id"]) for row in customers)


def test_rates_have_no_weekends_and_the_trm_covers_them_as_a_range(home):
    from datetime import date

    for row in canonical(home, "fx/fx_rates", "2026-09"):
        if row["source"] == "TRM":
            assert date.fromisoformat(row["valid_to"]).weekday() < 5
        elif row["source"] != "MARKET":
            assert date.fromisoformat(row["rate_date"]).weekday() < 5
