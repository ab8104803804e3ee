"""Killed at any moment, the next close makes the same bytes, and a reader of the last release never notices."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from orchestration import close
from orchestration.settings import PROJECT, Paths

pytestmark = pytest.mark.long

COMMAND = [sys.executable, "-c", "from orchestration.cli import main; main()", "close", "2024-09"]


def _hashes(paths: Paths) -> dict[str, str]:
    marts = paths.published / "marts"
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in marts.glob("*.parquet")}


def _step_seen(paths: Paths, marker: str) -> bool:
    """Whether a close has come as far as leaving a certain trace in its home."""
    return any(paths.home.glob(marker))


@pytest.mark.parametrize(
    "marker",
    [
        pytest.param("scratch/*", id="while reading the inbox"),
        pytest.param("warehouse/cuadre.duckdb", id="while building the warehouse"),
        pytest.param("scratch/close-2024-09/*", id="while writing the marts"),
        pytest.param("scratch/release-*", id="while making the release"),
    ],
)
def test_a_killed_close_leaves_the_last_release_and_the_next_one_is_whole(
    inbox_home: Paths, closed_sample: Paths, marker: str
) -> None:
    assert close.close(inbox_home, "2023-11").exit_code == 0
    before = _hashes(inbox_home)
    for leftover in inbox_home.home.glob(marker):
        leftover.unlink() if leftover.is_file() else None
    environment = os.environ | {"CUADRE_HOME": str(inbox_home.home)}
    process = subprocess.Popen(
        COMMAND, env=environment, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 120
    while not _step_seen(inbox_home, marker) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait(30)

    # What a reader finds is the old release or the new one, never a mixture.
    with duckdb.connect(str(inbox_home.published / "cuadre.duckdb"), read_only=True) as marts:
        periods = {
            p for (p,) in marts.execute("select distinct close_period from marts.fct_provider_charge").fetchall()
        }
    assert periods in ({"2023-11"}, {"2023-11", "2024-09"})
    if periods == {"2023-11"}:
        assert _hashes(inbox_home) == before

    assert close.close(inbox_home, "2024-09").exit_code == 0
    assert _hashes(inbox_home) == _hashes(closed_sample)


def test_a_reader_holding_the_old_release_open_is_not_disturbed(inbox_home: Paths) -> None:
    assert close.close(inbox_home, "2023-11").exit_code == 0
    with duckdb.connect(str(inbox_home.published / "cuadre.duckdb"), read_only=True) as reader:
        count = "select count(*) from marts.fct_provider_charge"
        (before,) = reader.execute(count).fetchone()
        assert close.close(inbox_home, "2024-09").exit_code == 0
        assert reader.execute(count).fetchone() == (before,)
    assert Path(inbox_home.published).is_symlink()
