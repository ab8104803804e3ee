"""Closed homes of the conformance months, for every test that only reads them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.host import job
from orchestration.settings import Paths

FIRST = Path(__file__).parents[2] / "conformance"
MONTHS = {"first": FIRST, "second": FIRST / "second", "third": FIRST / "third"}


@pytest.fixture(scope="session", params=list(MONTHS))
def conformance_home(
    request: pytest.FixtureRequest, shared_home: Callable[[str, Callable[[Path], None]], Path]
) -> Paths:
    """Each conformance month, closed by the real job. Read only."""
    month = MONTHS[request.param]

    def closed(home: Path) -> None:
        shutil.copytree(month / "inbox", home / "inbox")
        for table in ("truth.csv", "units.csv"):
            if (month / table).exists():
                shutil.copy(month / table, home)
        outcome = job.close(Paths(home=home, inbox=home / "inbox"), "2026-09")
        assert outcome.exit_code == 0, outcome.reasons

    home = shared_home(f"conformance-{request.param}", closed)
    return Paths(home=home, inbox=home / "inbox")
