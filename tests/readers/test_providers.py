"""The providers' own formats, as published and as documented."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

import pytest

from orchestration.readers import Dialect
from orchestration.settings import samples

FORMATS = samples() / "formats"
CUR, INVOICE, USAGE, GCP, FOCUS = (
    "aws_cur/lines",
    "microsoft_csp_invoice/lines",
    "microsoft_csp_usage/lines",
    "gcp_billing/lines",
    "focus/lines",
)


# AWS


def test_both_generations_of_the_aws_report_become_the_same_columns(deliver: Callable) -> None:
    new = deliver(CUR, {"new.csv": FORMATS / "aws_cur" / "sample-cur20.csv"})
    old = deliver(CUR, {"old.csv": FORMATS / "aws_cur" / "sample-legacy-csv.csv"})
    assert new.frame.drop("_source_file").equals(old.frame.drop("_source_file"))
    assert new.report.files[0].amount_totals == {"USD": Decimal("0.0652")}  # as published
    assert new.report.unknown_columns == ()


def test_what_an_absent_aws_column_means_is_filled_in_and_said(deliver: Callable) -> None:
    read = deliver(CUR, {"cur.csv": FORMATS / "aws_cur" / "sample-cur20.csv"})
    assert set(read.column("line_item_line_item_type")) == {"Usage"}
    assert set(read.column("line_item_currency_code")) == {"USD"}
    assert any("no column line_item_currency_code; every row reads 'USD'" in note for note in read.report.notes)


def test_an_aws_column_that_is_there_but_empty_is_not_absent(refused: Callable) -> None:
    [fault] = refused(
        CUR,
        {
            "cur.csv": "lineItem/UsageAccountId,lineItem/UnblendedCost,lineItem/CurrencyCode,lineItem/LineItemType\n1,2,,Usage\n"
        },
    )
    assert (fault.line, fault.column) == (2, "line_item_currency_code")


@pytest.mark.parametrize(
    ("file", "rows", "total"),
    [
        ("2022-07-01-alt-columns.csv", 2, "USD 0"),
        ("2023-06-01.csv", 3, "NOK 30"),
        ("2023-06-01-not-final.csv", 3, "NOK 30"),
        ("koku-local-1.csv.gz", 13380, "USD 143227.763678187602"),
    ],
)
def test_the_header_variants_of_the_aws_report_are_read(deliver: Callable, file: str, rows: int, total: str) -> None:
    read = deliver(CUR, {file: FORMATS / "aws_cur" / "koku" / file})
    currency, amount = total.split()
    assert read.report.rows == rows
    assert read.report.files[0].amount_totals == {currency: Decimal(amount)}
    assert not any(isinstance(value, str) and value == "NULL" for value in read.column("bill_invoice_id"))


def test_an_aws_report_with_one_header_too_many_is_refused_with_its_lines(refused: Callable) -> None:
    faults = refused(CUR, {"test_cur.csv": FORMATS / "aws_cur" / "koku" / "test_cur.csv"})
    assert faults[0].line == 2
    assert faults[0].reason == "the row has 130 cells where the header has 131"


def test_aws_reports_of_months_with_different_columns_are_united_by_name(deliver: Callable) -> None:
    folder = FORMATS / "aws_cur"
    read = deliver(CUR, {"a": folder / "sample-cur20.csv", "b": folder / "koku" / "2023-06-01.csv"})
    assert read.report.rows == 7
    assert "no_tags_user_app" in read.report.unknown_columns


def test_text_nulls_of_athena_are_nulls(deliver: Callable) -> None:
    read = deliver(
        CUR,
        {"cur.csv": "line_item_usage_account_id,line_item_unblended_cost,bill_invoice_id\n1,2,\\N\n1,2,NULL\n1,2,\n"},
    )
    assert read.column("bill_invoice_id") == [None, None, None]


def test_long_decimals_are_rounded_half_to_even_and_counted(deliver: Callable) -> None:
    costs = "0.00377554707705832", "0.0000000000005", "1.5"
    read = deliver(
        CUR,
        {"cur.csv": "line_item_usage_account_id,line_item_unblended_cost\n" + "".join(f"1,{cost}\n" for cost in costs)},
    )
    assert read.column("line_item_unblended_cost") == [Decimal("0.003775547077"), Decimal(0), Decimal("1.5")]
    assert any("2 values of line_item_unblended_cost" in note for note in read.report.notes)


# Microsoft

INVOICE_HEAD = "PartnerId,CustomerId,SkuId,ChargeType,Subtotal,TaxTotal,Currency,PCToBCExchangeRate,OrderDate,ChargeStartDate,ChargeEndDate,Tier2MpnId"


def test_a_partner_center_csv_with_every_documented_quirk(deliver: Callable) -> None:
    rows = [
        "p,c,'0001,New,'22.000000000000000000,'0E-20,EUR,0.846202666,10/3/2020,9/1/2020,9/30/2020,0",
        "p,c,0001,new,-3.87,0,EUR,0.846202666,10/3/2020 14:05:00,9/1/2020,9/30/2020,-1",
        INVOICE_HEAD,
        "p,c,000B,NEW,1,0,EUR,1,10/13/2020,9/11/2020,9/30/2020,6048879",
    ]
    read = deliver(INVOICE, {"recon.csv": b"\xef\xbb\xbf" + "\r\n".join([INVOICE_HEAD, *rows, ""]).encode()})
    assert read.column("subtotal") == [Decimal(22), Decimal("-3.87"), Decimal(1)]
    assert read.column("tax_total") == [0, 0, 0]
    assert read.column("charge_type") == ["New", "new", "NEW"], "the provider's words are kept untouched"
    assert read.column("sku_id") == ["0001", "0001", "000B"]
    assert read.column("reseller_mpn_id") == ["0", "-1", "6048879"]
    assert read.column("pc_to_bc_exchange_rate")[0] == Decimal("0.846202666")
    assert [str(at) for at in read.column("order_date")] == [
        "2020-10-03 00:00:00",
        "2020-10-03 14:05:00",
        "2020-10-13 00:00:00",
    ]
    assert [str(day) for day in read.column("charge_end_date")] == ["2020-09-30"] * 3
    assert read.column("_source_row") == [1, 2, 4]
    assert any("repeated at line 4" in note for note in read.report.notes)


def test_a_partner_center_csv_saved_by_a_latin_american_excel_needs_its_dialect(
    refused: Callable, deliver: Callable
) -> None:
    content = f'{INVOICE_HEAD}\np,c,0001,New,"22,50",0,EUR,1,13/10/2020,13/9/2020,30/9/2020,0\n'
    faults = refused(INVOICE, {"recon.csv": content})
    assert {fault.column for fault in faults} == {"subtotal", "order_date", "charge_start_date", "charge_end_date"}
    read = deliver(INVOICE, {"recon.csv": content}, Dialect(decimal=",", date_order="DMY"))
    assert read.column("subtotal") == [Decimal("22.5")]
    assert [str(day) for day in read.column("charge_start_date")] == ["2020-09-13"]


def test_the_documented_api_specimens_are_read(deliver: Callable) -> None:
    folder = FORMATS / "microsoft_csp"
    read = deliver(
        INVOICE,
        {
            "a": folder / "docs_specimen_2021_NCE_OneTimeInvoiceLineItem.jsonl",
            "b": folder / "docs_specimen_OneTimeInvoiceLineItem.jsonl",
        },
    )
    assert read.report.rows == 8
    assert read.column("product_qualifiers")[0] == '["AddOn","Trial"]'
    assert str(read.column("order_date")[0]) == "2021-05-20 18:30:06.604569"
    assert set(read.column("attributes_object_type")) == {"OneTimeInvoiceLineItem"}
    usage = deliver(USAGE, {"u": folder / "docs_specimen_DailyRatedUsageLineItem.jsonl"})
    assert usage.report.rows == 6
    assert usage.column("unit")[0] == "1 Hour"  # the API calls it unitOfMeasure


def test_json_numbers_keep_every_digit(deliver: Callable) -> None:
    line = '{"customerId":"c","currency":"USD","subtotal":123456789012.123456789012,"unitPrice":1E-7,"mpnId":12345678901234567890,"discountDetails":[{"a":1.10}]}'
    read = deliver(INVOICE, {"part.json": line + "\n"})
    assert read.column("subtotal") == [Decimal("123456789012.123456789012")]
    assert read.column("unit_price") == [Decimal("0.0000001")]
    assert read.column("mpn_id") == ["12345678901234567890"]
    assert read.column("discount_details") == ['[{"a":1.10}]']


def test_json_parts_with_different_keys_are_united_by_name(deliver: Callable) -> None:
    one = '{"currency":"USD","subtotal":1,"new":true}\n\n{"Currency":"USD","subtotal":"2"}\n'
    read = deliver(INVOICE, {"part-0.json": one, "part-1.json": '{"currency":"USD","subtotal":3,"partnerId":"p"}\n'})
    assert read.frame.select("subtotal", "new", "partner_id", "_source_row").rows() == [
        (Decimal(1), "true", None, 1),
        (Decimal(2), None, None, 3),
        (Decimal(3), None, "p", 1),
    ]


def test_a_key_that_json_leaves_out_is_absent_and_a_null_is_empty(deliver: Callable) -> None:
    lines = [
        '{"cost":1,"currency":"USD"}',
        '{"cost":1,"currency":"USD","credits":null}',
        '{"cost":1,"currency":"USD","credits":[{"amount":-1}]}',
    ]
    assert deliver(GCP, {"gcp.jsonl": "\n".join(lines)}).column("credits") == ["[]", None, '[{"amount":-1}]']


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('{"currency":"USD","subtotal":1}\n{"currency":"USD","subto', 2),
        ('{"currency":"USD","subtotal":1}\n[1]\n', 2),
        ('[{"currency":"USD"}]', 1),
        ('{"currency":"USD","subtotal":"x"}\n', 1),
        ('{"currency":"USD","subtotal":1}\n{"currency":"USD"}\n', 2),
        ("{" * 100_000, 1),
        ("", None),
    ],
)
def test_broken_json_lines_are_refused_with_their_line(refused: Callable, content: str, line: int | None) -> None:
    assert refused(INVOICE, {"part.json": content})[0].line == line


# Google


def test_the_published_google_exports_are_read(deliver: Callable) -> None:
    folder = FORMATS / "gcp_billing"
    new = deliver(GCP, {"new.csv": folder / "finops_agent_sample_billing_data_first_100_rows.csv"})
    assert new.report.rows == 100
    assert new.column("service_id")[0]
    assert json.loads(new.column("credits")[0])[0]["amount"]
    for file in ("202011_2020-11-08_2020-11-11.csv", "2022-08-01_5.csv"):
        assert deliver(GCP, {file: folder / "koku" / file}).column("project_id")[0]


def test_credits_written_as_a_python_literal_become_json_with_the_same_digits(deliver: Callable) -> None:
    written = "\"[{'name': \"\"it's\"\", 'amount': -5e-06, 'full_name': None}, {'amount': 1.10}]\""
    read = deliver(GCP, {"gcp.csv": f"cost,currency,credits\n1,USD,{written}\n1,USD,[]\n"})
    assert read.column("credits") == [
        '[{"name": "it\'s", "amount": -5e-06, "full_name": null}, {"amount": 1.10}]',
        "[]",
    ]


def test_credits_that_are_not_json_are_refused_with_their_line(refused: Callable) -> None:
    [fault] = refused(GCP, {"gcp.csv": "cost,currency,credits\n1,USD,[]\n1,USD,see invoice\n"})
    assert (fault.line, fault.column, fault.reason) == (3, "credits", "is not JSON")


def test_nested_fields_are_found_as_json_text_flattened_or_in_json_lines(deliver: Callable) -> None:
    item = {
        "cost": 1,
        "currency": "USD",
        "service": {"id": "6F81", "description": "Compute"},
        "usage": {"amount": 0.5},
        "labels": [{"key": "a", "value": "b"}],
    }
    lines = deliver(GCP, {"gcp.jsonl": json.dumps(item)})
    flat = deliver(
        GCP,
        {
            "gcp.csv": 'cost,currency,service.id,service.description,usage.amount,labels\n1,USD,6F81,Compute,0.5,"[{""key"":""a"",""value"":""b""}]"\n'
        },
    )
    text = deliver(
        GCP,
        {
            "gcp.csv": 'cost,currency,service,usage,labels\n1,USD,"{""id"":""6F81"",""description"":""Compute""}","{""amount"": 0.5}","[{""key"":""a"",""value"":""b""}]"\n'
        },
    )
    for read in (lines, flat, text):
        assert read.frame.select("cost", "service_id", "service_description", "usage_amount", "labels").rows() == [
            (Decimal(1), "6F81", "Compute", Decimal("0.5"), '[{"key":"a","value":"b"}]')
        ]


# FOCUS


def test_the_published_focus_sample_is_read(deliver: Callable) -> None:
    read = deliver(FOCUS, {"focus.csv": samples() / "inbox" / "focus" / "2024-09" / "focus_sample.csv"})
    assert read.report.rows == 1000
    assert read.report.files[0].amount_totals == {"USD": Decimal("20.52022672899")}
    assert "NULL" not in read.column("charge_class")
    assert str(read.column("billing_period_start")[0]) == "2024-09-01 00:00:00"
    assert read.report.unknown_columns == ()
    assert "invoice_id" in read.report.absent_columns  # since 1.2


def test_focus_extensions_are_kept_as_text(deliver: Callable) -> None:
    read = deliver(
        FOCUS,
        {"focus.csv": "BilledCost,BillingCurrency,ProviderName,ChargeCategory,x_Operation\n1,USD,AWS,Usage,Run\n"},
    )
    assert read.report.unknown_columns == ("x_operation",)
