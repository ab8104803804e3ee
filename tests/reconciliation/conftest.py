"""A closed home of the conformance month, for every test that only reads it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration import close
from orchestration.settings import Paths

MONTH = Path(__file__).parent.parent / "conformance"


@pytest.fixture(scope="session")
def conformance_home(shared_home: Callable[[str, Callable[[Path], None]], Path]) -> Paths:
    """The conformance month, closed by the real job. Read only."""
    home = shared_home("conformance", _closed)
    return Paths(home=home, inbox=home / "inbox")


def _closed(home: Path) -> None:
    shutil.copytree(MONTH / "inbox", home / "inbox")
    shutil.copy(MONTH / "truth.csv", home)
    outcome = close.close(Paths(home=home, inbox=home / "inbox"), "2026-09")
    assert outcome.exit_code == 0, outcome.reasons
