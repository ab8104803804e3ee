"""A second close of an unchanged month says so and builds nothing; whatever may have changed, it runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestration.close import unchanged
from orchestration.host import job
from orchestration.publish import publish
from orchestration.settings import PROJECT, Paths, environment, samples
from orchestration.warehouse import transform

MONTH = "2023-11"

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """A home whose inbox holds one bundled month, closed once."""
    home = tmp_path_factory.mktemp("unchanged")
    for folder in (samples() / "inbox").glob(f"*/{MONTH}"):
        _copy(folder, home / "inbox" / folder.parent.name / MONTH)
    paths = Paths(home=home, inbox=home / "inbox")
    outcome = job.close(paths, MONTH)
    assert outcome.exit_code == 0, outcome.reasons
    return paths


def _copy(source: Path, target: Path) -> None:
    for file in source.rglob("*"):
        if file.is_file():
            to = target / file.relative_to(source)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(file.read_bytes())


@contextmanager
def _away(file: Path) -> Iterator[None]:
    aside = file.with_name(f".{file.name}.aside")
    file.rename(aside)
    try:
        yield
    finally:
        aside.rename(file)


def _close(paths: Paths, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from orchestration.cli import main; main()", "close", MONTH, *options]
    return subprocess.run(
        command, cwd=PROJECT, env=environment(paths.home), capture_output=True, text=True, timeout=600
    )


def test_a_month_as_it_was_published_need_not_be_built_again(paths: Paths) -> None:
    assert unchanged.is_published(paths, MONTH)


LOST: dict[str, Callable[[Paths], Path]] = {
    "the warehouse": lambda paths: paths.warehouse(MONTH),
    "a part in the lake": lambda paths: next((paths.lake / "inbox" / "aws_cur").rglob("*.parquet")),
    "a published file": lambda paths: paths.published.resolve() / "marts" / "dim_country.parquet",
    "a file in the inbox": lambda paths: next(file for file in paths.inbox.glob("aws_cur/*/*") if file.is_file()),
}


@pytest.mark.parametrize("what", ["the warehouse", "a part in the lake", "a published file"])
def test_a_month_of_which_something_is_lost_is_built_again(paths: Paths, what: str) -> None:
    with _away(LOST[what](paths)):
        assert not unchanged.is_published(paths, MONTH)


def test_a_month_under_other_rules_is_built_again(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transform, "rules_version", lambda: "other rules")

    assert not unchanged.is_published(paths, MONTH)


def test_the_command_says_that_nothing_changed_and_builds_only_when_told_to(paths: Paths) -> None:
    before = publish.last_release(paths, MONTH)
    built = (paths.warehouse(MONTH)).stat().st_mtime_ns
    said = _close(paths, "--lang", "es")

    assert said.returncode == 0, said.stderr
    assert "Nada cambió desde el último cierre" in said.stdout
    assert (paths.warehouse(MONTH)).stat().st_mtime_ns == built

    again = _close(paths, "--again")
    assert again.returncode == 0, again.stderr
    assert "Nothing changed since the last close, so it was not built again" not in again.stdout
    assert (paths.warehouse(MONTH)).stat().st_mtime_ns > built
    assert publish.last_release(paths, MONTH).folder == before.folder, "the same bytes"


def test_a_file_that_was_touched_is_read_again(paths: Paths) -> None:
    LOST["a file in the inbox"](paths).touch()

    assert not unchanged.is_published(paths, MONTH)
