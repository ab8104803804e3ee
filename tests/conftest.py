"""Homes that several test modules read. Nothing here writes into a home that another test reads."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from orchestration.settings import Paths, samples

# A change is judged by the same examples each time; whoever works on the code meets new ones at every run.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with whole closes run first and the short ones last, so that all test processes end together.

    Of the files that read the bundled homes one opens the run and the others follow late: until it has closed them, they would wait.
    """
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)

    def has(tests: list[pytest.Item], *fixtures: str) -> bool:
        return any(set(fixtures) & set(getattr(item, "fixturenames", ())) for item in tests)

    every = list(files.values())
    long = [tests for tests in every if has(tests, "shared_home") or any(i.get_closest_marker("long") for i in tests)]
    readers = [tests for tests in long if has(tests, "closed_sample", "first_month_closed")]
    others = [tests for tests in long if tests not in readers]
    short = [tests for tests in every if tests not in long]
    items[:] = [item for tests in (*readers[:1], *others, *readers[1:], *short) for item in tests]


SharedHome = Callable[[str, Callable[[Path], None]], Path]
"""Name and builder of a home → its folder, built by the first test process that asks."""


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> SharedHome:
    """A home that every test process of this run reads: closing it once a process would double the suite's time."""
    own = tmp_path_factory.getbasetemp()
    together = (own if worker_id == "master" else own.parent) / "shared"
    together.mkdir(exist_ok=True)

    def build_once(name: str, build: Callable[[Path], None]) -> Path:
        home, finished = together / name, together / f"{name}.finished"
        with FileLock(together / f"{name}.lock"):
            if not finished.exists():
                shutil.rmtree(home, ignore_errors=True)
                home.mkdir()
                build(home)
                finished.touch()
        return home

    return build_once


@pytest.fixture(scope="session")
def closed_sample(shared_home: SharedHome) -> Paths:
    """A home in which both bundled months were closed. Read only: copy it before you change it."""

    def build(home: Path) -> None:
        for period in ("2023-11", "2024-09"):
            _close(Paths(home=home, inbox=samples() / "inbox"), period)

    return Paths(home=shared_home("sample", build), inbox=samples() / "inbox")


@pytest.fixture
def inbox_home(tmp_path: Path) -> Paths:
    """A home of its own whose inbox is a copy of the bundled months, so that a test may change files."""
    return _with_inbox(tmp_path)


@pytest.fixture(scope="session")
def first_month_closed(shared_home: SharedHome) -> Paths:
    """A user's home, with the bundled months in its inbox, of which the first was closed. Read only."""
    home = shared_home("first", lambda home: _close(_with_inbox(home), "2023-11"))
    return Paths(home=home, inbox=home / "inbox")


@pytest.fixture(scope="session")
def both_months_closed(first_month_closed: Paths, shared_home: SharedHome) -> Paths:
    """The same home a month later. Read only."""
    home = shared_home("both", lambda home: _close(_copy(first_month_closed, home / "home"), "2024-09")) / "home"
    return Paths(home=home, inbox=home / "inbox")


@pytest.fixture
def half_closed_home(first_month_closed: Paths, tmp_path: Path) -> Paths:
    """A copy of its own of the home whose first month was closed."""
    return _copy(first_month_closed, tmp_path / "home")


@pytest.fixture
def closed_home(both_months_closed: Paths, tmp_path: Path) -> Paths:
    """A copy of its own of the home whose months were both closed."""
    return _copy(both_months_closed, tmp_path / "home")


def _close(paths: Paths, period: str) -> None:
    from orchestration.host import job

    outcome = job.close(paths, period)
    assert outcome.exit_code == 0, outcome.reasons


def _with_inbox(home: Path) -> Paths:
    paths = Paths(home=home, inbox=home / "inbox")
    shutil.copytree(samples() / "inbox", paths.inbox)
    return paths


def _copy(paths: Paths, home: Path) -> Paths:
    """Everything but the run history: a test finds in it only the runs that it started."""
    shutil.copytree(paths.home, home, symlinks=True, ignore=shutil.ignore_patterns(".dagster"))
    return Paths(home=home, inbox=home / "inbox")
