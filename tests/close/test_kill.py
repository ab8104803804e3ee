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

from orchestration.host import job
from orchestration.settings import PROJECT, Paths

pytestmark = pytest.mark.long

COMMAND = [sys.executable, "-c", "from orchestration.cli import main; main()", "close", "2024-09"]
TRACES = {
    "while reading the inbox": "scratch/*/*",
    "while building the warehouse": "warehouse/2024-09.duckdb",
    "while writing the marts": "scratch/close-2024-09/*",
    "while making the release": "scratch/release-*",
}
"""What a close leaves in its home when it has come that far."""


def _hashes(paths: Paths) -> dict[str, str]:
    marts = paths.published / "marts"
    files = marts.rglob("*.parquet")
    return {str(file.relative_to(marts)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def _periods(paths: Paths) -> set[str]:
    with duckdb.connect(str(paths.published / "cuadre.duckdb"), read_only=True) as marts:
        return {p for (p,) in marts.execute("select distinct close_period from marts.fct_provider_charge").fetchall()}


def _killed_at(paths: Paths, trace: str) -> int:
    """Start a close in a process of its own, kill it as soon as it leaves a new trace, and say how it ended."""
    paths.warehouse("2024-09").unlink(
        missing_ok=True
    )  # it may be deleted at any time, and an old one would be no trace of this close
    known = set(paths.home.glob(trace))
    process = subprocess.Popen(
        COMMAND,
        env=os.environ | {"CUADRE_HOME": str(paths.home)},
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 300
    while not set(paths.home.glob(trace)) - known and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    return process.wait(30)


def test_a_close_killed_at_every_stage_leaves_the_last_release_and_the_next_close_is_whole(
    half_closed_home: Paths, both_months_closed: Paths
) -> None:
    before = _hashes(half_closed_home)
    for stage, trace in TRACES.items():
        assert _killed_at(half_closed_home, trace) == -signal.SIGKILL, stage
        # What a reader finds is the old release or, from the moment it is finished, the new one; never a mixture.
        if stage == "while making the release" and _periods(half_closed_home) != {"2023-11"}:
            assert _hashes(half_closed_home) == _hashes(both_months_closed)
        else:
            assert _periods(half_closed_home) == {"2023-11"}, stage
            assert _hashes(half_closed_home) == before, stage

    assert job.close(half_closed_home, "2024-09").exit_code == 0

    assert _hashes(half_closed_home) == _hashes(both_months_closed)
    assert list(half_closed_home.scratch.rglob("*.parquet")) == []


def test_a_reader_holding_the_old_release_open_is_not_disturbed(half_closed_home: Paths) -> None:
    old = half_closed_home.published.resolve()
    with duckdb.connect(str(half_closed_home.published / "cuadre.duckdb"), read_only=True) as reader:
        count = "select count(*) from marts.fct_provider_charge"
        (before,) = reader.execute(count).fetchone()
        assert job.close(half_closed_home, "2024-09").exit_code == 0
        assert reader.execute(count).fetchone() == (before,)
    assert half_closed_home.published.is_symlink()
    assert half_closed_home.published.resolve() != old
    assert Path(half_closed_home.published / "cuadre.duckdb").is_file()
