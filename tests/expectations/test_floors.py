"""The intake, reconciliation and marts gates, broken once each by real rows."""

import pytest

from expectations.floors import intake, marts, reconciled
from expectations.words.promised import PROMISED
from orchestration.contracts import SOURCES
from orchestration.warehouse import raw_schema


def insert(database, relation, **row):
    marks = ", ".join("?" * len(row))
    database.execute(f"insert into {relation} ({', '.join(row)}) values ({marks})", list(row.values()))


def failed(verdict):
    return {(item.severity, item.item_id.partition(".")[2]) for item in verdict.items if not item.passed}


FILE = {
    "delivery_sha256": "d1",
    "source": "erp",
    "close_period": "2026-10",
    "file": "erp/2026-10/invoices.csv",
    "sha256": "s1",
    "bytes": 10,
    "rows": 1,
    "received_at": "2026-11-02",
    "status": "accepted",
}


@pytest.fixture
def ledger(database):
    """A warehouse just opened: raw tables without rows but for what a close stands on, and the delivery ledger."""
    for source in SOURCES.values():
        for table in source.tables:
            raw_schema.show_table(database, table, None, period="2026-10", is_stale=False)
    for known in ("crm__subscriptions", "fx__fx_rates"):
        database.execute(
            f"create or replace view raw.{known} as select 'microsoft' as provider, 'terminated' as status, "
            "date '2020-01-01' as start_date, date '2020-02-01' as end_date, '2026-10' as _close_period, false as _is_stale"
        )
    database.execute(
        "create table raw.cuadre__deliveries (delivery_sha256 text, source text, close_period text, file text, sha256 text, "
        "bytes bigint, rows bigint, amount_total decimal(38,12), currency text, received_at timestamp, status text, reason text)"
    )
    database.execute(
        "create table raw.cuadre__lake (source text, table_name text, close_period text, delivery_sha256 text, file text, "
        "currency text, kept_rows bigint, shown_rows bigint, kept_total decimal(38,12), shown_total decimal(38,12), damage text)"
    )


@pytest.mark.parametrize(
    "lost",
    [
        {"shown_rows": 1},
        {"shown_total": 4},
        {"shown_total": None},
        {"kept_rows": None, "kept_total": None},
        {"damage": "invoices/0000-00000.parquet is gone"},
    ],
)
def test_a_lake_that_shows_other_rows_or_money_than_was_read_is_refused(database, ledger, judge, lost):
    insert(database, "raw.cuadre__deliveries", **FILE)
    whole = {"source": "erp", "table_name": "invoices", "close_period": "2026-10", "file": "erp/2026-10/invoices.csv"}
    whole |= {"kept_rows": 2, "shown_rows": 2, "kept_total": 5, "shown_total": 5}
    insert(database, "raw.cuadre__lake", **whole)
    assert failed(judge(*intake.suites())) == set()
    insert(database, "raw.cuadre__lake", **whole | lost)
    assert failed(judge(*intake.suites())) == {("block", "erp_is_as_it_was_read")}


def test_a_month_whose_files_are_whole_passes_intake(database, ledger, judge):
    insert(database, "raw.cuadre__deliveries", **FILE)
    assert failed(judge(*intake.suites())) == set()


@pytest.mark.parametrize(("source", "table"), [("crm", "subscriptions"), ("fx", "fx_rates")])
def test_reference_data_that_never_came_is_told_and_stops_nothing(database, ledger, judge, source, table):
    insert(database, "raw.cuadre__deliveries", **FILE)
    (contract,) = (known for known in SOURCES[source].tables if known.name == table)
    raw_schema.show_table(database, contract, None, period="2026-10", is_stale=False)
    assert failed(judge(*intake.suites())) == {("warn", f"{source}_is_known")}


def test_a_month_without_any_delivery_is_refused(ledger, judge):
    assert ("block", "something_arrived") in failed(judge(*intake.suites()))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"file": "erp/2026-10/b.csv", "sha256": None}, ("block", "accepted_files_are_whole")),
        ({"file": "erp/2026-10/copy.csv"}, ("block", "no_file_twice_in_a_delivery")),
        ({"source": "vendor", "status": "rejected", "reason": "cut off"}, ("warn", "rejections_were_mended")),
        ({"status": "duplicate"}, ("report", "repeated_deliveries_changed_nothing")),
        (
            {"file": "erp/2026-10/late.csv", "sha256": "s2", "received_at": "2026-11-25"},
            ("report", "files_came_in_time"),
        ),
    ],
)
def test_each_fault_of_a_delivery_is_found(database, ledger, judge, more, expected):
    insert(database, "raw.cuadre__deliveries", **FILE)
    insert(database, "raw.cuadre__deliveries", **FILE | more)
    assert failed(judge(*intake.suites())) == {expected}


