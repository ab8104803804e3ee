"""The run history in SQLite: what is stored together is committed together, and nothing stored before an error is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from orchestration.host.storage import dagster_home
from orchestration.settings import Paths

MONTHS = "months"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(home=tmp_path, inbox=tmp_path / "inbox")


@pytest.fixture
def writer(paths: Paths) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(dagster_home(paths))) as instance:
        yield instance


@pytest.fixture
def reader(paths: Paths, writer: dg.DagsterInstance) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(dagster_home(paths))) as instance:
        yield instance


def test_a_group_is_seen_by_others_once_it_ends(writer: dg.DagsterInstance, reader: dg.DagsterInstance) -> None:
    with writer.event_log_storage.together():
        writer.add_dynamic_partitions(MONTHS, ["2026-09"])
        writer.add_dynamic_partitions(MONTHS, ["2026-10"])
        assert list(writer.get_dynamic_partitions(MONTHS)) == ["2026-09", "2026-10"]
        assert list(reader.get_dynamic_partitions(MONTHS)) == []
    assert list(reader.get_dynamic_partitions(MONTHS)) == ["2026-09", "2026-10"]


def test_what_was_stored_before_an_error_stays(writer: dg.DagsterInstance, reader: dg.DagsterInstance) -> None:
    with pytest.raises(RuntimeError), writer.event_log_storage.together():
        writer.add_dynamic_partitions(MONTHS, ["2026-09"])
        raise RuntimeError
    writer.add_dynamic_partitions(MONTHS, ["2026-10"])
    assert list(reader.get_dynamic_partitions(MONTHS)) == ["2026-09", "2026-10"]


def test_a_commit_waits_for_the_log_and_not_for_the_disk(writer: dg.DagsterInstance) -> None:
    with writer.event_log_storage.index_connection() as connection:
        pragmas = [connection.exec_driver_sql(f"pragma {name}").scalar() for name in ("journal_mode", "synchronous")]
    assert pragmas == ["wal", 1]
