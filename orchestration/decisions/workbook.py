"""The findings of a month as Excel workbooks, one for each owner area and country, for people to decide in.

Lives here: the workbook's sheets, what a person may fill in, its id, and the record of what it held. Does not: choosing findings
(findings), nor reading a workbook that came back (returned).

A workbook carries its id: the hash of the close it was made from and of every finding in it. The home keeps what each workbook held
(`<home>/lake/<origin>/workbooks/<id>.json`), so that a decision can be held against it when it comes back.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from orchestration.decisions.texts import TEXTS
from orchestration.decisions.words import DECISIONS, REASONS
from orchestration.settings import Paths

INK, PAPER, GIVEN, ASKED, LINE, LATE = "#1F2933", "#FFFFFF", "#F5F7FA", "#FFF8E1", "#CBD2D9", "#B42318"
"""Colours: text, page, cells to read, cells to fill in, borders, what is late."""

SHEETS = ("findings", "legend", "about", "lists")
"""Sheets by their key in TEXTS; the last is hidden."""


@dataclass(frozen=True)
class Column:
    """One column of the sheet of findings. Its header is TEXTS[lang][key]."""

    key: str
    width: float
    kind: str = "text"
    """text, money, usd, date, integer, or one of the lists."""
    is_asked: bool = False
    """Whether a person fills it in."""
    is_hidden: bool = False


COLUMNS = (
    Column("leak_id", 34, is_hidden=True),
    Column("severity", 7),
    Column("class", 30),
    Column("customer", 28),
    Column("subscription", 16),
    Column("document", 16),
    Column("what", 62),
    Column("amount", 16, "money"),
    Column("currency", 8),
    Column("amount_usd", 14, "usd"),
    Column("first_seen", 10),
    Column("age_days", 8, "integer"),
    Column("due_on", 12, "date"),
    Column("to_do", 52),
    Column("decision", 24, "decisions", is_asked=True),
    Column("decided_usd", 14, "usd", is_asked=True),
    Column("reason", 26, "reasons", is_asked=True),
    Column("comment", 34, is_asked=True),
    Column("document_ref", 18, is_asked=True),
    Column("decided_by", 14, is_asked=True),
    Column("decided_at", 13, "date", is_asked=True),
    Column("approved_by", 14, is_asked=True),
    Column("approved_at", 13, "date", is_asked=True),
    Column("new_due_on", 13, "date", is_asked=True),
)
HEADER_ROW = 3
"""Row of the headers, counted from 0; above it stand the title, what to do and the totals."""


@dataclass(frozen=True)
class Book:
    """What one workbook is about."""

    period: str
    area: str
    country: str
    lang: str
    content_sha256: str
    """The close that it was made from."""
    findings: Sequence[Mapping[str, object]]
    """One mapping for each finding, by the keys of COLUMNS that are not asked."""
    decimals: Mapping[str, int]
    """Decimals of each currency."""

    @property
    def id(self) -> str:
        """The workbook's id: equal findings of an equal close, for an equal area, give an equal id, whatever the language."""
        held = [[str(row["leak_id"]), str(row["amount_usd"])] for row in self.findings]
        told = [self.period, self.area, self.country, self.content_sha256, sorted(held)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]

    @property
    def name(self) -> str:
        """File name: period, area and country in the order in which a person sorts."""
        area = "-".join("".join(letter if letter.isalnum() else " " for letter in self.area).lower().split())
        return f"{self.period}.{area}.{self.country}.{self.lang}.xlsx"


def write(paths: Paths, book: Book) -> Path:
    """Write a workbook, whole or not at all, and keep what it held. Returns the file."""
    file = paths.review / "workbooks" / book.period / book.name
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    # Texts stay texts: a name that begins with a sign is never taken for a formula, nor an address for a link.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(str(unfinished), options) as out:
        out.set_properties({"title": f"Cuadre {book.period}", "comments": book.id})
        _Sheets(out, book).write()
    os.replace(unfinished, file)
    _remember(paths, book)
    return file


def remembered(paths: Paths) -> Path:
    """Folder of the records of every workbook that was written."""
    return paths.lake / paths.origin / "workbooks"


