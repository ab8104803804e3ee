"""Files on which a library would take the close down with it: refused by name, and the next file is read."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from orchestration.errors import InputUnusable
from orchestration.readers import foreign

CUR, HEADERS = "aws_cur/lines", "provider_invoices/headers"
HEAD = ["provider", "invoice_id", "billing_account_id", "issued_on", "currency", "net_total", "tax_total", "total"]
ROW = ["aws", "INV1", "1", "2026-10-08", "USD", 1, 0, 1]


def book(path: Path, change: Callable[[bytes], bytes] = lambda xml: xml, formula: float | None = None) -> Path:
    """A workbook of one invoice in row 2, its sheet changed."""
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("datos")
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ROW)
        if formula is not None:
            sheet.write_formula(1, 7, "=F2+G2", None, formula)
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            changed = change(content) if name == "xl/worksheets/sheet1.xml" else content
            new.writestr(name, changed)
            assert name != "xl/worksheets/sheet1.xml" or formula or changed != content or change(b"x") == b"x"
    path.write_bytes(buffer.getvalue())
    return path


def moved(to: str) -> Callable[[bytes], bytes]:
    """The last cell at another place."""
    return lambda xml: xml.replace(b'r="H2"', to.encode())


def test_a_sheet_that_reaches_to_the_last_corner_is_refused_before_it_is_held(
    refused: Callable, tmp_path: Path
) -> None:
    """One cell at XFD1048576 asks the library for 512 GB."""
    [fault] = refused(HEADERS, {"h.xlsx": book(tmp_path / "h.xlsx", moved('r="XFD1048576"'))})
    assert "reaches over 1048576 rows and 16384 columns" in fault.reason


@pytest.mark.parametrize("place", ["Z" * 40 + "2", "XFE2", "H1048577", "H99999999999999", "zzzz2"])
def test_a_cell_outside_of_any_sheet_is_refused_by_its_place(refused: Callable, tmp_path: Path, place: str) -> None:
    [fault] = refused(HEADERS, {"h.xlsx": book(tmp_path / "h.xlsx", moved(f'r="{place}"'))})
    assert "outside of any sheet" in fault.reason
    assert fault.value == place[:20] + ("" if len(place) < 20 else place[-1])


def test_a_cell_that_hides_its_place_from_us_ends_the_reader_and_not_the_close(
    refused: Callable, deliver: Callable, tmp_path: Path
) -> None:
    """A mark inside an attribute is lawful XML; whatever we did not see costs this file, and the next one is read."""
    hidden = book(tmp_path / "h.xlsx", moved('x=">" r="XFD1048576"'))
    [fault] = refused(HEADERS, {"h.xlsx": hidden})
    assert "the reader ended with signal 6, SIGABRT" in fault.reason
    assert deliver(HEADERS, {"good.xlsx": book(tmp_path / "good.xlsx")}).report.rows == 1


def test_a_declared_dimension_alone_is_believed_by_nobody(deliver: Callable, tmp_path: Path) -> None:
    wide = book(tmp_path / "h.xlsx", lambda xml: xml.replace(b'ref="A1:H2"', b'ref="A1:XFD1048576"'))
    assert deliver(HEADERS, {"h.xlsx": wide}).report.rows == 1


@pytest.mark.parametrize("result", [b"", b"<v></v>", b"<v/>"])
def test_a_formula_without_its_result_is_refused_by_its_cell(refused: Callable, tmp_path: Path, result: bytes) -> None:
    path = book(tmp_path / "h.xlsx", lambda xml: xml.replace(b"</f><v>1</v>", b"</f>" + result), formula=1)
    [fault] = refused(HEADERS, {"h.xlsx": path})
    assert (fault.line, fault.column) == (2, "H")
    assert "without its result" in fault.reason


def test_a_formula_without_its_result_is_found_where_two_blocks_meet(
    refused: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.readers.workbook.BLOCK", 700)
    path = book(tmp_path / "h.xlsx", lambda xml: xml.replace(b"<v>1</v></c></row></sh", b"</c></row></sh"), formula=1)
    [fault] = refused(HEADERS, {"h.xlsx": path})
    assert (fault.line, fault.column) == (2, "H")


def test_a_formula_with_its_result_is_read_and_an_empty_text_is_a_result(deliver: Callable, tmp_path: Path) -> None:
    empty = b'<c r="I2" t="str"><f>""</f><v></v></c></row></sheetData>'
    path = book(tmp_path / "h.xlsx", lambda xml: xml.replace(b"</row></sheetData>", empty), formula=7.5)
    assert [str(total) for total in deliver(HEADERS, {"h.xlsx": path}).column("total")] == ["7.500000000000"]


def test_one_process_reads_file_after_file(deliver: Callable, tmp_path: Path) -> None:
    for name in "abc":
        deliver(HEADERS, {f"{name}.xlsx": book(tmp_path / f"{name}.xlsx")})
    assert len([process for owner, process in foreign._IDLE if owner == os.getpid()]) == 1


def test_a_reader_that_was_killed_names_the_file_and_the_next_one_starts_anew(
    refused: Callable, deliver: Callable, tmp_path: Path
) -> None:
    real, workbook = foreign._take, book(tmp_path / "a.xlsx")

    def killed() -> subprocess.Popen[bytes]:
        process = real()
        process.kill()
        process.wait()
        return process

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(foreign, "_take", killed)
        faults = refused(CUR, {"a.parquet": parquet()}), refused(HEADERS, {"a.xlsx": workbook})
    assert all("the reader ended with signal 9, SIGKILL" in fault.reason for [fault] in faults)
    assert deliver(CUR, {"a.parquet": parquet()}).report.rows == 3


def parquet() -> bytes:
    """Three AWS lines."""
    buffer = io.BytesIO()
    pl.DataFrame({"line_item_usage_account_id": ["1"] * 3, "line_item_unblended_cost": [1, 2, 3]}).write_parquet(buffer)
    return buffer.getvalue()


def test_the_process_ends_with_the_one_that_started_it(tmp_path: Path) -> None:
    """Its input ends when the close ends, however that ends."""
    (tmp_path / "a.parquet").write_bytes(parquet())
    code = (
        "import os, sys; from pathlib import Path; from orchestration.readers import foreign;"
        "list(foreign.read('parquet', Path(sys.argv[1]), rows=10)); print(foreign._IDLE[0][1].pid, flush=True); os._exit(9)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "a.parquet"], capture_output=True, timeout=60, check=False
    )
    left = Path(f"/proc/{int(ended.stdout)}")
    for _ in range(100):
        if not left.exists() or "Z" in (left / "stat").read_text().split(")")[-1][:3]:
            return
        os.sched_yield()
        subprocess.run(["sleep", "0.1"], check=True)
    pytest.fail("the reader outlived its close")


@pytest.mark.parametrize("kind", ["xlsx", "zip"])
def test_a_changed_byte_in_an_archive_is_refused_in_one_sentence_or_changes_nothing(
    deliver: Callable, tmp_path: Path, kind: str
) -> None:
    """Archives carry checksums: 40 damaged copies of each, and none of them is read as other money."""
    if kind == "xlsx":
        name, content, column = HEADERS, book(tmp_path / "good.xlsx").read_bytes(), "total"
    else:
        name, column, buffer = CUR, "line_item_unblended_cost", io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", "line_item_usage_account_id,line_item_unblended_cost\n" + "1,2.50\n" * 40)
        content = buffer.getvalue()
    expected, chance = deliver(name, {f"good.{kind}": content}).column(column), random.Random(5)
    for number in range(40):
        changed = bytearray(content)
        changed[chance.randrange(len(changed))] ^= chance.randrange(1, 256)
        try:
            assert deliver(name, {f"{number}.{kind}": bytes(changed)}).column(column) == expected
        except InputUnusable as refused:
            assert all(fault.file.startswith(f"{number}.{kind}") for fault in refused.faults)