def test_a_missing_erp_or_a_missing_provider_that_was_sold_is_told_and_does_not_refuse(database, ledger, judge):
    insert(database, "raw.cuadre__deliveries", **FILE | {"source": "focus"})
    database.execute("drop view raw.crm__subscriptions")
    database.execute(
        "create table raw.crm__subscriptions as select 'aws' as provider, 'active' as status, date '2026-01-01' as start_date, "
        "null::date as end_date, '2026-10' as _close_period, true as _is_stale"
    )
    verdict = judge(*intake.suites())
    assert verdict.passed
    assert failed(verdict) == {
        ("warn", "aws_was_delivered"),
        ("warn", "erp_was_delivered"),
        ("warn", "crm_is_of_the_month"),
    }


UNIT = {
    "unit_id": "U1",
    "currency": "USD",
    "expected_amount": 110,
    "invoiced_amount": 100,
    "difference_amount": 10,  # 110 − 100, all of it quantity
    "quantity_effect": 10,
    "period_effect": 0,
    "price_effect": 0,
    "fx_effect": 0,
    "existence_effect": 0,
    "rounding_effect": 0,
    "expected_usd": 110,
    "invoiced_usd": 100,
    "difference_usd": 10,
    "bucket": "LEAK",
    "class_code": "QT01",
}
LEAK = {
    "leak_id": "L1",
    "unit_id": "U1",
    "class_code": "QT01",
    "amount": 10,
    "currency": "USD",
    "amount_usd": 10,
    "is_bridge": True,
    "direction": "L",
    "severity": "S1",
    "stage": "4",
    "evidence": '{"provider_quantity": 11}',
}
CHARGE = {"charge_id": "c1", "bucket": "LEAK"}
SIDE = {
    "side": "erp",
    "provider": "PE01",
    "invoice_id": "F1",
    "currency": "PEN",
    "line_total": 100,
    "bucket_total": 100,
    "unexplained_total": 0,
    "is_conserved": True,
}


def create(database, relation, row):
    kinds = {bool: "boolean", int: "decimal(38,12)", str: "text"}
    database.execute(
        f"create table {relation} ({', '.join(f'{name} {kinds[type(value)]}' for name, value in row.items())})"
    )
    insert(database, relation, **row)


@pytest.fixture
def month(database):
    """A reconciled month of one unit, one finding, one charge and one document."""
    database.execute("create schema reconciled; create schema focus; create schema seeds")
    database.execute("create table seeds.leak_classes as select 'QT01' as code")
    create(database, "reconciled.int_reconciliation", UNIT)
    create(database, "reconciled.int_leaks", LEAK)
    create(database, "reconciled.int_charges__classified", CHARGE)
    create(database, "focus.int_focus__charges", CHARGE)
    create(database, "reconciled.int_conservation", SIDE)


def test_a_month_explained_to_the_last_cent_passes(month, judge):
    assert failed(judge(*reconciled.suites())) == set()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("update reconciled.int_reconciliation set invoiced_amount = 99", {"difference_is_r_minus_b"}),
        ("update reconciled.int_reconciliation set price_effect = 0.000000000001", {"bridge_has_no_remainder"}),
        ("update reconciled.int_reconciliation set fx_effect = null", {"bridge_has_no_remainder"}),
        ("update reconciled.int_leaks set amount = 9.99", {"findings_add_up_to_the_difference"}),
        ("update reconciled.int_leaks set is_bridge = false", {"findings_add_up_to_the_difference"}),
        (
            "insert into reconciled.int_reconciliation from reconciled.int_reconciliation",
            {"unit_is_one", "findings_add_up_to_the_difference"},
        ),
        ("update reconciled.int_reconciliation set bucket = 'UNEXPLAINED'", {"unit_is_in_a_bucket"}),
        ("update reconciled.int_reconciliation set class_code = null", {"leak_has_a_class"}),
        ("update reconciled.int_leaks set leak_id = null", {"finding_is_one"}),
        ("update reconciled.int_leaks set class_code = 'XX99'", {"finding_has_a_known_class"}),
        (
            "update reconciled.int_leaks set unit_id = 'U9'",
            {"bridged_finding_has_its_unit", "findings_add_up_to_the_difference"},
        ),
        ("update reconciled.int_leaks set currency = null", {"finding_has_money_and_currency"}),
        ("update reconciled.int_leaks set direction = 'X'", {"finding_is_graded"}),
        ("update reconciled.int_leaks set evidence = 'eleven'", {"finding_shows_its_evidence"}),
        ("update reconciled.int_charges__classified set bucket = null", {"every_charge_is_in_a_bucket"}),
        ("update reconciled.int_charges__classified set charge_id = 'c2'", {"every_charge_is_classified_once"}),
        ("delete from reconciled.int_charges__classified", {"every_charge_is_classified_once"}),
        ("update reconciled.int_conservation set is_conserved = false", {"erp_lines_are_conserved"}),
        ("update reconciled.int_conservation set unexplained_total = 0.01", {"nothing_is_unexplained"}),
    ],
)
def test_each_broken_identity_refuses(database, month, judge, change, expected):
    database.execute(change)
    verdict = judge(*reconciled.suites())
    assert {item.item_id.partition(".")[2] for item in verdict.blocking} == expected


