"""Parquet and Excel: formats that bring types of their own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest
import xlsxwriter

from orchestration.errors import InputUnusable
from orchestration.readers import Dialect, load_dialect

CUR, GCP, CRM, HEADERS = "aws_cur/lines", "gcp_billing/lines", "crm/customers", "provider_invoices/headers"


def parquet(frame: pl.DataFrame) -> bytes:
    """A Parquet file in memory."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def test_doubles_are_read_by_their_shortest_decimal_text(deliver: Callable) -> None:
    costs = [0.1, 2.3198314011096954e-05, 1e16, -0.0]
    frame = pl.DataFrame({"line_item_usage_account_id": ["1"] * 4, "line_item_unblended_cost": costs})
    read = deliver(CUR, {"cur.parquet": parquet(frame)})
    assert read.column("line_item_unblended_cost") == [Decimal("0.1"), Decimal("0.000023198314"), Decimal(10**16), 0]
    assert any("1 values of line_item_unblended_cost" in note for note in read.report.notes)


def test_decimals_of_any_scale_are_kept_exactly(deliver: Callable) -> None:
    short, long = ["1.10"], ["0.00000000000050000001"]
    frame = pl.DataFrame(
        {
            "line_item_usage_account_id": ["1"],
            "line_item_unblended_cost": pl.Series(short).cast(pl.Decimal(38, 9)),
            "line_item_blended_cost": pl.Series(long).cast(pl.Decimal(38, 20)),
        }
    )
    read = deliver(CUR, {"cur.parquet": parquet(frame)})
    assert read.column("line_item_unblended_cost") == [Decimal("1.1")]
    assert read.column("line_item_blended_cost") == [Decimal("0.000000000001")]
    assert any("1 values of line_item_blended_cost" in note for note in read.report.notes)


def test_times_with_a_zone_become_utc_and_numbers_as_ids_become_text(deliver: Callable) -> None:
    frame = pl.DataFrame(
        {
            "line_item_usage_account_id": [123456789012],
            "line_item_unblended_cost": [1],
            "line_item_usage_start_date": pl.Series([datetime(2026, 9, 1, 5, tzinfo=UTC)])
            .dt.convert_time_zone("America/Lima")
            .dt.cast_time_unit("ns"),
            "bill_billing_period_start_date": [date(2026, 9, 1)],
        }
    )
    read = deliver(CUR, {"cur.parquet": parquet(frame)})
    assert read.column("line_item_usage_account_id") == ["123456789012"]
    assert read.column("line_item_usage_start_date") == [datetime(2026, 9, 1, 5)]
    assert read.column("bill_billing_period_start_date") == [datetime(2026, 9, 1)]


def test_nested_parquet_is_flattened_and_arrays_are_json_text(deliver: Callable) -> None:
    frame = pl.DataFrame(
        {
            "cost": [Decimal("1.5"), Decimal("2.5")],
            "currency": ["USD", "USD"],
            "service": [{"id": "6F81", "description": "Compute"}, None],
            "invoice": [{"month": "202609"}, {"month": "202609"}],
            "credits": [[{"name": "x", "amount": -0.5}], []],
            "extra": [{"a": [1, 2]}, None],
        }
    )
    read = deliver(GCP, {"gcp.parquet": parquet(frame)})
    assert read.frame.select("service_id", "invoice_month", "credits", "extra").rows() == [
        ("6F81", "202609", '[{"name":"x","amount":-0.5}]', '{"a":[1,2]}'),
        (None, "202609", "[]", None),
    ]


def test_maps_are_json_objects_and_bytes_are_text(deliver: Callable, tmp_path: Path) -> None:
    path = tmp_path / "cur2.parquet"
    rows = "select '1' line_item_usage_account_id, 1.5 line_item_unblended_cost, map{'user_app': 'web'} resource_tags, "
    rows += "'2026-09-01 00:00:00'::timestamp_ns bill_billing_period_start_date, 'abc'::blob mine, 7::hugeint wide"
    duckdb.sql(f"copy ({rows}) to '{path}'")
    read = deliver(CUR, {"cur.parquet": path})
    assert read.frame.select("resource_tags", "mine", "wide").rows() == [('{"user_app":"web"}', "abc", "7")]
    assert read.column("bill_billing_period_start_date") == [datetime(2026, 9, 1)]


