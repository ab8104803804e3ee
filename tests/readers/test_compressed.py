"""Compressed files: read as streams, whole or not at all."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.readers import streams

CRM = "crm/customers"
HEAD = "customer_id,legal_name,country,fiscal_id,status\n"


def rows(*numbers: int) -> str:
    """Some customers."""
    return "".join(f"C{n},Name {n},PE,{n},active\n" for n in numbers)


def zipped(members: dict[str, str]) -> bytes:
    """A zip archive in memory."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_gzip_is_read(deliver: Callable) -> None:
    read = deliver(CRM, {"customers.csv.gz": gzip.compress((HEAD + rows(1, 2)).encode())})
    assert read.column("customer_id") == ["C1", "C2"]


def test_every_member_of_a_gzip_file_is_read_and_their_headers_dropped(deliver: Callable) -> None:
    first = gzip.compress(b"\xef\xbb\xbf" + (HEAD + rows(1)).encode())
    second = gzip.compress(b"\xef\xbb\xbf" + (HEAD + rows(2)).encode())
    read = deliver(CRM, {"customers.csv.gz": first + second + b"\0" * 16})
    assert read.column("customer_id") == ["C1", "C2"]
    assert any("repeated at line 3" in note for note in read.report.notes)


@pytest.mark.parametrize("lost", [1, 8, 30])
def test_a_truncated_gzip_is_refused_and_nothing_is_written(refused: Callable, lost: int) -> None:
    whole = gzip.compress((HEAD + rows(*range(100))).encode())
    [fault] = refused(CRM, {"customers.csv.gz": whole[:-lost]})
    assert "truncated" in fault.reason


def test_a_damaged_gzip_is_refused(refused: Callable) -> None:
    whole = bytearray(gzip.compress((HEAD + rows(*range(1000))).encode()))
    whole[len(whole) // 2] ^= 0xFF
    [fault] = refused(CRM, {"customers.csv.gz": bytes(whole)})
    assert "damaged" in fault.reason or "truncated" in fault.reason


def test_bytes_after_the_gzip_that_are_not_gzip_are_refused(refused: Callable) -> None:
    [fault] = refused(CRM, {"customers.csv.gz": gzip.compress((HEAD + rows(1)).encode()) + b"C9,lost"})
    assert "damaged" in fault.reason


def test_a_gzip_bomb_is_stopped_at_its_bound(refused: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "BOMB_FLOOR", 1 << 20)
    bomb = gzip.compress(HEAD.encode() + b"\n" * (8 << 20))
    [fault] = refused(CRM, {"customers.csv.gz": bomb})
    assert "unpacks to more than" in fault.reason


def test_a_zip_with_one_file_is_read_under_the_zips_name(deliver: Callable) -> None:
    read = deliver(CRM, {"customers.zip": zipped({"any/name.csv": HEAD + rows(1), "__MACOSX/._name.csv": "litter"})})
    assert read.column("_source_file") == ["customers.zip"]


def test_a_zip_with_several_files_is_one_file_with_named_members(deliver: Callable) -> None:
    read = deliver(CRM, {"customers.zip": zipped({"b.csv": HEAD + rows(2), "a.csv": HEAD + rows(1)})})
    assert read.frame.select("customer_id", "_source_file", "_source_row").rows() == [
        ("C1", "customers.zip/a.csv", 1),
        ("C2", "customers.zip/b.csv", 1),
    ]
    assert [(file.file, file.rows) for file in read.report.files] == [("customers.zip", 2)]


@pytest.mark.parametrize("name", ["../evil.csv", "/etc/passwd.csv", "a/../../b.csv", "..\\evil.csv", "C:evil.csv"])
def test_a_name_that_climbs_out_of_the_zip_is_refused(refused: Callable, name: str) -> None:
    [fault] = refused(CRM, {"customers.zip": zipped({"a.csv": HEAD + rows(1), name: HEAD})})
    assert "climbs out" in fault.reason


def test_a_zip_bomb_is_stopped_at_its_bound(refused: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "BOMB_FLOOR", 1 << 20)
    [fault] = refused(CRM, {"customers.zip": zipped({"a.csv": HEAD + "\n" * (8 << 20)})})
    assert "unpacks to more than" in fault.reason


@pytest.mark.parametrize("content", [b"PK\x03\x04 not really", zipped({"a.csv": HEAD + rows(1)})[:-30], b""])
def test_a_damaged_zip_is_refused(refused: Callable, content: bytes) -> None:
    [fault] = refused(CRM, {"customers.zip": content})
    assert "zip" in fault.reason


def test_a_zip_holding_something_else_is_refused(refused: Callable) -> None:
    [fault] = refused(CRM, {"customers.zip": zipped({"a.csv": HEAD + rows(1), "b.exe": "MZ"})})
    assert fault.value == "b.exe"


def test_an_ending_nobody_reads_is_refused_with_those_that_are_read(refused: Callable) -> None:
    [fault] = refused(CRM, {"customers.xls": b"anything"})
    assert ".parquet" in fault.remedy


def test_a_refusal_leaves_the_earlier_reading_as_it_was(deliver: Callable, tmp_path: Path) -> None:
    deliver(CRM, {"customers.csv": HEAD + rows(1)})
    before = {part.name: part.read_bytes() for part in (tmp_path / "lake" / "crm__customers").iterdir()}
    with pytest.raises(Exception, match="truncated"):
        deliver(CRM, {"customers.csv.gz": gzip.compress((HEAD + rows(1, 2)).encode())[:-4]})
    assert {part.name: part.read_bytes() for part in (tmp_path / "lake" / "crm__customers").iterdir()} == before
    assert [path.name for path in (tmp_path / "lake").iterdir()] == ["crm__customers"]


def test_the_same_files_give_the_same_bytes(deliver: Callable, tmp_path: Path) -> None:
    files = {"customers.csv": HEAD + rows(*range(1000))}
    folder = tmp_path / "lake" / "crm__customers"
    deliver(CRM, files)
    first = [part.read_bytes() for part in sorted(folder.iterdir())]
    deliver(CRM, files)
    assert [part.read_bytes() for part in sorted(folder.iterdir())] == first
