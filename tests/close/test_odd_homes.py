"""Homes with odd names, without room or without rights; and nothing is ever sent out."""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.errors import Fault, HomeUnwritable, InputUnusable, of_the_machine
from orchestration.host import storage
from orchestration.settings import PROJECT, Paths, samples
from orchestration.warehouse import lock
from orchestration.warehouse.transform import TransformFailed

ODD = "o'brien [1] *"
MONTH = "2023-11"


def _paths(home: Path) -> Paths:
    return Paths(home=home, inbox=home / "inbox")


def _cuadre(
    home: Path, *arguments: str, before: Callable | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from orchestration.cli import main; main()", *arguments],
        env=os.environ | {"CUADRE_HOME": str(home), "COLUMNS": "300"} | more,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
        preexec_fn=before,
    )


def _with_one_month(home: Path) -> Paths:
    for source in (samples() / "inbox").glob(f"*/{MONTH}"):
        shutil.copytree(source, home / "inbox" / source.parent.name / MONTH)
    return _paths(home)


def _hashes(paths: Paths) -> dict[str, str]:
    marts = (paths.published / "marts").rglob("*.parquet")
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in marts}


@pytest.mark.parametrize("name", ["plain", ODD])
def test_dagster_reads_its_configuration_in_a_home_of_any_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "dagster.yaml").write_text("telemetry:\n  enabled: true\n")
    monkeypatch.setenv("DAGSTER_HOME", str(theirs))

    with dg.DagsterInstance.from_config(str(storage.dagster_home(_paths(tmp_path / name)))) as instance:
        assert instance.telemetry_enabled is False
        assert type(instance.event_log_storage).__name__ == "KeptOpenEventLog"


def test_telemetry_is_off_whatever_the_user_has_set() -> None:
    program = (
        "import orchestration.cli, os\n"
        "from dbt.cli.flags import Flags\n"
        "print([os.environ[name] for name in ('DAGSTER_DISABLE_TELEMETRY', 'DBT_SEND_ANONYMOUS_USAGE_STATS', 'DO_NOT_TRACK',"
        " 'GX_ANALYTICS_ENABLED')])"
    )
    theirs = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "true", "DO_NOT_TRACK": "0", "GX_ANALYTICS_ENABLED": "true"}
    told = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | theirs,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert told.stdout.strip() == "['true', 'false', '1', 'false']"


@pytest.mark.long
def test_a_home_with_brackets_and_an_apostrophe_closes_explains_and_closes_again(tmp_path: Path) -> None:
    paths = _with_one_month(tmp_path / ODD)
    user = tmp_path / "user"
    user.mkdir()
    own = {"HOME": str(user), "DAGSTER_HOME": str(user), "DBT_SEND_ANONYMOUS_USAGE_STATS": "true"}

    first = _cuadre(paths.home, "close", MONTH, **own)
    assert first.returncode == 0, first.stdout + first.stderr
    made = _hashes(paths)
    with duckdb.connect(str(paths.published / "cuadre.duckdb"), read_only=True) as marts:
        (charge,) = marts.execute(
            "select charge_id from marts.fct_provider_charge order by billed_cost desc limit 1"
        ).fetchone()

    explained = _cuadre(paths.home, "explain", charge, **own)
    assert explained.returncode == 0, explained.stderr
    assert "vendor/2023-11/licence_charges.csv" in explained.stdout
    assert "complete" in _cuadre(paths.home, "status", **own).stdout
    again = _cuadre(paths.home, "close", MONTH, **own)
    assert again.returncode == 0, again.stdout + again.stderr
    assert _hashes(paths) == made

    # Neither Dagster nor dbt left a trace of anything to send in the user's own folders.
    assert {file.name for file in user.iterdir()} & {".dagster", ".dbt", ".telemetry", "logs", ".logs_queue"} == set()
    assert "Telemetry" not in first.stdout + first.stderr


def test_what_a_killed_run_left_is_cleared_by_whoever_works_next_and_by_nobody_else(tmp_path: Path) -> None:
    paths = _paths(tmp_path)
    for name in (
        "scratch/close-2026-10/fct_leak.parquet",
        "scratch/spill/.tmp",
        "scratch/.hidden",
        "quality/raw/a.part",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("half")
    (tmp_path / "quality/raw/a.json").write_text("[]")

    with lock.sole_writer(paths):
        assert list(paths.scratch.iterdir()) == []
        (paths.scratch / "mine").write_text("in work")
        with lock.sole_writer(paths):
            assert (paths.scratch / "mine").exists()
    assert [file.name for file in (tmp_path / "quality/raw").iterdir()] == ["a.json"]


@pytest.mark.parametrize("drawer", ["warehouse", "lake", ".dagster"])
def test_a_file_where_a_folder_must_be_is_told_in_one_sentence_and_exits_74(tmp_path: Path, drawer: str) -> None:
    paths = _with_one_month(tmp_path)
    (tmp_path / drawer).write_text("not a folder")

    refused = _cuadre(paths.home, "close", MONTH)

    assert refused.returncode == 74, refused.stdout + refused.stderr
    said = " ".join(refused.stderr.split())
    assert "The data home cannot be written" in said and "free space" in said and "Traceback" not in said


@pytest.mark.long
def test_a_full_disk_is_told_in_one_sentence_and_the_next_close_is_whole(tmp_path: Path) -> None:
    paths = _with_one_month(tmp_path)

    def no_room() -> None:  # no file may grow beyond 300 KB: the write itself fails, as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    refused = _cuadre(paths.home, "close", MONTH, before=no_room)

    assert refused.returncode == 74, refused.stdout + refused.stderr
    assert "The data home cannot be written" in " ".join(refused.stderr.split())
    assert "Traceback" not in refused.stderr
    assert not paths.published.exists()
    assert _cuadre(paths.home, "close", MONTH).returncode == 0
    assert [file for file in paths.scratch.rglob("*") if file.is_file()] == []


def test_the_machine_is_told_from_the_files_and_from_the_rules(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(duckdb.Error) as failed:
        duckdb.connect().execute(f"copy (select 1) to '{tmp_path}/file/out.parquet'")
    assert isinstance(of_the_machine(failed.value), HomeUnwritable)
    assert isinstance(of_the_machine(TransformFailed("m: IO Error: No space left on device")), HomeUnwritable)
    assert isinstance(of_the_machine(OSError(28, "No space left on device", "data/lake")), HomeUnwritable)

    assert of_the_machine(TransformFailed("m: Binder Error: no such column")) is None
    assert (
        of_the_machine(InputUnusable([Fault("erp/a.csv", "cannot be opened: Permission denied", "Let it be read.")]))
        is None
    )
    assert of_the_machine(ValueError("permission denied")) is None
