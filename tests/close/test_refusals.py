"""A close that is refused says why, exits as documented, and leaves the last published file byte for byte."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.host import job
from orchestration.settings import PROJECT, Paths
from orchestration.warehouse import lock

pytestmark = pytest.mark.long


def _cuadre(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from orchestration.cli import main; main()", *arguments]
    environment = os.environ | {"CUADRE_HOME": str(home), "COLUMNS": "200"}
    return subprocess.run(
        command, env=environment, cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False
    )


def _published(paths: Paths) -> dict[str, str]:
    files = [paths.published / "cuadre.duckdb", *(paths.published / "marts").rglob("*.parquet")]
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def _edit(file: Path, row: int, column: str, value: str) -> None:
    """Put another value into one cell of a CSV without quoted commas; row 1 is the first data row."""
    lines = file.read_text(encoding="utf-8").splitlines()
    cells = lines[row].split(",")
    cells[lines[0].split(",").index(column)] = value
    lines[row] = ",".join(cells)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_an_unreadable_file_exits_2_names_the_place_and_publishes_nothing_new(closed_home: Paths) -> None:
    before = _published(closed_home)
    invoices = closed_home.inbox / "erp/2024-09/invoices.csv"
    _edit(invoices, 1, "net_amount", "12a.50")

    refused = _cuadre(closed_home.home, "close", "2024-09")

    assert refused.returncode == 2, refused.stdout + refused.stderr
    said = " ".join(refused.stderr.split())
    assert "invoices.csv" in said and "line 2" in said and "net_amount" in said and "12a.50" in said
    assert _published(closed_home) == before
    assert list(closed_home.rejected.rglob("reason.json"))


def test_a_refused_gate_exits_1_names_the_item_and_publishes_nothing_new(closed_home: Paths) -> None:
    before = _published(closed_home)
    invoices = closed_home.inbox / "erp/2024-09/invoices.csv"
    lines = invoices.read_text(encoding="utf-8").splitlines()
    # The same document twice: its key repeats.
    invoices.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")

    refused = _cuadre(closed_home.home, "close", "2024-09")

    assert refused.returncode == 1, refused.stdout + refused.stderr
    said = " ".join(refused.stderr.split())
    assert "raw.erp__invoices.key.is_unique" in said and "Remove the repeated rows" in said
    assert _published(closed_home) == before


def test_a_month_that_nobody_delivered_exits_2_and_lists_those_there_are(inbox_home: Paths) -> None:
    refused = _cuadre(inbox_home.home, "close", "2031-01")
    assert refused.returncode == 2
    assert "2023-11, 2024-09" in " ".join(refused.stderr.split())


def test_a_second_close_is_refused_while_one_writes(closed_home: Paths) -> None:
    before = _published(closed_home)
    with lock.sole_writer(closed_home):
        refused = _cuadre(closed_home.home, "close", "2024-09")
    assert refused.returncode == 75, refused.stderr
    assert f"process {os.getpid()}" in " ".join(refused.stderr.split())
    assert _published(closed_home) == before


def test_a_corrected_delivery_changes_only_what_it_touched_and_says_so(closed_home: Paths) -> None:
    before = _published(closed_home)
    _edit(closed_home.inbox / "crm/2024-09/customers.csv", 1, "segment", "C")

    outcome = job.close(closed_home, "2024-09")

    assert outcome.exit_code == 0, outcome.reasons
    changed = {change.table for change in outcome.release.changes}
    # A customer's segment stands in dim_customer alone; the delivery, the period's manifest and the checklist's run id
    # change with it. No charge, no unit and no leak may move.
    assert "dim_customer" in changed
    assert changed <= {"dim_customer", "fct_delivery", "fct_checklist_item", "dim_close_period"}
    after = _published(closed_home)
    untouched = [
        file for file in before if re.search("/fct_(provider_charge|reconciliation|leak)/close_period=2024-09/", file)
    ]
    assert len(untouched) > 3  # charges of several sources
    assert all(before[file] == after[file] for file in untouched)
