"""`status` and the sensor say what the published release truly holds: after a file replaced in a close, a kill, a withdrawal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

import duckdb
import pytest

from orchestration import progress
from orchestration.close import watch
from orchestration.host import job
from orchestration.publish import closes
from orchestration.settings import PROJECT, Paths, samples

pytestmark = pytest.mark.long

MONTH = "2023-11"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """A home whose inbox holds the smaller of the bundled months. The tests of this module act on it one after the other."""
    home = tmp_path_factory.mktemp("months")
    for source in (samples() / "inbox").glob(f"*/{MONTH}"):
        target = home / "inbox" / source.parent.name / MONTH
        target.mkdir(parents=True)
        for file in source.iterdir():
            (target / file.name).write_bytes(file.read_bytes())
    return Paths(home=home, inbox=home / "inbox")


def _close(paths: Paths) -> None:
    outcome = job.close(paths, MONTH)
    assert outcome.exit_code == 0, outcome.reasons


def _once(step: str, act: Callable[[], object]) -> progress.Listener:
    """Act when the step has ended."""

    def listen(name: str, seconds: float | None) -> None:
        if name == step and seconds is not None:
            act()

    return listen


def _month(paths: Paths) -> watch.Month:
    (month,) = watch.months(paths)
    return month


def _cuadre(paths: Paths, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from orchestration.cli import main; main()", *arguments],
        env=os.environ | {"CUADRE_HOME": str(paths.home), "COLUMNS": "300"},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def _periods(paths: Paths) -> list[str]:
    with duckdb.connect(str(paths.published / "cuadre.duckdb"), read_only=True) as marts:
        return [period for (period,) in marts.execute("select close_period from marts.dim_close_period").fetchall()]


def test_a_file_replaced_while_a_close_runs_is_news_after_it(home: Paths) -> None:
    customers = home.inbox / "crm" / MONTH / "customers.csv"
    corrected = customers.read_text().replace(",A,", ",B,", 1)
    assert corrected != customers.read_text()

    # The CRM has been read; the marts are not yet published.
    with progress.listening(_once("focus: build", lambda: customers.write_text(corrected))):
        _close(home)

    assert _month(home).has_news
    _close(home)
    assert not _month(home).has_news


def test_a_kill_between_keeping_a_close_and_pointing_at_it_leaves_status_and_sensor_truthful(home: Paths) -> None:
    before = closes.released(home)[MONTH]
    invoices = home.inbox / "erp" / MONTH / "invoices.csv"
    invoices.write_text(invoices.read_text())  # touched: another mark, hence another manifest
    launched = _month(home).mark
    program = (
        "import os, sys\n"
        "from orchestration.host import job\n"
        "from orchestration.publish import release\n"
        "from orchestration.settings import load_paths\n"
        "release._point = lambda *_: os._exit(9)\n"  # what a kill at this very moment leaves
        f"job.close(load_paths(), '{MONTH}')\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"CUADRE_HOME": str(home.home)},
        cwd=PROJECT,
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert killed.returncode == 9

    kept = json.loads((closes.closes(home)[MONTH] / "manifest.json").read_text())
    assert kept != before and closes.released(home)[MONTH] == before
    seen = _month(home)
    assert seen.has_news and seen.mark != launched  # a run that was asked for once is not asked for twice
    assert "a finished close waits to be published" in " ".join(_cuadre(home, "status").stdout.split())

    _close(home)
    assert closes.released(home)[MONTH]["inbox"] == kept["inbox"]
    assert not _month(home).has_news
    assert "waits to be published" not in _cuadre(home, "status").stdout


def test_a_month_that_was_never_published_cannot_be_withdrawn(home: Paths) -> None:
    refused = _cuadre(home, "withdraw", "2031-01")

    assert refused.returncode == 2
    assert " ".join(refused.stderr.split()) == (
        f"2031-01 is not published in {home.home}. Published: {MONTH}. `cuadre status` lists the months."
    )


def test_a_withdrawn_month_leaves_the_release_and_stays_out_until_its_inbox_changes(home: Paths) -> None:
    close_id = closes.released(home)[MONTH]["close_id"]

    withdrawn = _cuadre(home, "withdraw", MONTH, "--because", "the [ERP] was wrong")

    assert withdrawn.returncode == 0, withdrawn.stderr
    assert not home.published.exists()
    said = " ".join(_cuadre(home, "status").stdout.split())
    assert f"withdrawn (was {close_id}) the [ERP] was wrong" in said
    assert not _month(home).has_news and _month(home).is_withdrawn
    assert watch.open_months(home) == []
    assert list((home.lake / "inbox" / "withdrawn" / MONTH).glob("*/fct_leak.parquet"))

    invoices = home.inbox / "erp" / MONTH / "invoices.csv"
    invoices.write_text(invoices.read_text())
    assert [month.period for month in watch.open_months(home)] == [MONTH]
    _close(home)
    assert _periods(home) == [MONTH]
    assert closes.withdrawn(home) == {} and not _month(home).is_withdrawn


def test_a_month_is_withdrawn_and_the_others_stay(closed_home: Paths) -> None:
    marts = sorted(table.name for table in (closed_home.published / "marts").iterdir())
    old = closed_home.published.resolve()

    assert _cuadre(closed_home, "withdraw", "2024-09").returncode == 0

    assert _periods(closed_home) == [MONTH]
    assert closed_home.published.resolve() != old
    assert sorted(table.name for table in (closed_home.published / "marts").iterdir()) == marts
    assert list(closes.released(closed_home)) == [MONTH]
