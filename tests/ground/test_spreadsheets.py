"""What a person opens in a spreadsheet runs nothing, whichever program opens it and wherever it cuts the cells."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table

from orchestration import quality
from orchestration.console.terminal import Terminal
from orchestration.ground.spreadsheets import BLANKS, SEPARATORS, SIGNS, safe_cell, write_csv
from orchestration.settings import Paths

CASES = {
    # a formula opens the cell
    "=1+1": "'=1+1",
    "+cmd|' /C calc'!A0": "'+cmd|' /C calc'!A0",
    "-2+3": "'-2+3",
    "@SUM(A1)": "'@SUM(A1)",
    "=": "'=",
    "-": "'-",
    "=-1": "'=-1",
    # behind blanks, control characters, marks of direction, a byte order mark, a quotation mark
    "  =1": "  '=1",
    "\xa0=1": "\xa0'=1",
    "\ufeff=1": "\ufeff'=1",
    "\u200b\u202e=1": "\u200b\u202e'=1",
    "\x00=1": "\x00'=1",
    '"=1': "\"'=1",
    # a tab or a line break that opens the cell
    "\ta": "'\ta",
    "\ra": "'\ra",
    "\t=1": "'\t'=1",
    "\r\n=1": "'\r\n'=1",
    # signs of other widths
    "＝1+1": "'＝1+1",
    "＋1＋1": "'＋1＋1",
    "－1－1": "'－1－1",
    "＠SUM(A1)": "'＠SUM(A1)",
    "−2+3": "'−2+3",
    "﹦1": "'﹦1",
    # a new cell for an Excel that cuts at ; (Spanish, Portuguese), at tabs, at |, and a new row for all of them
    "Lima;=cmd()": "Lima;'=cmd()",
    'he said "x";=1': 'he said "x";\'=1',
    'x;"=1"': 'x;"\'=1"',
    "a; =1;+b;@c": "a; '=1;'+b;'@c",
    "a\t=1": "a\t'=1",
    "a|=1": "a|'=1",
    "a\n=1": "a\n'=1",
    "a\r=1": "a\r'=1",
    "a\x0b=1": "a\x0b'=1",
    "a\u2028=1": "a\u2028'=1",
    "a\n\t =1": "a\n\t '=1",
    "a;＝1": "a;'＝1",
    # a number is no formula
    "-1": "-1",
    "+2.50": "+2.50",
    "-1.234,56": "-1.234,56",
    "-1,234,567.89": "-1,234,567.89",
    "-1.25E-20": "-1.25E-20",
    "-1.250000000000": "-1.250000000000",
    " -5 ": " -5 ",
    "a;-5;b": "a;-5;b",
    "1E-20": "1E-20",
    # what only begins like one is no number
    "-1.": "'-1.",
    "-.5": "'-.5",
    "-1.2.3": "'-1.2.3",
    "-1-1": "'-1-1",
    "-5 USD": "'-5 USD",
    "-1e9999": "'-1e9999",
    "a;-5+1": "a;'-5+1",
    "+51 1 234": "'+51 1 234",
    # text stays as it is
    "": "",
    "plain": "plain",
    "a=b": "a=b",
    "a, =b": "a, =b",
    "x - y": "x - y",
    "user@example.com": "user@example.com",
    "2026-10-01": "2026-10-01",
    "a;b": "a;b",
    "'=1": "'=1",
    '{"a": "-"}': '{"a": "-"}',
}
"""Text as a sender may write it, and as a file of ours holds it."""


@pytest.mark.parametrize("text", CASES)
def test_each_case_is_written_as_the_table_says(text: str) -> None:
    assert safe_cell(text) == CASES[text]


def test_failed_rows_that_leave_the_database_obey_the_same_table(tmp_path: Path) -> None:
    from orchestration.quality.rules import every_row

    texts = [text for text in CASES if "\x00" not in text]
    said = dict.fromkeys(("title_es", "title_pt", "title_en", "why", "remedy"), "said")
    item = quality.Item(
        item_id="t.never",
        expectation=every_row("false"),
        stage=5,
        cause_7m="MT",
        owner_role="data_team",
        severity="warn",
        **said,
    )
    paths = Paths(home=tmp_path, inbox=tmp_path / "inbox")
    with duckdb.connect() as database:
        database.execute(
            'create schema raw; create table raw.t (source_row bigint, note text, list text[], "=h""" int)'
        )
        database.executemany("insert into raw.t values (?, ?, [?], -1)", [[i, t, t] for i, t in enumerate(texts)])
        suite = quality.Suite("raw", "t", "raw.t", (item,))
        verdict = quality.judge(paths, "raw", "2026-10", "run", datetime(2026, 11, 1), database, [suite])
    with (tmp_path / verdict.items[0].evidence_path).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["source_row", "note", "list", "'=h\""]
    assert [row[1] for row in rows] == [CASES[text] for text in texts]
    assert {row[3] for row in rows} == {"-1"}
    assert all(safe_cell(row[2]) == row[2] for row in rows)


