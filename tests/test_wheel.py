"""The wheel holds what a close opens, nothing else, and closes a month where no checkout is."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from orchestration.settings import PROJECT

CARRIED = {
    "orchestration/": "orchestration/",
    "expectations/": "expectations/",
    "dbt_project/": "orchestration/bundled/dbt_project/",
    "data/samples/inbox/": "orchestration/bundled/data/samples/inbox/",
    "data/samples/README.md": "orchestration/bundled/data/samples/README.md",
    "data/samples/PROVENANCE.md": "orchestration/bundled/data/samples/PROVENANCE.md",
}
"""Where each part of the checkout lies in the wheel."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, made by the build backend that is installed: nothing is downloaded."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=PROJECT, check=True
    )
    (made,) = folder.glob("*.whl")
    return made


def test_the_wheel_holds_what_a_close_opens_and_nothing_else(wheel: Path) -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, check=True, capture_output=True, text=True).stdout
    expected = {
        lies + name.removeprefix(part)
        for name in tracked.split("\0")
        for part, lies in CARRIED.items()
        if name.startswith(part) and (PROJECT / name).is_file()
    }
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in PurePosixPath(name).as_posix()}

    assert held == expected


@pytest.mark.long
def test_a_month_closes_from_the_wheel_into_the_current_folder(wheel: Path, tmp_path: Path) -> None:
    installed, empty, user = tmp_path / "installed", tmp_path / "empty", tmp_path / "user"
    zipfile.ZipFile(wheel).extractall(installed)
    empty.mkdir()
    user.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CUADRE_")}
    ran = subprocess.run(
        [sys.executable, "-c", "from orchestration.cli import main; main()", "close", "2023-11"],
        cwd=empty,
        env=environment | {"HOME": str(user), "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (empty / "data/published/cuadre.duckdb").is_file()
    assert sorted(path.name for path in empty.iterdir()) == ["data"]
    # Matplotlib keeps its list of fonts there; nothing else is left with the user.
    assert [file for file in user.rglob("*") if file.is_file() and "matplotlib" not in file.parts] == []
