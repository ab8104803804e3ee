"""Killed at any moment, the next run gives the same bytes."""

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from extracts import cur, customers, rates

from orchestration.intake import contents, ledger, ledger_file, receive


class Killed(BaseException):
    """Stands in for the end of the process."""


def bytes_below(folder) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def in_the_lake(home) -> dict[str, bytes]:
    return bytes_below(home.paths.lake / "inbox")


@pytest.fixture
def expected(home):
    """What an undisturbed run leaves: parquet and fct_delivery."""
    other = type(home)(type(home.paths)(home=home.paths.home.with_name("other"), inbox=home.paths.inbox))
    home.drop("aws_cur/2026-10/a.csv", cur("1", "2"))
    other.take_in("aws_cur")
    return in_the_lake(other), other.rows()


def kill_at(monkeypatch, where, name):
    def killed(*args, **kwargs):
        raise Killed

    monkeypatch.setattr(where, name, killed)


@pytest.mark.parametrize(
    ("where", "name"), [(os, "replace"), (os, "fsync"), (ledger, "record_accepted"), (ledger, "_write")]
)
def test_killed_while_accepting_the_next_run_gives_the_same_bytes(home, expected, monkeypatch, where, name):
    candidate = home.prepare("aws_cur")
    with monkeypatch.context() as patch, pytest.raises(Killed):
        kill_at(patch, where, name)
        receive.accept(home.paths, candidate)
    assert home.current("aws_cur") is None
    home.take_in("aws_cur")
    assert (in_the_lake(home), home.rows()) == expected


def test_killed_while_reading_nothing_is_left_and_the_next_run_gives_the_same_bytes(home, expected, monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(Killed):
        kill_at(patch, contents, "read")
        home.prepare("aws_cur")
    assert bytes_below(home.paths.scratch) == {}
    home.take_in("aws_cur")
    assert (in_the_lake(home), home.rows()) == expected


END_AT = """
import importlib, os, sys
from pathlib import Path
from orchestration.intake import receive
from orchestration.contracts import SOURCES
from orchestration.settings import Paths

home, module, name, times = sys.argv[1], importlib.import_module(sys.argv[2]), sys.argv[3], int(sys.argv[4])
real, calls = getattr(module, name), []

def counted(*args, **kwargs):
    calls.append(name)
    if len(calls) == times:
        os._exit(9)  # no cleaning up, as when the process is killed
    return real(*args, **kwargs)

setattr(module, name, counted)
paths = Paths(home=Path(home), inbox=Path(home) / "inbox")
receive.accept(paths, receive.prepare(paths, SOURCES["aws_cur"], "2026-10"))
"""


@pytest.mark.parametrize(
    ("module", "name", "times"),
    [
        ("os", "replace", 1),  # the reader puts its parts in place
        ("os", "replace", 2),  # the delivery goes into the lake
        ("os", "fsync", 1),
        ("orchestration.intake.seen", "remember_hashes", 1),
        ("orchestration.intake.ledger", "record_accepted", 1),  # in the lake, not yet in the ledger
        ("orchestration.intake.ledger", "_write", 1),
        ("orchestration.intake.ledger", "current", 1),  # all done but the answer
    ],
)
def test_a_process_that_ends_at_any_step_leaves_nothing_that_the_next_run_does_not_mend(
    home, expected, module, name, times
):
    ended = subprocess.run([sys.executable, "-c", END_AT, home.paths.home, module, name, str(times)], check=False)
    assert ended.returncode == 9
    home.take_in("aws_cur")
    assert (in_the_lake(home), home.rows()) == expected
    assert bytes_below(home.paths.scratch) == {}


def test_the_scratch_of_a_dead_process_is_swept_and_that_of_a_live_one_is_not(home, expected):
    workshop = home.paths.scratch / "intake" / "inbox" / "aws_cur" / "2026-10"
    dead, alive = workshop / "abc.4194305", workshop / f"abc.{os.getppid()}"  # above any process number of Linux
    for folder in (dead, alive):
        folder.mkdir(parents=True)
    home.prepare("aws_cur")
    assert not dead.exists()
    assert alive.exists()


def test_a_folder_that_no_row_names_is_swept_from_the_lake(home, expected):
    orphan = home.paths.lake / "inbox" / "aws_cur" / "2026-10" / ("f" * 64)
    (orphan / "lines").mkdir(parents=True)
    home.take_in("aws_cur")
    assert not orphan.exists()
    assert in_the_lake(home) == expected[0]


def test_killed_between_the_two_moves_of_a_second_reading_the_first_reading_returns(home, expected):
    delivery = home.take_in("aws_cur")
    folder = delivery.tables["lines"].parent
    folder.rename(folder.with_suffix(".old"))
    assert isinstance(home.prepare("aws_cur"), receive.Unchanged)
    assert in_the_lake(home) == expected[0]


def test_killed_while_replacing_what_was_accepted_still_counts(home, expected, monkeypatch):
    first = home.take_in("aws_cur")
    home.drop("aws_cur/2026-10/a.csv", cur("5"))
    candidate = home.prepare("aws_cur")
    with monkeypatch.context() as patch, pytest.raises(Killed):
        kill_at(patch, ledger, "_write")
        receive.accept(home.paths, candidate)
    assert home.current("aws_cur") == first
    assert home.take_in("aws_cur").files[0].amount_total == 5


def test_a_ledger_that_was_only_just_created_is_an_empty_ledger(home):
    home.paths.lake.mkdir(parents=True)
    sqlite3.connect(home.paths.lake / "ledger.sqlite").close()
    (home.paths.lake / "ledger.sqlite").touch()
    assert home.current("aws_cur") is None
    assert home.rows() == []


def test_a_file_that_changes_while_it_is_read_is_refused(home, monkeypatch):
    file = home.drop("aws_cur/2026-10/a.csv", cur("1"))
    read = contents.read

    def meanwhile(*args, **kwargs):
        report = read(*args, **kwargs)
        file.write_text(cur("1", "2"))
        return report

    monkeypatch.setattr(contents, "read", meanwhile)
    (fault,) = home.refusal("aws_cur")
    assert (fault.file, fault.reason) == ("aws_cur/2026-10/a.csv", "changed while it was read")


def test_only_one_delivery_of_a_source_and_period_can_count(home, expected):
    home.take_in("aws_cur")
    with pytest.raises(sqlite3.IntegrityError), ledger_file.transaction(home.paths) as db:
        db.execute(
            "insert into delivery select origin, source, close_period, 'other', outcome, status, reason, received_at,"
            " contract_sha256, tables, notes from delivery"
        )
    assert len(home.rows()) == 1


def test_sources_taken_in_at_the_same_time_wait_for_each_other(home):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    home.drop("crm/2026-10/customers.csv", customers("C1"))
    home.drop("fx/2026-10/fx_rates.csv", rates("3.75"))
    with ThreadPoolExecutor(3) as pool:
        deliveries = list(pool.map(home.take_in, ("aws_cur", "crm", "fx")))
    assert [home.current(delivery.source) for delivery in deliveries] == deliveries


def test_nothing_is_written_by_asking(home):
    assert home.current("aws_cur") is None
    assert home.rows() == []
    assert not home.paths.lake.exists()
