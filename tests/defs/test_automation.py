"""What runs by itself: an inbox with odd names never breaks a tick, and each tick says what it passed over."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import dagster as dg
import pytest

from orchestration.close import periods
from orchestration.contracts import SOURCES
from orchestration.definitions import defs
from orchestration.defs import automation, home
from orchestration.settings import Paths

NOBODY = 65534


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A home with one month of one source in its inbox, never closed, and its environment."""
    file = tmp_path / "inbox/crm/2026-09/customers.csv"
    file.parent.mkdir(parents=True)
    file.write_text("customer_id\nC1\n")
    monkeypatch.setenv("CUADRE_HOME", str(tmp_path))
    monkeypatch.setenv("CUADRE_QUIET_MINUTES", "0")
    return Paths(home=tmp_path, inbox=tmp_path / "inbox")


@pytest.fixture
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path_factory.mktemp("dagster"))) as made:
        yield made


def _odd(inbox: Path) -> None:
    """A loose file, a folder of no source, a folder that is no month, and links to nothing as a month and as a file."""
    (inbox / "notes.csv").write_text("a\n1\n")
    (inbox / "aws").mkdir()
    (inbox / "crm/octubre").mkdir()
    (inbox / "crm/octubre/customers.csv").write_text("customer_id\nC1\n")
    (inbox / "erp").mkdir()
    (inbox / "erp/2026-09").symlink_to(inbox / "nowhere")
    (inbox / "crm/2026-09/contracts.csv").symlink_to(inbox / "nowhere.csv")


def test_the_nightly_tick_asks_for_the_month_and_says_what_it_passed_over(
    paths: Paths, instance: dg.DagsterInstance
) -> None:
    _odd(paths.inbox)
    context = dg.build_schedule_context(instance=instance, scheduled_execution_time=datetime(2026, 10, 1, 2))

    asked = list(automation.nightly(context))

    assert [request.partition_key for request in asked] == ["2026-09"]
    assert instance.get_dynamic_partitions("months") == ["2026-09"]


def test_each_odd_name_is_passed_over_in_one_sentence_with_what_to_do(paths: Paths) -> None:
    _odd(paths.inbox)

    assert periods.known(paths) == ["2026-09"]
    told = periods.passed_over(paths)

    assert len(told) == 4
    for name, remedy in {
        "notes.csv": "Move it to inbox/<source>/<YYYY-MM>/.",
        "aws": "Did you mean",
        "crm/octubre": "Name the folder after the billing month",
        "erp/2026-09": "Move it to inbox/erp/<YYYY-MM>/.",
    }.items():
        assert [sentence for sentence in told if sentence.startswith(f"{name}: ") and remedy in sentence], name


def test_an_empty_inbox_with_a_loose_file_is_skipped_for_a_stated_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance
) -> None:
    monkeypatch.setenv("CUADRE_HOME", str(tmp_path))
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox/notes.csv").write_text("a\n1\n")

    (skipped,) = automation.nightly(
        dg.build_schedule_context(instance=instance, scheduled_execution_time=datetime(2026, 10, 1, 2))
    )

    assert not home.working_paths().is_sample  # what a person dropped is never answered with the sample
    assert isinstance(skipped, dg.SkipReason)
    assert "notes.csv: lies outside any source folder" in skipped.skip_message


def test_a_folder_that_may_not_be_read_is_passed_over_and_named() -> None:
    with tempfile.TemporaryDirectory() as folder:  # not below pytest's own, which nobody but its user may enter
        paths = Paths(home=Path(folder), inbox=Path(folder) / "inbox")
        paths.home.chmod(0o755)
        for place in ("crm/2026-09", "erp/2026-09"):
            (paths.inbox / place).mkdir(parents=True)
            (paths.inbox / place / "customers.csv").write_text("customer_id\n")
        (paths.inbox / "erp/2026-09").chmod(0)

        with _without_rights():
            found, told = periods.known(paths), periods.passed_over(paths)

    assert found == ["2026-09"]
    assert told == ["erp/2026-09: cannot be opened (Permission denied). Let the account that runs the close read it."]


@contextlib.contextmanager
def _without_rights() -> Iterator[None]:
    """As somebody whom a folder's mode can keep out: root reads everything."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


def test_partitions_are_the_months_that_the_home_knows(paths: Paths, instance: dg.DagsterInstance) -> None:
    instance.add_dynamic_partitions("months", ["2018-01", "2026-09"])  # the first is no month of this home
    for period in ("2026-10", "2026-08"):
        file = paths.inbox / "vendor" / period / "licence_charges.csv"
        file.parent.mkdir(parents=True)
        file.write_text("vendor\n")

    home.remember_months(instance, paths, forget=True)

    assert sorted(instance.get_dynamic_partitions("months")) == ["2026-08", "2026-09", "2026-10"]


def test_every_asset_can_be_asked_for_alone_and_its_group_sorts_in_the_order_of_the_staircase() -> None:
    graph = defs.resolve_asset_graph()
    groups = sorted({graph.get(key).group_name for key in graph.materializable_asset_keys})
    assert groups == ["1_raw", "2_staging", "3_focus", "4_reconciled", "5_marts", "6_published"]
    assert len(graph.materializable_asset_keys) > len(SOURCES)
    for assets in (made for made in graph.assets_defs if made.is_executable):
        assert assets.can_subset or len(assets.keys) == 1, assets.keys
        assert assets.partitions_def == home.close_periods