def test_money_without_a_rate_is_told_with_its_price_and_does_not_refuse(database, month, judge):
    database.execute("update reconciled.int_reconciliation set difference_usd = null")
    verdict = judge(*reconciled.suites())
    assert verdict.passed
    assert [item.observed for item in verdict.items if not item.passed] == ["1 of 1 for USD 10"]


def test_a_refusal_names_the_bucket_that_would_release_it(database, month, judge):
    database.execute("update reconciled.int_reconciliation set bucket = 'UNEXPLAINED'")
    reason = judge(*reconciled.suites()).refused_reason
    assert "TIMING" in reason
    assert "DISPUTE" in reason


def suite_of(mart):
    return next(suite for suite in marts.suites() if suite.relation == f"marts.{mart}")


@pytest.fixture
def conservation(database):
    """One provider invoice in the mart, and a findings mart without rows."""
    database.execute("create schema marts; create table marts.fct_leak (class_code text, provider_invoice_id text)")
    row = SIDE | {
        "side": "provider",
        "provider": "aws",
        "close_period": "2026-10",
        "line_count": 1,
        "header_total": 100,
        "tolerance": 1,
    }
    create(database, "marts.fct_conservation", row)


def test_a_mart_that_keeps_its_promise_passes(conservation, judge):
    assert failed(judge(suite_of("fct_conservation"))) == set()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            "alter table marts.fct_conservation rename column tolerance to allowed",
            {"columns_are_there", "header_is_met_or_explained", "header_is_met"},
        ),
        ("insert into marts.fct_conservation from marts.fct_conservation", {"row_is_one"}),
        ("update marts.fct_conservation set line_count = null", {"what_must_be_known_is"}),
        ("update marts.fct_conservation set bucket_total = 90", {"lines_are_in_buckets"}),
        ("update marts.fct_conservation set header_total = 130", {"header_is_met_or_explained"}),
    ],
)
def test_each_broken_promise_of_a_mart_refuses(database, conservation, judge, change, expected):
    database.execute(change)
    assert {item.item_id.split(".")[-1] for item in judge(suite_of("fct_conservation")).blocking} == expected


def test_a_header_that_differs_is_released_by_the_finding_that_names_it(database, conservation, judge):
    database.execute("update marts.fct_conservation set header_total = 130")
    database.execute("insert into marts.fct_leak values ('EX11', 'F1')")
    verdict = judge(suite_of("fct_conservation"))
    assert verdict.passed
    assert failed(verdict) == {("warn", "fct_conservation.header_is_met")}


@pytest.mark.parametrize("spoil", ["alter table {} drop column class_pt", "update {} set class_es = null"])
def test_a_leak_class_without_its_spanish_or_portuguese_name_is_refused(database, judge, spoil):
    mart = next(each for each in PROMISED if each.name == "dim_leak_class")
    database.execute("create schema marts")
    create(database, "marts.dim_leak_class", dict.fromkeys(mart.columns.split(), "said"))
    assert judge(suite_of("dim_leak_class")).passed
    database.execute(spoil.format("marts.dim_leak_class"))
    assert not judge(suite_of("dim_leak_class")).passed


def test_a_total_that_changed_on_the_way_to_the_mart_is_refused(database, judge):
    database.execute("create schema focus; create schema marts")
    create(database, "marts.fct_provider_charge", {"charge_id": "c1"})
    create(
        database,
        "focus.gate_mart_conservation",
        {"source": "aws_cur", "focus_charges": 2, "mart_charges": 1, "focus_total": 3, "mart_total": 2},
    )
    assert ("block", "fct_provider_charge.total_is_the_charges") in failed(judge(suite_of("fct_provider_charge")))