def _remember(paths: Paths, book: Book) -> None:
    """Keep what the workbook held. The same workbook written again says the same."""
    folder = remembered(paths)
    folder.mkdir(parents=True, exist_ok=True)
    held = {str(row["leak_id"]): None if row["amount_usd"] is None else str(row["amount_usd"]) for row in book.findings}
    told = {
        "workbook_id": book.id,
        "close_period": book.period,
        "owner_area": book.area,
        "country": book.country,
        "content_sha256": book.content_sha256,
        "findings": held,
    }
    fresh = folder / f".{book.id}.part"
    fresh.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(fresh, folder / f"{book.id}.json")


class _Sheets:
    """One workbook on its way to the file."""

    def __init__(self, out: Workbook, book: Book) -> None:
        self.out, self.book, self.texts = out, book, TEXTS[book.lang]
        self.formats: dict[tuple, Format] = {}

    def write(self) -> None:
        """All sheets, in the order in which a person reads them."""
        sheets = {name: self.out.add_worksheet(self.texts[f"sheet_{name}"]) for name in SHEETS}
        lists = self._lists(sheets["lists"])
        self._findings(sheets["findings"], lists)
        self._legend(sheets["legend"])
        self._about(sheets["about"])
        sheets["findings"].activate()

    def _findings(self, sheet: Worksheet, lists: Mapping[str, str]) -> None:
        rows, last = self.book.findings, HEADER_ROW + len(self.book.findings)
        sheet.hide_gridlines(2)
        sheet.set_row(0, 24)
        sheet.write_string(0, 1, self._title(), self._format(bold=True, font_size=15))
        sheet.write_string(1, 1, self.texts["how"].format(id=self.book.id), self._format(italic=True))
        self._totals(sheet)
        for place, column in enumerate(COLUMNS):
            shown = {"hidden": True} if column.is_hidden else {}
            sheet.set_column(place, place, column.width, None, shown)
            sheet.write_string(HEADER_ROW, place, self.texts[column.key], self._head(column))
        sheet.set_row(HEADER_ROW, 32)
        for number, row in enumerate(rows, HEADER_ROW + 1):
            sheet.set_row(number, 45)
            for place, column in enumerate(COLUMNS):
                self._cell(sheet, number, place, column, row)
        for place, column in enumerate(COLUMNS):
            self._validate(sheet, place, column, last, lists)
        sheet.freeze_panes(HEADER_ROW + 1, 3)
        sheet.autofilter(HEADER_ROW, 0, max(last, HEADER_ROW + 1), len(COLUMNS) - 1)
        sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADER_ROW)
        sheet.set_footer(f"&L{self.book.id}&R&P / &N")

    def _title(self) -> str:
        return self.texts["title"].format(period=self.book.period, area=self.book.area, country=self.book.country)

    def _totals(self, sheet: Worksheet) -> None:
        """How many findings there are, and their money by currency: losses and over-billing apart."""
        money: dict[str, list[Decimal]] = {}
        for row in self.book.findings:
            amount = row["amount"]
            if isinstance(amount, Decimal):
                kept = money.setdefault(str(row["currency"]), [Decimal(0), Decimal(0)])
                kept[amount < 0] += amount
        told = [
            self.texts["total_of"].format(
                currency=currency, loss=self._money(loss, currency), over=self._money(over, currency)
            )
            for currency, (loss, over) in sorted(money.items())
        ]
        said = "   ·   ".join([self.texts["count"].format(count=len(self.book.findings)), *told])
        sheet.write_string(2, 1, said, self._format(bold=True))

    def _money(self, amount: Decimal, currency: str) -> str:
        return f"{amount:,.{self.book.decimals.get(currency, 2)}f}"

    def _cell(self, sheet: Worksheet, number: int, place: int, column: Column, row: Mapping[str, object]) -> None:
        style = self._body(column, row)
        value = None if column.is_asked else row[column.key]
        if value is None:
            sheet.write_blank(number, place, None, style)
        elif isinstance(value, (date, Decimal, int)):
            sheet.write(number, place, value, style)
        else:
            sheet.write_string(number, place, str(value)[:32_000], style)

    def _validate(self, sheet: Worksheet, place: int, column: Column, last: int, lists: Mapping[str, str]) -> None:
        if not column.is_asked or last == HEADER_ROW:
            return
        area = (HEADER_ROW + 1, place, last, place)
        if column.kind in lists:
            rule: dict[str, object] = {"validate": "list", "source": lists[column.kind]}
        elif column.kind == "date":
            rule = {"validate": "date", "criteria": ">=", "value": date(2018, 1, 1)}
        elif column.kind == "usd":
            rule = {"validate": "decimal", "criteria": ">=", "value": 0}
        else:
            rule = {"validate": "length", "criteria": "<=", "value": 500}
        told = {"error_title": self.texts["wrong_title"], "error_message": self.texts[f"wrong_{column.kind}"]}
        sheet.data_validation(*area, rule | told)

    def _lists(self, sheet: Worksheet) -> dict[str, str]:
        """The choices of the drop-downs on a hidden sheet. Returns a reference to each list."""
        found = {}
        for place, (name, codes) in enumerate((("decisions", DECISIONS), ("reasons", REASONS))):
            for number, label in enumerate(codes.values()):
                sheet.write_string(number, place, getattr(label, self.book.lang))
            column = "AB"[place]
            found[name] = f"='{sheet.get_name()}'!${column}$1:${column}${len(codes)}"
        sheet.hide()
        sheet.protect("")
        return found

    def _legend(self, sheet: Worksheet) -> None:
        """Each column, decision and reason in the three languages, and how the workbook comes back."""
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 3, 46)
        number = 0
        head, plain = (
            self._format(bold=True, bg_color=INK, font_color=PAPER, border=1),
            self._format(text_wrap=True, border=1),
        )
        parts = (
            ("columns", {column.key: [TEXTS[lang][column.key] for lang in ("es", "pt", "en")] for column in COLUMNS if not column.is_hidden}),
            ("decisions", {code: list(label) for code, label in DECISIONS.items()}),
            ("reasons", {code: list(label) for code, label in REASONS.items()}),
        )  # fmt: skip
        for name, entries in parts:
            for place, word in enumerate((self.texts[f"part_{name}"], "Español", "Português", "English")):
                sheet.write_string(number, place, word, head)
            for code, labels in entries.items():
                number += 1
                for place, word in enumerate((code, *labels)):
                    sheet.write_string(number, place, word, plain)
            number += 2
        sheet.protect("")

    def _about(self, sheet: Worksheet) -> None:
        """What the workbook was made from. `workbook_id` and what follows are read when it comes back."""
        told = {
            "workbook_id": self.book.id,
            "close_period": self.book.period,
            "owner_area": self.book.area,
            "country": self.book.country,
            "language": self.book.lang,
            "content_sha256": self.book.content_sha256,
        }
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 80)
        for number, (name, value) in enumerate(told.items()):
            sheet.write_string(number, 0, name, self._format(bold=True))
            sheet.write_string(number, 1, value, self._format())
        sheet.write_string(len(told) + 1, 0, self.texts["back"], self._format())
        sheet.protect("")

    def _head(self, column: Column) -> Format:
        colour = "#7A4B00" if column.is_asked else INK
        return self._format(
            bold=True, text_wrap=True, valign="vcenter", bg_color=colour, font_color=PAPER, border=1, border_color=LINE
        )

    def _body(self, column: Column, row: Mapping[str, object]) -> Format:
        style: dict[str, object] = {"text_wrap": True, "valign": "top", "border": 1, "border_color": LINE}
        style |= {"bg_color": ASKED, "locked": False} if column.is_asked else {"bg_color": GIVEN}
        if column.kind in ("money", "usd"):
            currency = "USD" if column.kind == "usd" else str(row["currency"])
            decimals = self.book.decimals.get(currency, 2)
            style["num_format"] = (
                "#,##0"
                + ("." + "0" * decimals if decimals else "")
                + ";[Red]-#,##0"
                + ("." + "0" * decimals if decimals else "")
            )
        elif column.kind == "date":
            style["num_format"] = "yyyy-mm-dd"
        elif column.kind == "integer":
            style["num_format"] = "0"
        if column.key == "due_on" and row.get("is_overdue"):
            style |= {"font_color": LATE, "bold": True}
        return self._format(**style)

    def _format(self, **style: object) -> Format:
        key = tuple(sorted(style.items()))
        if key not in self.formats:
            self.formats[key] = self.out.add_format(
                {"font_name": "Calibri", "font_size": 10, "font_color": INK} | style
            )
        return self.formats[key]
