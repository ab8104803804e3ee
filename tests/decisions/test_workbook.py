"""A workbook shows each finding with its money and due date, lets a person fill in what is asked, and nothing else."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from orchestration.decisions.texts import TEXTS
from orchestration.decisions.words import DECISIONS, REASONS, code_of
from orchestration.decisions.workbook import COLUMNS, HEADER_ROW, Book, remembered, write
from orchestration.settings import Paths

LANGUAGES = ("es", "pt", "en")


def finding(leak_id: str, amount: str, currency: str, usd: str, **changes: object) -> dict[str, object]:
    return {
        "leak_id": leak_id,
        "severity": "S1",
        "class": "PR01 · Price below the contract",
        "customer": "Textil Austral",
        "subscription": "S1",
        "document": "F001-7",
        "what": "expected 120, invoiced 100",
        "amount": Decimal(amount),
        "currency": currency,
        "amount_usd": Decimal(usd),
        "first_seen": "2026-09",
        "age_days": 4,
        "due_on": date(2026, 10, 9),
        "is_overdue": False,
        "to_do": "Correct the price.",
    } | changes


FINDINGS = [
    finding("a" * 32, "20.00", "PEN", "5.33"),
    finding("b" * 32, "-1500", "CLP", "-1.58"),  # Chile has no cents
    finding("c" * 32, "7.50", "PEN", "2.00", customer='=cmd|"/c calc"!A1', subscription=None, due_on=date(2026, 10, 1), is_overdue=True),
]  # fmt: skip


def book(lang: str = "en", findings: list[dict[str, object]] = FINDINGS) -> Book:
    return Book("2026-09", "Finanzas", "PE", lang, "d" * 64, findings, {"PEN": 2, "CLP": 0, "USD": 2})


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(home=tmp_path, inbox=tmp_path / "inbox")


@pytest.fixture
def written(paths: Paths) -> openpyxl.Workbook:
    return openpyxl.load_workbook(write(paths, book()))


def column(key: str) -> int:
    """Place of a column as a spreadsheet counts, from 1."""
    return [one.key for one in COLUMNS].index(key) + 1


FIRST_ROW = HEADER_ROW + 2


def test_amounts_are_numbers_in_the_form_of_their_currency(written: openpyxl.Workbook) -> None:
    sheet = written["Findings"]
    cells = [sheet.cell(FIRST_ROW + row, column("amount")) for row in range(3)]

    assert [cell.value for cell in cells] == [20, -1500, 7.5]
    assert [cell.number_format for cell in cells] == [
        "#,##0.00;[Red]-#,##0.00",
        "#,##0;[Red]-#,##0",
        "#,##0.00;[Red]-#,##0.00",
    ]


def test_the_totals_keep_loss_and_over_billing_apart_by_currency(written: openpyxl.Workbook) -> None:
    # PEN 20.00 + 7.50 = 27.50 lost; CLP 1,500 billed too much.
    assert written["Findings"].cell(3, 2).value == (
        "3 findings   ·   CLP: loss 0, over-billed -1,500   ·   PEN: loss 27.50, over-billed 0.00"
    )


def test_only_what_is_asked_can_be_filled_in(written: openpyxl.Workbook) -> None:
    sheet = written["Findings"]
    open_to = {one.key for place, one in enumerate(COLUMNS, 1) if not sheet.cell(FIRST_ROW, place).protection.locked}

    assert sheet.protection.sheet
    assert open_to == {one.key for one in COLUMNS if one.is_asked}
    assert all(written[name].protection.sheet for name in written.sheetnames)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_decision_and_reason_are_chosen_from_lists_in_the_readers_language(paths: Paths, lang: str) -> None:
    read = openpyxl.load_workbook(write(paths, book(lang)))
    lists = read[TEXTS[lang]["sheet_lists"]]
    rules = read[TEXTS[lang]["sheet_findings"]].data_validations.dataValidation
    listed = [rule.formula1 for rule in rules if rule.type == "list"]

    assert [cell.value for cell in lists["A"][: len(DECISIONS)]] == [
        getattr(label, lang) for label in DECISIONS.values()
    ]
    assert [cell.value for cell in lists["B"][: len(REASONS)]] == [getattr(label, lang) for label in REASONS.values()]
    assert lists.sheet_state == "hidden"
    assert len(listed) == 2


def test_no_cell_is_a_formula_and_no_text_a_link(written: openpyxl.Workbook) -> None:
    cells = [cell for sheet in written for row in sheet.iter_rows() for cell in row]

    assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    assert written["Findings"].cell(FIRST_ROW + 2, column("customer")).value == '=cmd|"/c calc"!A1'


def test_what_is_overdue_is_marked(written: openpyxl.Workbook) -> None:
    sheet = written["Findings"]
    late, in_time = (sheet.cell(FIRST_ROW + row, column("due_on")).font for row in (2, 0))

    assert (late.bold, late.color.rgb) == (True, "FFB42318")
    assert not in_time.bold


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_legend_explains_every_column_decision_and_reason_in_three_languages(paths: Paths, lang: str) -> None:
    legend = openpyxl.load_workbook(write(paths, book(lang)))[TEXTS[lang]["sheet_legend"]]
    told = {row[0]: row[1:4] for row in legend.iter_rows(values_only=True) if row[0]}
    shown = [one.key for one in COLUMNS if not one.is_hidden]

    assert all(all(told[key]) for key in (*shown, *DECISIONS, *REASONS))


def test_equal_findings_of_an_equal_close_have_an_equal_id_in_every_language() -> None:
    fewer = [one for one in FINDINGS if one["currency"] == "PEN"]

    assert len({book(lang).id for lang in LANGUAGES}) == 1
    assert book(findings=FINDINGS[::-1]).id == book().id
    assert book(findings=fewer).id != book().id


def test_the_home_keeps_what_a_workbook_held(paths: Paths) -> None:
    write(paths, book())
    kept = json.loads((remembered(paths) / f"{book().id}.json").read_text())

    assert kept["findings"] == {"a" * 32: "5.33", "b" * 32: "-1.58", "c" * 32: "2.00"}
    assert (kept["close_period"], kept["owner_area"], kept["country"]) == ("2026-09", "Finanzas", "PE")


@pytest.mark.parametrize("words", [DECISIONS, REASONS], ids=["decisions", "reasons"])
def test_a_label_in_any_language_or_the_code_itself_finds_the_code(words: dict) -> None:
    for code, labels in words.items():
        assert {code_of(text, words) for text in (code, *labels, labels.es.upper())} == {code}
    assert code_of("something else", words) is None


def test_no_label_means_two_codes() -> None:
    for words in (DECISIONS, REASONS):
        told = [label for labels in words.values() for label in set(labels)]
        assert len(set(told)) == len(told)
