"""The Dagster UI starts on loopback, shows the staircase, and its job makes the same bytes as the command line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from serving import Server, serving

from orchestration.settings import Paths

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("ui")) as started:
        yield started


def test_the_ui_listens_on_loopback_only(server: Server) -> None:
    port = int(server.address.rsplit(":", 1)[1])
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    hosts = {
        fields[1].split(":")[0]
        for fields in listening
        if fields[3] == "0A" and int(fields[1].split(":")[1], 16) == port
    }
    assert hosts == {"0100007F"}


def test_the_asset_graph_shows_the_floors_in_the_order_of_the_staircase(server: Server, page: Page) -> None:
    page.goto(f"{server.address}/asset-groups", wait_until="domcontentloaded")
    heights = []
    for group in ("1_raw", "2_staging", "3_focus", "4_reconciled", "5_marts", "6_published"):
        shown = page.get_by_text(group, exact=True).first
        shown.wait_for(timeout=120_000)
        heights.append(shown.bounding_box()["y"])
    assert heights == sorted(heights)


def test_the_job_of_the_ui_makes_the_bytes_of_the_command_line(server: Server, closed_sample: Paths) -> None:
    for period in ("2023-11", "2024-09"):
        assert server.ended(server.launch(period)) == "SUCCESS"
    hashes = [
        {
            str(file.relative_to(root / "published")): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in (root / "published/marts").rglob("*.parquet")
        }
        for root in (server.home, closed_sample.home)
    ]
    assert hashes[0] == hashes[1]