@given(st.text(alphabet=st.sampled_from([*SIGNS, *SEPARATORS, *BLANKS, *"1.,a'eE"]), max_size=30))
def test_however_a_program_cuts_it_no_cell_opens_like_a_formula(text: str) -> None:
    safe = safe_cell(text)
    assert safe_cell(safe) == safe
    assert safe.replace("'", "") == text.replace("'", "")  # nothing is lost, only apostrophes are added
    cells = [safe]
    for separator in SEPARATORS:
        cells = [part for cell in cells for part in cell.split(separator)]
    for cell in cells:
        bare = cell.strip(BLANKS)
        assert not bare.startswith(tuple(SIGNS)) or bare[1:2].isdigit()


def test_every_character_that_some_spreadsheet_may_read_as_a_sign_is_known() -> None:
    looks = {chr(n) for n in range(0x110000) if unicodedata.normalize("NFKC", chr(n))[:1] in set("=+-@")}
    assert looks <= set(SIGNS)


def test_every_blank_of_unicode_is_known() -> None:
    blank = {chr(n) for n in range(0x110000) if chr(n).isspace() or unicodedata.category(chr(n)) == "Cc"}
    assert blank <= set(SEPARATORS + BLANKS)


@pytest.mark.parametrize("piece", ["\t", " ", ";", "=", "-1", ";-", "\n=", "1", "-1 ", '"'])
def test_a_cell_of_a_million_characters_is_guarded(piece: str) -> None:
    # a rule that looks again at what it has seen would need a million million steps and never end
    text = piece * (1_000_000 // len(piece))
    assert safe_cell(text).replace("'", "") == text


def test_a_file_opened_by_a_spanish_excel_shows_text_and_numbers_only(tmp_path: Path) -> None:
    # It cuts at ; and takes a quotation mark for one only where it opens a cell.
    rows = [["Lima;=cmd()", -1.5], ['x", ";=HYPERLINK("a")', "-7"], ["a\n=1;+1", "b"]]
    file = write_csv(tmp_path / "a.csv", ["name", "=amount"], rows)
    for row in csv.reader(io.StringIO(file.read_text(encoding="utf-8")), delimiter=";"):
        assert not any(cell.lstrip(' "').startswith(tuple(SIGNS)) for cell in row), row
    with file.open(newline="") as stream:
        assert [row[1] for row in csv.reader(stream)] == ["'=amount", "-1.5", "-7", "b"]


def test_a_name_that_is_no_unicode_is_written_by_its_number(tmp_path: Path) -> None:
    assert "\\udcff" in write_csv(tmp_path / "a.csv", ["file"], [["a\udcff.csv"]]).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("[/red] [link=x]1[/link].csv", "[/red] [link=x]1[/link].csv"),
        (":warning: a.csv", ":warning: a.csv"),
        ("a\x1b[2Jb.csv", "a\\x1b[2Jb.csv"),
        ("gpj.\u202ecsv", "gpj.\\u202ecsv"),
    ],
)
def test_the_terminal_shows_what_senders_wrote_and_obeys_none_of_it(text: str, seen: str) -> None:
    terminal = Terminal(file=io.StringIO(), width=100, force_terminal=True)
    terminal.print(text, style="red", highlight=False)
    table = Table(title=text)
    table.add_column(text)
    table.add_row(text)
    terminal.print(table)
    assert terminal.file.getvalue().count(seen) == 4


def test_every_console_of_the_command_line_is_such_a_terminal() -> None:
    from orchestration.cli import common

    assert isinstance(common.console, Terminal)
    assert isinstance(common.errors, Terminal)
