"""Explain repeats what is stored: what a thing is, in one sentence, and its way with file, line and hash."""

from __future__ import annotations

import hashlib
import io
import shutil
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from orchestration.console import explain, provenance, subject, trace
from orchestration.settings import Paths, samples

pytestmark = pytest.mark.long


def _ask(paths: Paths, query: str, *values: object) -> tuple:
    with duckdb.connect(str(paths.published / "cuadre.duckdb"), read_only=True) as marts:
        return marts.execute(query, list(values)).fetchone()


def _leak(paths: Paths, code: str) -> str:
    query = "select leak_id from marts.fct_leak where class_code = ? and close_period = '2024-09' order by leak_id"
    return _ask(paths, query, code)[0]


def _told(paths: Paths, identifier: str, **asked: str) -> dict[str, subject.Evidence]:
    return {evidence.kind: evidence for evidence in trace.trace(paths, identifier, **asked).evidence}


def _line(file: str, line: int) -> str:
    return (samples() / "inbox" / file).read_text(encoding="utf-8").split("\n")[line - 1]


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_charge_leads_back_to_the_physical_line_of_its_file(closed_sample: Paths) -> None:
    charge_id, file, row, resource = _ask(
        closed_sample,
        "select charge_id, source_file, source_row, resource_id from marts.fct_provider_charge "
        "where source = 'focus' and resource_id is not null order by billed_cost desc limit 1",
    )
    told = _told(closed_sample, charge_id)
    (delivered,) = told["file_row"].rows
    assert (delivered["file"], delivered["data_row"], delivered["line"]) == (file, row, row + 1)  # one line of header
    assert resource in _line(file, delivered["line"])
    assert told["charge"].rows[0]["line"] == delivered["line"]
    assert told["unit"].rows


@pytest.mark.parametrize("source", ["aws_cur", "gcp_billing", "focus", "microsoft_csp_invoice", "vendor"])
def test_the_hash_of_a_file_is_what_sha256sum_says_and_the_delivery_is_named_apart(
    closed_sample: Paths, source: str
) -> None:
    query = "select charge_id, source_file, delivery_sha256 from marts.fct_provider_charge where source = ? order by 1"
    charge_id, file, delivery = _ask(closed_sample, query, source)
    (delivered,) = _told(closed_sample, charge_id)["file_row"].rows
    assert delivered["file_sha256"] == _sha256(samples() / "inbox" / file)
    assert delivered["delivery"] == delivery != delivered["file_sha256"]
    assert delivered["line"] == delivered["data_row"] + (not file.endswith(".jsonl"))


def test_the_line_is_counted_where_cells_span_lines_and_is_not_guessed_when_the_file_has_changed(
    inbox_home: Paths,
) -> None:
    # the header is line 1, one record of three lines follows, so the second record begins at line 5
    from orchestration.contracts import SOURCES
    from orchestration.intake import receive

    folder = inbox_home.inbox / "vendor" / "2024-09"
    (file,) = folder.glob("*.csv")
    header, first, second, *_ = file.read_text().splitlines()
    cells = first.split(",")
    cells[header.split(",").index("description")] = '"three\nlines\nof text"'
    file.write_text("\n".join([header, ",".join(cells), second]) + "\n")
    candidate = receive.prepare(inbox_home, SOURCES["vendor"], "2024-09")
    accepted = receive.accept(inbox_home, candidate)
    name = f"vendor/2024-09/{file.name}"

    def places() -> list[provenance.Place]:
        rows = [(name, 1), (name, 2)]
        return list(provenance.locate(inbox_home, "vendor", "2024-09", accepted.delivery_sha256, rows).values())

    assert [(place.data_row, place.line) for place in places()] == [(1, 2), (2, 5)]
    assert {place.file_sha256 for place in places()} == {_sha256(file)}
    file.write_text(header + "\n")
    assert [(place.line, place.no_line_because) for place in places()] == [(None, provenance.GONE)] * 2


def test_a_finding_shows_its_charges_contract_and_invoice_lines_with_file_and_line(closed_sample: Paths) -> None:
    # 6 seats added on 11 September were never billed: the charge lines, the contract and the invoice that lacks them.
    told = _told(closed_sample, _leak(closed_sample, "QT03"))
    assert {charge["original_charge_type"].lower() for charge in told["charges"].rows} >= {"addquantity"}
    for kind, column in (("subscription", "subscription_id"), ("contract", "contract_id"), ("lines", "invoice_id")):
        assert told[kind].rows, kind
        for row in told[kind].rows:
            assert row["file"].startswith(("crm/2024-09/", "erp/2024-09/"))
            assert row[column] in _line(row["file"], row["line"])
            assert row["file_sha256"] == _sha256(samples() / "inbox" / row["file"])


def test_a_short_payment_shows_the_cash_behind_it(closed_sample: Paths) -> None:
    cash = _told(closed_sample, _leak(closed_sample, "CO01"))["cash"].rows
    assert "cash" in {row["kind"] for row in cash}
    assert all(row["file"].startswith("erp/2024-09/payment_applications") for row in cash)


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "in 2024-09, the reseller loses 237.83 BRL (42.00 USD) on subscription S-M05 of"),
        ("es", "en 2024-09, el revendedor pierde 237.83 BRL (42.00 USD) en la suscripción S-M05 de"),
        ("pt", "em 2024-09, o revendedor perde 237.83 BRL (42.00 USD) na assinatura S-M05 de"),
    ],
)
def test_the_verdict_on_a_finding_comes_first_with_its_money(closed_sample: Paths, lang: str, sentence: str) -> None:
    # 6 seats × 10.50 USD × 20 of 30 days = 42.00 USD
    identifier = _leak(closed_sample, "QT03")
    printed = Console(file=io.StringIO(), width=400)
    explain.show(printed, closed_sample, identifier, lang)
    first = printed.file.getvalue().splitlines()[0]
    assert first.startswith("QT03 ")
    assert sentence in first


