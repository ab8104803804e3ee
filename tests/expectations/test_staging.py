"""The staging gate: each table's own rules, broken once each by real rows."""

import pytest

from expectations.floors import staging
from orchestration.contracts import SOURCES
from orchestration.warehouse import raw_schema

TABLES = {table.id: table for source in SOURCES.values() for table in source.tables}
CANONICAL = ("erp", "crm", "fx", "meters", "vendor", "provider_invoices")
SUITES = {suite.name.removeprefix("staging."): suite for suite in staging.suites()}


@pytest.fixture
def deliver(database):
    """Put rows into a raw table; its staged form is the same rows in our words."""
    database.execute("create schema raw; create schema staging")
    for table in (table for table in TABLES.values() if table.source in CANONICAL):
        raw_schema.show_table(database, table, None, period="2026-10", is_stale=False)
        columns = ", ".join(
            f'"{name}" {kind}' for name, kind, *_ in database.execute(f"describe raw.{table.id}").fetchall()
        )
        database.execute(f"drop view raw.{table.id}")
        database.execute(f"create table raw.{table.id} ({columns})")
        database.execute(
            f"create view staging.stg_{table.id} as select * rename (_close_period as close_period, "
            "_delivery_sha256 as delivery_sha256, _source_file as source_file, _source_row as source_row, "
            f"_is_stale as is_stale) from raw.{table.id}"
        )

    def put(table, *rows):
        for number, row in enumerate(rows, 1):
            row = {"_close_period": "2026-10", "_source_file": "f.csv", "_source_row": str(number)} | row
            marks = ", ".join("?" * len(row))
            database.execute(f"insert into raw.{table} ({', '.join(row)}) values ({marks})", list(row.values()))

    return put


CUSTOMER = {"customer_id": "C1", "legal_name": "Uno", "country": "PE", "fiscal_id": "20100000001", "status": "active"}
CONTRACT = {
    "contract_id": "K1",
    "customer_id": "C1",
    "start_date": "2026-01-01",
    "status": "active",
    "signed_at": "2026-01-01",
}
SUBSCRIPTION = {
    "subscription_id": "S1",
    "contract_id": "K1",
    "customer_id": "C1",
    "price_basis": "per_unit",
    "unit_price": "10",
    "currency": "USD",
    "start_date": "2026-01-01",
    "valid_from": "2026-01-01",
}
INVOICE = {
    "company_id": "PE01",
    "invoice_id": "F1",
    "doc_class": "invoice",
    "status": "posted",
    "customer_id": "C1",
    "issue_date": "2026-10-05",
    "due_date": "2026-11-05",
    "currency": "PEN",
    "fx_rate": "1",
    "net_amount": "100.00",
    "tax_amount": "18.00",
    "total_amount": "118.00",
}
LINE = {
    "company_id": "PE01",
    "invoice_id": "F1",
    "line_no": "1",
    "subscription_id": "S1",
    "net_amount": "100.00",
    "tax_rate_pct": "18",
    "period_from": "2026-10-01",
    "period_to": "2026-10-31",
}
RATE = {"source": "SBS_BCRP", "series": "USD", "side": "sell", "base_currency": "USD", "quote_currency": "PEN"}
RATES = tuple(RATE | {"rate_date": f"2026-10-{day}", "rate": "3.70"} for day in ("28", "29", "30"))
LICENCE = {
    "vendor": "K",
    "licence_id": "L1",
    "quantity": "2",
    "unit_price": "5",
    "amount": "10",
    "currency": "USD",
    "period_from": "2026-10-01",
    "period_to": "2026-10-31",
}
HEADER = {
    "provider": "aws",
    "invoice_id": "I1",
    "currency": "USD",
    "net_total": "10",
    "tax_total": "1.8",
    "total": "11.8",
}
READING = {"meter_id": "M1", "counter": "pages", "reading_kind": "actual", "read_at": "2026-10-01", "value": "100"}
GOOD = {
    "crm__customers": (CUSTOMER,),
    "crm__contracts": (CONTRACT,),
    "crm__subscriptions": (SUBSCRIPTION,),
    "erp__invoices": (INVOICE,),
    "erp__invoice_lines": (LINE,),
    "fx__fx_rates": RATES,
    "vendor__licence_charges": (LICENCE,),
    "provider_invoices__headers": (HEADER,),
    "meters__readings": (READING, READING | {"read_at": "2026-10-31", "value": "150"}),
}


def failed(judge, table):
    return {(item.severity, item.item_id.split(".")[-1]) for item in judge(SUITES[table]).items if not item.passed}


def test_good_tables_pass(deliver, judge):
    for table, rows in GOOD.items():
        deliver(table, *rows)
    assert {table: failed(judge, table) for table in GOOD} == {table: set() for table in GOOD}


def test_a_table_that_was_not_delivered_passes(deliver, judge):
    assert judge(SUITES["erp__payments"]).passed


def broken(table, severity, rule, **change):
    return pytest.param(table, change, severity, rule, id=f"{table}.{rule}")