def test_a_type_that_polars_cannot_read_is_refused(refused: Callable, tmp_path: Path) -> None:
    path = tmp_path / "odd.parquet"
    duckdb.sql(
        f"copy (select '1' line_item_usage_account_id, 1.5 line_item_unblended_cost, interval 1 day x) to '{path}'"
    )
    [fault] = refused(CUR, {"cur.parquet": path})
    assert "not a readable Parquet file" in fault.reason


def test_rows_are_numbered_across_slices(deliver: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.readers.columnar.ROWS", 7)
    frame = pl.DataFrame(
        {"line_item_usage_account_id": [str(n) for n in range(20)], "line_item_unblended_cost": [1] * 20}
    )
    read = deliver(CUR, {"cur.parquet": parquet(frame)})
    assert read.column("line_item_usage_account_id") == [str(n) for n in range(20)]
    assert read.column("_source_row") == list(range(1, 21))


def test_a_not_a_number_is_refused_with_its_row(refused: Callable) -> None:
    frame = pl.DataFrame({"line_item_usage_account_id": ["1", "1"], "line_item_unblended_cost": [1.0, float("nan")]})
    [fault] = refused(CUR, {"cur.parquet": parquet(frame)})
    assert (fault.line, fault.column, fault.value) == (2, "line_item_unblended_cost", "NaN")


@pytest.mark.parametrize("content", [b"", b"PAR1 no", parquet(pl.DataFrame({"a": [1]}))[:-20]])
def test_a_damaged_parquet_is_refused(refused: Callable, content: bytes) -> None:
    [fault] = refused(CUR, {"cur.parquet": content})
    assert "not a readable Parquet file" in fault.reason


def test_csv_and_parquet_parts_are_one_delivery(deliver: Callable) -> None:
    frame = pl.DataFrame({"line_item_unblended_cost": [0.25], "line_item_usage_account_id": ["2"], "mine": [7]})
    read = deliver(
        CUR, {"a.csv": "lineItem/UsageAccountId,lineItem/UnblendedCost\n1,0.50\n", "b.parquet": parquet(frame)}
    )
    assert read.frame.select("line_item_usage_account_id", "line_item_unblended_cost", "mine").rows() == [
        ("1", Decimal("0.5"), None),
        ("2", Decimal("0.25"), "7"),
    ]


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """An Excel workbook; dates are written as Excel dates."""
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


HEAD = ["provider", "invoice_id", "billing_account_id", "issued_on", "currency", "net_total", "tax_total", "total"]


def test_a_workbook_is_read_with_its_dates_and_exact_numbers(deliver: Callable, tmp_path: Path) -> None:
    rows = [
        HEAD,
        ["aws", "INV1", "0123", datetime(2026, 10, 8), "USD", 0.1, 0.2, 0.3],
        [],
        ["aws", "INV2", "0123", "2026-10-08", "USD", "1.5", 0, 1234567.89],
    ]
    read = deliver(HEADERS, {"headers.xlsx": workbook(tmp_path / "headers.xlsx", {"datos": rows})})
    assert read.column("total") == [Decimal("0.3"), Decimal("1234567.89")]
    assert read.column("issued_on") == [date(2026, 10, 8)] * 2
    assert read.column("billing_account_id") == ["0123", "0123"]
    assert read.column("_source_row") == [1, 3]


def test_a_workbook_fault_names_the_row_excel_shows(refused: Callable, tmp_path: Path) -> None:
    rows = [HEAD, ["aws", "INV1", "0123", "2026-10-08", "USD", 1, 0, "1.234,56"]]
    [fault] = refused(HEADERS, {"h.xlsx": workbook(tmp_path / "h.xlsx", {"datos": rows})})
    assert (fault.line, fault.column, fault.value) == (2, "total", "1.234,56")


def test_the_sheet_of_several_must_be_declared(refused: Callable, deliver: Callable, tmp_path: Path) -> None:
    book = workbook(
        tmp_path / "h.xlsx", {"notas": [["hola"]], "datos": [HEAD, ["aws", "INV1", "1", "2026-10-08", "USD", 1, 0, 1]]}
    )
    [fault] = refused(HEADERS, {"h.xlsx": book})
    assert "'notas', 'datos'" in fault.remedy
    assert deliver(HEADERS, {"h.xlsx": book}, Dialect(sheet="datos")).report.rows == 1


def test_an_excel_error_is_refused_with_its_cell(refused: Callable, tmp_path: Path) -> None:
    path = tmp_path / "h.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ["aws", "INV1", "1", "2026-10-08", "USD", 1, 0])
        sheet.write_formula(1, 7, "=1/0", None, "#DIV/0!")
    [fault] = refused(HEADERS, {"h.xlsx": path})
    assert (fault.line, fault.column) == (2, "H")


def test_an_id_typed_as_a_number_of_sixteen_digits_is_refused_because_excel_lost_some(
    refused: Callable, deliver: Callable, tmp_path: Path
) -> None:
    row = ["aws", "INV1", 123456789012345678, "2026-10-08", "USD", 1, 0, 1]
    [fault] = refused(HEADERS, {"h.xlsx": workbook(tmp_path / "h.xlsx", {"datos": [HEAD, row]})})
    assert (fault.line, fault.column) == (2, "C")
    row[2] = "123456789012345678"
    read = deliver(HEADERS, {"h.xlsx": workbook(tmp_path / "h.xlsx", {"datos": [HEAD, row]})})
    assert read.column("billing_account_id") == ["123456789012345678"]


def rewritten(path: Path, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return buffer.getvalue()


def test_a_workbook_with_xml_entities_is_refused(refused: Callable, tmp_path: Path) -> None:
    book = workbook(tmp_path / "h.xlsx", {"datos": [HEAD]})
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    content = rewritten(book, "xl/sharedStrings.xml", lambda xml: evil + xml.split(b"?>", 1)[1])
    [fault] = refused(HEADERS, {"h.xlsx": content})
    assert "XML entities" in fault.reason


def test_a_workbook_bomb_is_stopped_at_its_bound(
    refused: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.readers.streams.BOMB_FLOOR", 1 << 20)
    book = workbook(tmp_path / "h.xlsx", {"datos": [HEAD]})
    content = rewritten(book, "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * (8 << 20))
    [fault] = refused(HEADERS, {"h.xlsx": content})
    assert "unpacks to more than" in fault.reason


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04"])
def test_a_damaged_workbook_is_refused(refused: Callable, content: bytes) -> None:
    [fault] = refused(HEADERS, {"h.xlsx": content})
    assert "not a readable workbook" in fault.reason


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('decimal = ","\nthousands = ","', "same mark"),
        ('decimals = ","', "not a setting"),
        ('delimiter = "#"', "must be one of"),
        ('encoding = "klingon"', "not an encoding"),
        ("decimal = 5", "must be text"),
        ("decimal", "not TOML"),
    ],
)
def test_a_dialect_that_cannot_be_meant_is_refused(tmp_path: Path, content: str, problem: str) -> None:
    (tmp_path / "dialect.toml").write_text(content)
    with pytest.raises(InputUnusable, match=problem):
        load_dialect(tmp_path)


def test_a_dialect_is_declared_beside_the_files(tmp_path: Path) -> None:
    assert load_dialect(tmp_path) == Dialect()
    (tmp_path / "dialect.toml").write_text(
        'delimiter = ";"\ndecimal = ","\nthousands = "."\ndate_order = "DMY"\nencoding = "cp1252"\n'
    )
    assert load_dialect(tmp_path) == Dialect(";", ",", ".", "DMY", "cp1252")