def test_over_billing_is_said_as_such(closed_sample: Paths) -> None:
    # the invoice was issued twice: 275 USD at 966.656 ARS
    verdict = trace.trace(closed_sample, _leak(closed_sample, "BL01")).verdict["en"]
    assert "265,830.40 ARS (275.00 USD) too much was invoiced" in verdict


def test_a_customer_document_is_told_by_its_number_or_by_company_and_number(closed_sample: Paths) -> None:
    by_number = trace.trace(closed_sample, "CO-2408-0009")
    assert trace.trace(closed_sample, "CO01/CO-2408-0009") == by_number
    # 2,174,971.66 net + 413,244.62 tax (19%) = 2,588,216.28
    assert "2,588,216.28 COP (2,174,971.66 COP net, 413,244.62 COP tax)" in by_number.verdict["en"]
    assert "1 finding on it (+350,000.00 COP)" in by_number.verdict["en"]
    evidence = {each.kind: each.rows for each in by_number.evidence}
    assert [leak["class_code"] for leak in evidence["leaks"]] == ["CO01"]
    assert evidence["lines"]
    assert evidence["units"]


def test_a_provider_invoice_is_told_with_its_lines_and_its_header(closed_sample: Paths) -> None:
    story = trace.trace(closed_sample, "MUR-202409")
    assert story.subject.kind == "provider_invoice"
    assert "4 lines add up to 2,800.00 USD; its header says the same" in story.verdict["en"]
    told = {each.kind: each for each in story.evidence}
    assert len(told["charges"].rows) == 4
    assert told["headers"].rows[0]["file"] == "provider_invoices/2024-09/headers.csv"


def test_a_subscription_and_its_unit_are_one_thing(closed_sample: Paths) -> None:
    story = trace.trace(closed_sample, "S-M05")
    assert trace.trace(closed_sample, "subscription:S-M05") == story
    # R 2,021.55 − B 1,783.72 = 237.83
    assert "2,021.55 BRL was due and 1,783.72 BRL was invoiced; 237.83 BRL (42.00 USD) was not" in story.verdict["en"]


def test_a_thing_of_several_months_is_told_as_it_stands_in_the_newest_and_says_where_else() -> None:
    with duckdb.connect() as marts:
        marts.execute("create schema marts")
        for mart, key in (
            ("fct_provider_charge", "charge_id"),
            ("fct_leak", "leak_id"),
            ("fct_invoice", "company_id, invoice_id"),
            ("fct_conservation", "side, provider, invoice_id"),
        ):
            columns = ", ".join(f"'' as {name.strip()}" for name in key.split(","))
            marts.execute(f"create table marts.{mart} as select {columns}, '' as close_period where false")
        marts.execute(
            "create table marts.fct_reconciliation as select 'subscription:S1' as unit_id, 'S1' as subscription_id, "
            "unnest(['2026-09', '2026-10']) as close_period"
        )
        newest = subject.subject(marts, "S1")
        assert (newest.period, newest.others) == ("2026-10", ("2026-09",))
        assert subject.subject(marts, "S1", period="2026-09").others == ("2026-10",)
        with pytest.raises(subject.UnknownIdentifier, match="stands in 2026-09, 2026-10"):
            subject.subject(marts, "S1", period="2026-08")
        marts.execute("insert into marts.fct_invoice values ('PE01', 'F1', '2026-10'), ('CL01', 'F1', '2026-10')")
        with pytest.raises(subject.UnknownIdentifier, match="(?s)2 things.*'CL01/F1' --kind document.*'PE01/F1'"):
            subject.subject(marts, "F1")
        assert subject.subject(marts, "PE01/F1").key == "PE01/F1"


def test_an_unknown_id_is_refused_with_where_to_find_one(closed_sample: Paths) -> None:
    with pytest.raises(subject.UnknownIdentifier, match="fct_leak"):
        trace.trace(closed_sample, "no-such-id")


def test_a_home_with_brackets_and_an_apostrophe_in_its_name_is_explained(closed_sample: Paths, tmp_path: Path) -> None:
    home = tmp_path / "it's [1] home"
    shutil.copytree(closed_sample.home, home, symlinks=True, ignore=shutil.ignore_patterns(".dagster", "warehouse"))
    told = _told(Paths(home=home, inbox=home / "inbox"), _leak(closed_sample, "QT03"))
    assert all(told[kind].rows for kind in ("charges", "subscription", "contract", "lines", "documents"))


def test_what_a_sender_wrote_is_printed_and_never_obeyed(closed_sample: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    # rich reads [bold] as a command, and fails on a closing tag without its opening
    hostile = "[/red] [link=x]1[/link]"
    story = trace.trace(closed_sample, "S-M05")
    rows = [{"file": hostile, hostile: hostile}]
    told = subject.Trace(story.subject, {"en": hostile}, [subject.Evidence("unit", rows, hostile)])
    monkeypatch.setattr(explain, "trace", lambda *_, **__: told)
    printed = Console(file=io.StringIO(), width=200)
    explain.show(printed, closed_sample, hostile)
    assert printed.file.getvalue().count(hostile) == 6  # verdict, identifier, place, file, and a column with its value
