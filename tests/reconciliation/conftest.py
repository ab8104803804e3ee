"""A closed home of the conformance month, for every test that only reads it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from orchestration import close
from orchestration.settings import Paths

MONTH = Path(__file__).parent.parent / "conformance"


@pytest.fixture(scope="session")
def conformance_home(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """The conformance month, closed by the real job. Read only."""
    home = tmp_path_factory.mktemp("conformance")
    shutil.copytree(MONTH / "inbox", home / "inbox")
    shutil.copy(MONTH / "truth.csv", home)
    paths = Paths(home=home, inbox=home / "inbox")
    outcome = close.close(paths, "2026-09")
    assert outcome.exit_code == 0, outcome.reasons
    return paths