@pytest.mark.parametrize(
    ("table", "change", "severity", "rule"),
    [
        broken("erp__invoices", "block", "amounts_are_not_negative", net_amount="-100", total_amount="-82"),
        broken("erp__invoices", "block", "rates_are_positive", fx_rate="0"),
        broken("erp__invoices", "warn", "total_is_net_plus_tax", total_amount="120.00"),
        broken(
            "erp__invoices", "warn", "clp_has_no_decimals", currency="CLP", total_amount="118.50", tax_amount="18.50"
        ),
        broken("erp__invoices", "warn", "due_after_issue", due_date="2026-10-04"),
        broken("erp__invoices", "warn", "credit_names_its_invoice", doc_class="credit_note"),
        broken("erp__invoices", "warn", "customer_is_known", customer_id="C9"),
        # the lines of F1 say 100.00; one line may be off by one cent
        broken("erp__invoices", "warn", "lines_add_up_to_the_header", net_amount="100.02", total_amount="118.02"),
        broken("erp__invoice_lines", "block", "line_has_its_document", invoice_id="F9"),
        broken("erp__invoice_lines", "block", "amounts_are_not_negative", net_amount="-1"),
        broken("erp__invoice_lines", "block", "period_is_a_range", period_to="2026-09-30"),
        broken("erp__invoice_lines", "warn", "subscription_is_known", subscription_id="S9"),
        broken("crm__contracts", "block", "end_date_follows_start_date", end_date="2025-12-31"),
        broken("crm__contracts", "warn", "customer_id_is_known", customer_id="C9"),
        broken("crm__subscriptions", "warn", "contract_id_is_known", contract_id="K9"),
        broken("crm__subscriptions", "block", "valid_to_follows_valid_from", valid_to="2025-12-31"),
        broken("crm__subscriptions", "block", "unit_price_is_known", unit_price=None),
        broken("crm__subscriptions", "block", "price_value_is_known", price_basis="discount_off_list"),
        broken(
            "crm__subscriptions",
            "block",
            "price_value_is_a_fraction",
            price_basis="markup_pct_on_cost",
            price_value="15",
        ),
        broken("vendor__licence_charges", "block", "charged_range", period_to="2026-09-30"),
        broken("vendor__licence_charges", "warn", "licence_is_named", licence_id=" "),
        broken("vendor__licence_charges", "report", "amount_is_price_times_quantity", amount="9"),
        broken("provider_invoices__headers", "warn", "total_adds_up", total="12"),
    ],
)
def test_each_rule_finds_the_row_that_breaks_it(deliver, judge, table, change, severity, rule):
    for name, rows in GOOD.items():
        deliver(name, *([rows[0] | change] if name == table else rows))
    assert (severity, rule) in failed(judge, table)


def test_a_counter_that_runs_backwards_is_found_and_a_reset_is_not(deliver, judge):
    deliver("meters__readings", READING, READING | {"read_at": "2026-10-15", "value": "90"})
    assert failed(judge, "meters__readings") == {("warn", "counter_does_not_run_backwards")}
    deliver(
        "meters__readings",
        READING | {"meter_id": "M2"},
        READING | {"meter_id": "M2", "read_at": "2026-10-15", "value": "0", "reading_kind": "reset"},
    )
    assert judge(SUITES["meters__readings"]).items[-1].failed_count == 1


def test_a_rate_whose_inverse_fits_better_is_an_error_and_not_a_number(deliver, judge):
    # 1 ÷ 3.70 = 0.27: the series says 3.70 soles a dollar, one row says 0.27
    deliver("fx__fx_rates", *RATES, RATE | {"rate_date": "2026-10-27", "rate": "0.27"})
    assert failed(judge, "fx__fx_rates") == {("block", "direction_by_magnitude"), ("block", "direction_by_its_series")}


def test_a_whole_series_in_the_wrong_direction_is_found_too(deliver, judge):
    deliver("fx__fx_rates", *(row | {"rate": "0.27"} for row in RATES))
    assert failed(judge, "fx__fx_rates") == {("block", "direction_by_magnitude")}


def test_a_series_that_ends_more_than_a_week_before_the_month_is_told(deliver, judge):
    deliver("fx__fx_rates", RATES[0] | {"rate_date": "2026-10-20"})
    assert failed(judge, "fx__fx_rates") == {("warn", "series_reaches_the_month_end")}


@pytest.mark.parametrize("change", ["where line_no > 1", "union all by name select * from raw.erp__invoice_lines"])
def test_a_staging_model_that_drops_or_doubles_rows_is_refused(deliver, judge, database, change):
    deliver("erp__invoices", INVOICE)
    deliver("erp__invoice_lines", LINE, LINE | {"line_no": "2"})
    body = f"select * from raw.erp__invoice_lines {change}"
    database.execute(
        "create or replace view staging.stg_erp__invoice_lines as select * rename (_source_file as source_file, "
        f"_source_row as source_row) from ({body})"
    )
    assert ("block", "conserved") in failed(judge, "erp__invoice_lines")
