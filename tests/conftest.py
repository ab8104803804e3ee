"""Homes that several test modules read. Nothing here writes into a home that another test reads."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from orchestration.settings import Paths, samples


@pytest.fixture(scope="session")
def closed_sample(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """A home in which both bundled months were closed. Read only: copy it before you change it."""
    from orchestration import close

    home = tmp_path_factory.mktemp("sample")
    paths = Paths(home=home, inbox=samples() / "inbox")
    for period in ("2023-11", "2024-09"):
        outcome = close.close(paths, period)
        assert outcome.exit_code == 0, outcome.reasons
    return paths


@pytest.fixture
def inbox_home(tmp_path: Path) -> Paths:
    """A home of its own whose inbox is a copy of the bundled months, so that a test may change files."""
    paths = Paths(home=tmp_path, inbox=tmp_path / "inbox")
    shutil.copytree(samples() / "inbox", paths.inbox)
    return paths
