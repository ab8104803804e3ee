"""When a month closes by itself: once its inbox is another than its published close read, and lies still."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from orchestration.close import watch
from orchestration.errors import CuadreError
from orchestration.settings import Paths

LATER = 11 * 60
"""Seconds: eleven minutes, one more than the ten that a month must lie still."""


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(home=tmp_path, inbox=tmp_path / "inbox")


def _drop(paths: Paths, name: str, text: str = "a,b\n1,2\n") -> Path:
    file = paths.inbox / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def _only(paths: Paths, *, after: float = 0) -> watch.Month:
    (month,) = watch.months(paths, now=time.time() + after)
    return month


def test_a_delivery_that_is_still_being_copied_waits_for_ten_quiet_minutes(paths: Paths) -> None:
    _drop(paths, "erp/2026-10/invoices.csv")

    assert _only(paths).has_news
    assert _only(paths).waits_for == (
        "2026-10 is closed once it lies still for 10 minutes, or has _READY in each folder: erp changed 0 minutes ago."
    )
    assert "changed 8 minutes ago" in (_only(paths, after=8.5 * 60).waits_for or "")
    assert _only(paths, after=LATER).waits_for is None


def test_an_old_date_of_a_file_does_not_hide_that_it_came_now(paths: Paths) -> None:
    file = _drop(paths, "erp/2026-10/invoices.csv")
    os.utime(file, (1, 1))  # as a copy that keeps the date of its original

    assert _only(paths).waits_for


def test_the_hidden_file_of_a_copy_in_progress_keeps_the_month_waiting(paths: Paths) -> None:
    _drop(paths, "erp/2026-10/invoices.csv")
    before = time.time()
    time.sleep(0.05)
    _drop(paths, "erp/2026-10/.invoice_lines.csv.Xa81bc")  # rsync writes under such a name

    (month,) = watch.months(paths, now=before + 10 * 60)
    assert month.waits_for


@pytest.mark.parametrize("name", ["_READY", "_ready", "_READY.txt"])
def test_a_delivery_that_its_sender_calls_ready_does_not_wait(paths: Paths, name: str) -> None:
    _drop(paths, "erp/2026-10/invoices.csv")
    _drop(paths, f"erp/2026-10/{name}", "")

    assert _only(paths).waits_for is None


def test_a_file_that_comes_after_the_word_ready_makes_it_void(paths: Paths) -> None:
    _drop(paths, "erp/2026-10/_READY", "")
    time.sleep(0.05)
    _drop(paths, "erp/2026-10/invoices.csv")

    assert _only(paths).waits_for


def test_one_ready_folder_does_not_speak_for_another(paths: Paths) -> None:
    _drop(paths, "erp/2026-10/invoices.csv")
    _drop(paths, "erp/2026-10/_READY", "")
    _drop(paths, "crm/2026-10/customers.csv")

    waits_for = _only(paths).waits_for or ""
    assert "crm changed" in waits_for and "erp changed" not in waits_for


def test_the_quiet_minutes_are_a_setting(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    _drop(paths, "erp/2026-10/invoices.csv")
    monkeypatch.setenv("CUADRE_QUIET_MINUTES", "0")
    assert _only(paths).waits_for is None
    monkeypatch.setenv("CUADRE_QUIET_MINUTES", "ten")
    with pytest.raises(CuadreError, match="CUADRE_QUIET_MINUTES is 'ten'"):
        watch.months(paths)


def test_a_file_replaced_by_one_of_equal_size_and_date_is_seen(paths: Paths) -> None:
    file = _drop(paths, "erp/2026-10/invoices.csv", "a\n1\n")
    seen, before = file.stat(), watch.mark(paths, "erp", "2026-10")
    time.sleep(0.05)
    corrected = _drop(paths, "erp/2026-10/.corrected", "a\n2\n")
    os.utime(corrected, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    corrected.replace(file)

    assert file.stat().st_size == seen.st_size and file.stat().st_mtime_ns == seen.st_mtime_ns
    assert watch.mark(paths, "erp", "2026-10") != before


@pytest.mark.parametrize("name", ["erp/2026-10/manifest.csv", "erp/2026-10/dialect.toml", "erp/dialect.toml"])
def test_whatever_changes_how_a_delivery_is_read_is_news(paths: Paths, name: str) -> None:
    _drop(paths, "erp/2026-10/invoices.csv")
    before = watch.mark(paths, "erp", "2026-10")
    _drop(paths, name)

    assert watch.mark(paths, "erp", "2026-10") != before


@pytest.mark.parametrize("name", ["_READY", ".DS_Store", "Thumbs.db", "README.md"])
def test_what_nobody_reads_is_no_news(paths: Paths, name: str) -> None:
    _drop(paths, "erp/2026-10/invoices.csv")
    before = watch.mark(paths, "erp", "2026-10")
    _drop(paths, f"erp/2026-10/{name}")

    assert watch.mark(paths, "erp", "2026-10") == before
