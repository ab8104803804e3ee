"""The raw gate: what follows from a contract, broken once each by real rows."""

import pytest

from expectations.floors import raw
from expectations.words import labels
from orchestration.contracts import SOURCES
from orchestration.warehouse import raw_schema

INVOICES = SOURCES["erp"].tables[0]
GOOD = {
    "company_id": "PE01",
    "invoice_id": "F001-1",
    "doc_class": "Invoice",
    "status": "posted",
    "customer_id": "C1",
    "issue_date": "2026-10-05",
    "currency": "PEN",
    "net_amount": "100.00",
    "tax_amount": "18.00",
    "total_amount": "118.00",
    "country": "PE",
    "_source_file": "erp/2026-10/invoices.csv",
    "_source_row": "1",
}


@pytest.fixture
def judge_rows(judge, database):
    """Judge rows of one table, given as text by column, in the types that readers leave behind."""

    def run(table, *rows):
        raw_schema.show_table(database, table, None, period="2026-10", is_stale=False)
        columns = [row[:2] for row in database.execute(f'describe raw."{table.id}"').fetchall()]
        database.execute(f'drop view raw."{table.id}"')
        database.execute(f'create table raw."{table.id}" ({", ".join(f"{name} {kind}" for name, kind in columns)})')
        for row in rows:
            row = {"_close_period": "2026-10", "_is_stale": "false"} | row
            database.execute(
                f'insert into raw."{table.id}" ({", ".join(row)}) values ({", ".join("?" * len(row))})',
                list(row.values()),
            )
        return judge(raw.suite(table))

    return run


def blocked(verdict):
    return [item.item_id.removeprefix("raw.") for item in verdict.blocking]


def test_a_table_that_keeps_its_contract_passes(judge_rows):
    assert judge_rows(INVOICES, GOOD).refused_reason == ""


@pytest.mark.parametrize(
    ("change", "item"),
    [
        ({"issue_date": None}, "erp__invoices.issue_date.has_value"),
        ({"customer_id": "  "}, "erp__invoices.customer_id.has_value"),
        ({"total_amount": None}, "erp__invoices.total_amount.has_value"),
        ({"doc_class": "proforma"}, "erp__invoices.doc_class.is_known"),
        ({"currency": "SOL"}, "erp__invoices.currency.is_iso_4217"),
        ({"country": "Perú"}, "erp__invoices.country.is_iso_3166"),
        ({"issue_date": "0226-10-05"}, "erp__invoices.issue_date.is_sane"),
    ],
)
def test_each_promise_of_a_contract_refuses_when_broken(judge_rows, change, item):
    verdict = judge_rows(INVOICES, GOOD, GOOD | {"invoice_id": "F001-2", "_source_row": "2"} | change)
    assert blocked(verdict) == [item]


def test_the_same_document_twice_is_refused_with_its_rows(judge_rows, paths):
    verdict = judge_rows(INVOICES, GOOD, GOOD | {"_source_row": "2"})
    assert blocked(verdict) == ["erp__invoices.key.is_unique"]
    written = (paths.home / verdict.blocking[0].evidence_path).read_text()
    assert "F001-1" in written


LICENCE = {
    "vendor": "Kaspersky",
    "invoice_id": "V-9",
    "licence_id": "L1",
    "product_code": "EDR",
    "charge_type": "new",
    "quantity": "10",
    "unit_price": "4.00",
    "amount": "40.00",
    "currency": "USD",
    "period_to": "2026-10-31",
    "_source_file": "vendor/2026-10/licence_charges.csv",
}


def _licences(*months):
    return [
        LICENCE | {"line_no": str(n), "_source_row": str(n), "period_from": f"{month}-01"}
        for n, month in enumerate(months, 1)
    ]


def test_a_row_of_another_period_is_kept_counted_and_priced(judge_rows):
    verdict = judge_rows(SOURCES["vendor"].tables[0], *_licences("2026-10", "2026-10", "2026-09"))
    assert verdict.passed
    [told] = [item for item in verdict.items if not item.passed]
    assert told.item_id == "raw.vendor__licence_charges.period.is_the_folders"
    assert told.observed == "1 of 3 for USD 40"


def test_a_file_most_of_whose_rows_state_another_period_lies_in_the_wrong_folder(judge_rows):
    verdict = judge_rows(SOURCES["vendor"].tables[0], *_licences("2026-10", "2026-09", "2026-09"))
    assert blocked(verdict) == ["vendor__licence_charges.file.is_in_its_folder"]


def test_a_provider_file_without_rows_is_refused_and_an_erp_table_without_rows_is_a_fact(judge_rows):
    assert "has no row" in judge_rows(SOURCES["vendor"].tables[0]).refused_reason
    assert judge_rows(SOURCES["erp"].tables[2]).passed


def test_every_delivered_table_has_a_name_and_a_checklist():
    tables = [table for source in SOURCES.values() for table in source.tables]
    assert {table.id for table in tables} == set(labels.TABLES)
    assert all(raw.suite(table).items for table in tables)
