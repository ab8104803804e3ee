"""One writer at a time: of two closes one wins, and the other is told so and exits as documented."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from orchestration.host import job
from orchestration.settings import PROJECT, Paths
from orchestration.warehouse import lock

CONTEND = """
import sys
from pathlib import Path
from orchestration.warehouse import lock
from orchestration.settings import Paths

home = Path(sys.argv[1])
paths = Paths(home=home, inbox=home / "inbox")
held = refused = 0
for _ in range(int(sys.argv[2])):
    try:
        with lock.sole_writer(paths):
            with (home / "inside").open("x"):
                held += 1
            (home / "inside").unlink()
    except lock.WarehouseBusy as busy:
        refused += 1
        assert "process" in str(busy) and "closing a month here" in str(busy)
print(held, refused)
"""
"""Ask for the lock again and again. Two holders at once would collide on the file `inside`."""


def _paths(home: Path) -> Paths:
    return Paths(home=home, inbox=home / "inbox")


def test_six_processes_that_ask_at_once_are_served_one_at_a_time_and_never_fail(tmp_path: Path) -> None:
    asking = [
        subprocess.Popen(
            [sys.executable, "-c", CONTEND, str(tmp_path), "300"],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    told = [process.communicate(timeout=240) for process in asking]

    assert [stderr for _, stderr in told] == [""] * 6
    assert [process.returncode for process in asking] == [0] * 6
    served = [[int(number) for number in stdout.split()] for stdout, _ in told]
    assert all(sum(one) == 300 for one in served)
    assert sum(held for held, _ in served) > 0


def test_the_thread_that_holds_the_home_may_ask_again_and_another_thread_may_not(tmp_path: Path) -> None:
    refused: list[str] = []

    def ask() -> None:
        try:
            with lock.sole_writer(_paths(tmp_path)):
                pass
        except lock.WarehouseBusy as busy:
            refused.append(str(busy))

    with lock.sole_writer(_paths(tmp_path)):
        with lock.sole_writer(_paths(tmp_path)):
            pass
        other = threading.Thread(target=ask)
        other.start()
        other.join(30)
        assert f"process {os.getpid()}" in refused[0]
    ask()
    assert len(refused) == 1


def test_whoever_has_patience_waits_for_the_holder(tmp_path: Path) -> None:
    inside, seen = threading.Event(), []

    def hold() -> None:
        with lock.sole_writer(_paths(tmp_path)):
            inside.set()
            time.sleep(0.3)
            seen.append("first")

    holder = threading.Thread(target=hold)
    holder.start()
    inside.wait(30)
    with lock.sole_writer(_paths(tmp_path), patience=30):
        seen.append("second")
    holder.join(30)
    assert seen == ["first", "second"]


@pytest.mark.parametrize("note", ["", "{", '{"pid": null}', "[]", '{"pid": 999999999}'])
def test_a_half_written_or_left_over_note_about_the_holder_still_gives_one_plain_sentence(
    tmp_path: Path, note: str
) -> None:
    refused: list[str] = []

    def ask() -> None:
        try:
            with lock.sole_writer(_paths(tmp_path)):
                pass
        except lock.WarehouseBusy as busy:
            refused.append(str(busy))

    with lock.sole_writer(_paths(tmp_path)):
        (tmp_path / "warehouse" / "close.holder.json").write_text(note)
        other = threading.Thread(target=ask)
        other.start()
        other.join(30)
    assert "another process is closing a month here" in refused[0]


@pytest.mark.long
def test_of_closes_started_at_once_in_an_empty_home_one_works_and_the_others_exit_75(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from orchestration.cli import main; main()", "close", "2023-11"]
    closes = [
        subprocess.Popen(
            command,
            env=os.environ | {"CUADRE_HOME": str(tmp_path), "COLUMNS": "300"},
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    told = [process.communicate(timeout=300) for process in closes]

    assert {process.returncode for process in closes} == {0, 75}, told
    for process, (_, stderr) in zip(closes, told, strict=True):
        assert "Traceback" not in stderr
        assert process.returncode == 0 or "is closing a month here" in " ".join(stderr.split())


@pytest.mark.long
def test_a_close_inside_this_process_is_refused_before_dagster_is_opened(tmp_path: Path) -> None:
    inside, done = threading.Event(), threading.Event()

    def hold() -> None:
        with lock.sole_writer(_paths(tmp_path)):
            inside.set()
            done.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    inside.wait(30)
    with pytest.raises(lock.WarehouseBusy):
        job.close(_paths(tmp_path), "2023-11")
    done.set()
    holder.join(30)
    assert not (tmp_path / ".dagster").exists()
