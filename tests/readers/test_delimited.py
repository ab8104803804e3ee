"""What senders do to a CSV file, and what is made of it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from orchestration.readers import Dialect
from orchestration.readers import delimited as delimited_module

HEADERS = "provider_invoices/headers"
HEAD = "provider,invoice_id,billing_account_id,issued_on,currency,net_total,tax_total,total"
ROW = "aws,INV1,0123,2026-10-08,USD,100.00,18.00,118.00"

CRM = "crm/customers"
CUSTOMERS = "customer_id,legal_name,country,fiscal_id,status"


def test_a_plain_file_becomes_typed_columns_with_their_provenance(deliver: Callable) -> None:
    read = deliver(HEADERS, {"headers.csv": f"{HEAD}\n{ROW}\naws,INV2,0123,2026-10-08,USD,0.10,0.20,0.30\n"})
    assert read.column("total") == [Decimal("118"), Decimal("0.3")]
    assert read.column("billing_account_id") == ["0123", "0123"]
    assert read.column("due_on") == [None, None]
    assert read.column("_source_row") == [1, 2]
    assert read.column("_source_file") == ["headers.csv"] * 2
    assert set(read.column("_delivery_sha256")) == {"a" * 64}
    assert read.report.files[0].amount_totals == {"USD": Decimal("118.3")}  # 118.00 + 0.30
    assert "due_on" in read.report.absent_columns
    assert [str(dtype) for dtype in read.frame.select("total", "issued_on", "_source_row").dtypes] == [
        "Decimal(precision=38, scale=12)",
        "Date",
        "Int64",
    ]


def test_byte_order_mark_and_windows_line_ends_are_no_part_of_the_data(deliver: Callable) -> None:
    read = deliver(HEADERS, {"headers.csv": b"\xef\xbb\xbf" + f"{HEAD}\r\n{ROW}\r\n".encode()})
    assert read.column("provider") == ["aws"]
    assert read.column("total") == [Decimal("118")]
    assert read.report.unknown_columns == ()


def test_a_file_without_a_last_line_end_keeps_its_last_row(deliver: Callable) -> None:
    assert deliver(HEADERS, {"headers.csv": f"{HEAD}\n{ROW}"}).report.rows == 1


def test_a_file_with_only_a_header_is_a_delivery_of_no_rows(deliver: Callable) -> None:
    read = deliver(HEADERS, {"headers.csv": HEAD})
    assert read.report.rows == 0
    assert str(read.frame.schema["total"]) == "Decimal(precision=38, scale=12)"


def test_columns_are_found_by_name_in_any_order_and_spelling(deliver: Callable) -> None:
    head = "Total,taxTotal,NET TOTAL,currency,IssuedOn,billing-account-id,Invoice.Id,PROVIDER"
    read = deliver(HEADERS, {"headers.csv": f"{head}\n118,18,100,USD,2026-10-08,0123,INV1,aws\n"})
    assert read.frame.select("provider", "total", "tax_total").rows() == [("aws", Decimal(118), Decimal(18))]


def test_unknown_columns_are_kept_as_text_and_reported(deliver: Callable) -> None:
    read = deliver(HEADERS, {"headers.csv": f"{HEAD},Centro de Costo,x\n{ROW},0042,1.50\n"})
    assert read.report.unknown_columns == ("centro_de_costo", "x")
    assert read.column("centro_de_costo") == ["0042"]
    assert read.column("x") == ["1.50"]
    assert read.frame.columns[-5:] == ["centro_de_costo", "x", "_source_file", "_source_row", "_delivery_sha256"]


def test_two_headers_for_one_money_column_are_refused(refused: Callable) -> None:
    [fault] = refused(HEADERS, {"headers.csv": f"{HEAD},Total\n{ROW},5\n"})
    assert (fault.line, fault.column) == (1, "total")


def test_files_with_different_columns_are_united_by_name(deliver: Callable) -> None:
    second = "total,tax_total,net_total,currency,issued_on,billing_account_id,invoice_id,provider,region"
    read = deliver(
        HEADERS,
        {"a.csv": f"{HEAD},tag\n{ROW},t\n", "b.csv": f"{second}\n118,18,100,USD,2026-10-08,0123,INV2,aws,sa-east-1\n"},
    )
    assert read.frame.select("invoice_id", "tag", "region").rows() == [("INV1", "t", None), ("INV2", None, "sa-east-1")]
    assert read.report.unknown_columns == ("tag", "region")


def test_identifiers_keep_their_leading_zeros_and_every_digit(deliver: Callable) -> None:
    row = "000123,Ñandú,CL,76.123.456-K,active\n12345678901234567890,X,PE,00000000000000000020,active"
    read = deliver(CRM, {"customers.csv": f"{CUSTOMERS}\n{row}\n"})
    assert read.column("customer_id") == ["000123", "12345678901234567890"]
    assert read.column("fiscal_id") == ["76.123.456-K", "00000000000000000020"]


def test_a_closed_list_is_compared_without_case_and_stored_in_the_contracts_words(deliver: Callable) -> None:
    read = deliver(CRM, {"customers.csv": f"{CUSTOMERS}\nC1,X,PE,20,ACTIVE\nC2,Y,PE,21,Internal\n"})
    assert read.column("status") == ["active", "internal"]


def test_a_word_outside_a_closed_list_is_refused_with_its_line(refused: Callable) -> None:
    [fault] = refused(CRM, {"customers.csv": f"{CUSTOMERS}\nC1,X,PE,20,active\nC2,Y,PE,21,gone\n"})
    assert (fault.line, fault.column, fault.value) == (3, "status", "gone")


def test_the_words_null_and_na_are_data_in_a_canonical_file(deliver: Callable) -> None:
    assert deliver(CRM, {"customers.csv": f"{CUSTOMERS}\nC1,NULL,PE,20,active\n"}).column("legal_name") == ["NULL"]


def test_a_missing_required_value_is_refused_with_its_line(refused: Callable) -> None:
    faults = refused(
        CRM, {"customers.csv": f'{CUSTOMERS}\nC1,X,PE,20,active\nC2,"  ",PE,21,active\nC3,"",PE,22,active\n'}
    )
    assert [(fault.line, fault.column) for fault in faults] == [(3, "legal_name"), (4, "legal_name")]


def test_a_missing_required_column_is_refused(refused: Callable) -> None:
    [fault] = refused(CRM, {"customers.csv": "customer_id,legal_name,country,status\nC1,X,PE,active\n"})
    assert (fault.line, fault.column) == (1, "fiscal_id")


def test_a_file_of_another_table_is_refused_as_such(refused: Callable) -> None:
    [fault] = refused(CRM, {"customers.csv": "a,b,c\n1,2,3\n"})
    assert "none of the columns" in fault.reason


def test_a_header_repeated_in_the_middle_is_dropped_and_noted_with_its_line(deliver: Callable) -> None:
    read = deliver(HEADERS, {"headers.csv": f"{HEAD}\n{ROW}\n{HEAD}\n{ROW.replace('INV1', 'INV2')}\n"})
    assert read.column("invoice_id") == ["INV1", "INV2"]
    assert read.column("_source_row") == [1, 3], "the repeated header still counts as a physical row"
    assert read.report.rows == 2
    assert any("repeated at line 3" in note for note in read.report.notes)


def test_blank_lines_are_dropped_noted_and_counted(deliver: Callable) -> None:
    read = deliver(HEADERS, {"headers.csv": f"{HEAD}\n\n{ROW}\n,,,,,,,\n\n"})
    assert read.column("_source_row") == [2]
    assert any("3 blank lines" in note for note in read.report.notes)


def test_faults_carry_the_real_line_behind_quoted_line_breaks(refused: Callable) -> None:
    body = 'C1,"two\nlines",PE,20,active\nC2,"three\n\nlines",PE,21,active\nC3,Z,PE,22,wrong\n'
    [fault] = refused(CRM, {"customers.csv": f"{CUSTOMERS}\n{body}"})
    assert (fault.line, fault.value) == (7, "wrong")  # header 1, C1 on 2-3, C2 on 4-6


def test_quoted_line_breaks_and_doubled_quotes_stay_in_the_cell(deliver: Callable) -> None:
    read = deliver(CRM, {"customers.csv": f'{CUSTOMERS}\nC1,"a ""b""\nc, d",PE,20,active\nC2,Y,PE,21,active\n'})
    assert read.column("legal_name") == ['a "b"\nc, d', "Y"]
    assert read.column("_source_row") == [1, 2]


@pytest.mark.parametrize(("row", "cells"), [("aws,INV2,0123", 3), (f"{ROW},1,2", 10)])
def test_a_row_with_too_few_or_too_many_cells_is_refused_with_its_line(refused: Callable, row: str, cells: int) -> None:
    [fault] = refused(HEADERS, {"headers.csv": f"{HEAD}\n{ROW}\n{row}\n{ROW}\n"})
    assert fault.line == 3
    assert f"{cells} cells where the header has 8" in fault.reason


def test_a_short_row_is_seen_even_where_its_missing_cells_are_optional(refused: Callable) -> None:
    [fault] = refused(HEADERS, {"headers.csv": f'{HEAD},due_on,note\n{ROW},2026-11-08,"a, b"\n{ROW},2026-11-08\n'})
    assert (fault.line, fault.reason) == (3, "the row has 9 cells where the header has 10")


def test_a_quote_that_never_closes_is_refused_with_its_line(refused: Callable) -> None:
    [fault] = refused(
        CRM, {"customers.csv": f'{CUSTOMERS}\nC1,X,PE,20,active\nC2,"Y,PE,21,active\nC3,Z,PE,22,active\n'}
    )
    assert fault.line == 3


def test_a_quotation_mark_inside_an_unquoted_cell_is_refused_with_its_line(refused: Callable) -> None:
    [fault] = refused(CRM, {"customers.csv": f'{CUSTOMERS}\nC1,X,PE,20,active\nC2,tubo 5" x 3,PE,21,active\n'})
    assert fault.line == 3


def test_a_cell_of_a_million_characters_is_kept_whole(deliver: Callable) -> None:
    long = "x" * 1_000_000
    assert deliver(CRM, {"customers.csv": f"{CUSTOMERS}\nC1,{long},PE,20,active\n"}).column("legal_name") == [long]


def test_a_record_without_end_is_refused_before_memory_runs_out(
    refused: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited_module, "PIECE", 1000)
    monkeypatch.setattr(delimited_module, "LONGEST_RECORD", 5000)
    content = f'{CUSTOMERS}\nC1,"' + "line\n" * 5_000_000
    [fault] = refused(CRM, {"customers.csv": content})
    assert "longer than" in fault.reason


def test_pieces_are_cut_between_records_wherever_the_line_breaks_are(
    deliver: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited_module, "PIECE", 64)
    monkeypatch.setattr("orchestration.readers.streams.BLOCK", 16)
    rows = [f'C{n},"name {n}\n""{n}"", SA",PE,{n},active' for n in range(200)]
    read = deliver(CRM, {"customers.csv": "\n".join([CUSTOMERS, *rows])})
    assert read.column("legal_name") == [f'name {n}\n"{n}", SA' for n in range(200)]
    assert read.column("_source_row") == list(range(1, 201))


def test_decimal_comma_without_a_dialect_is_refused_and_the_remedy_names_the_dialect(refused: Callable) -> None:
    [fault] = refused(HEADERS, {"headers.csv": f'{HEAD}\n{ROW}\naws,INV2,0123,2026-10-08,USD,"1.234,56",0,1\n'})
    assert (fault.line, fault.column, fault.value) == (3, "net_total", "1.234,56")
    assert "dialect.toml" in fault.remedy


def test_day_month_order_without_a_dialect_is_refused_and_the_remedy_names_the_dialect(refused: Callable) -> None:
    [fault] = refused(HEADERS, {"headers.csv": f"{HEAD}\n{ROW.replace('2026-10-08', '08/10/2026')}\n"})
    assert (fault.line, fault.column) == (2, "issued_on")
    assert "date_order" in fault.remedy and "dialect.toml" in fault.remedy


def test_a_declared_dialect_is_followed(deliver: Callable) -> None:
    dialect = Dialect(delimiter=";", decimal=",", thousands=".", date_order="DMY", encoding="cp1252")
    head = HEAD.replace(",", ";") + ";Descripción"
    read = deliver(
        HEADERS,
        {"headers.csv": f"{head}\naws;INV1;0123;08/10/2026;USD;1.234.567,89;-0,5;1234567,39;Año\n".encode("cp1252")},
        dialect,
    )
    assert read.column("net_total") == [Decimal("1234567.89")]
    assert read.column("tax_total") == [Decimal("-0.5")]
    assert [str(day) for day in read.column("issued_on")] == ["2026-10-08"]
    assert read.column("descripción") == ["Año"]


def test_semicolons_without_a_dialect_are_refused_and_the_remedy_shows_the_setting(refused: Callable) -> None:
    [fault] = refused(HEADERS, {"headers.csv": f"{HEAD}\n{ROW}\n".replace(",", ";")})
    assert 'delimiter = ";"' in fault.remedy


def test_text_that_is_not_utf8_is_refused_with_its_line(refused: Callable) -> None:
    [fault] = refused(
        CRM, {"customers.csv": f"{CUSTOMERS}\nC1,X,PE,20,active\nC2,Ñandú,PE,21,active\n".encode("cp1252")}
    )
    assert fault.line == 3
    assert "cp1252" in fault.remedy


def test_utf16_from_excel_is_refused_until_declared(refused: Callable, deliver: Callable) -> None:
    content = f"{CUSTOMERS}\nC1,Ñandú,PE,20,active\n".encode("utf-16")
    [fault] = refused(CRM, {"customers.csv": content})
    assert 'encoding = "utf-16"' in fault.remedy
    assert deliver(CRM, {"customers.csv": content}, Dialect(encoding="utf-16")).column("legal_name") == ["Ñandú"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(refused: Callable, content: bytes) -> None:
    [fault] = refused(CRM, {"customers.csv": content})
    assert "empty" in fault.reason


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"\x1f\x8brest", b"PAR1rest"])
def test_another_format_under_the_name_of_a_csv_is_refused(refused: Callable, content: bytes) -> None:
    [fault] = refused(CRM, {"customers.csv": content})
    assert "under the name of a text file" in fault.reason


def test_every_fault_of_every_file_is_reported_at_once(refused: Callable) -> None:
    files = {"a.csv": f"{CUSTOMERS}\nC1,X,PE,20,gone\n", "b.csv": f"{CUSTOMERS}\nC1,,PE,20,active\nC2,Y,PE,21,away\n"}
    faults = refused(CRM, files)
    assert {(fault.file, fault.line, fault.column) for fault in faults} == {
        ("a.csv", 2, "status"),
        ("b.csv", 2, "legal_name"),
        ("b.csv", 3, "status"),
    }


def test_faults_before_the_place_where_a_file_stops_parsing_are_reported_too(
    refused: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited_module, "PIECE", 64)
    monkeypatch.setattr("orchestration.readers.streams.BLOCK", 16)
    monkeypatch.setattr(delimited_module, "START", 16)
    rows = ["C1,X,PE,20,gone", *(f"C{n},X,PE,{n},active" for n in range(2, 50)), "C50,X"]
    faults = refused(CRM, {"customers.csv": "\n".join([CUSTOMERS, *rows])})
    assert [(fault.line, fault.column) for fault in faults] == [(2, "status"), (51, None)]


def test_a_thousand_faults_are_shown_as_some_and_a_count(refused: Callable) -> None:
    rows = "\n".join(f"C{n},X,PE,{n},gone" for n in range(1000))
    faults = refused(CRM, {"customers.csv": f"{CUSTOMERS}\n{rows}\n"})
    assert len(faults) == 21
    assert "980 more" in faults[-1].reason
