"""The Dagster UI starts on loopback, shows the staircase, and its job makes the same bytes as the command line."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from orchestration.settings import PROJECT, Paths

pytestmark = pytest.mark.long

LAUNCH = """
mutation Launch($parameters: ExecutionParams!) {
  launchPipelineExecution(executionParams: $parameters) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
  }
}
"""
STATUS = "query Status($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """`cuadre ui` on a free port of this machine, over an empty home."""
    home = tmp_path_factory.mktemp("ui")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from orchestration.cli import main; main()", "ui", "--port", str(port)]
    with (home / "server.log").open("w") as log:
        process = subprocess.Popen(
            command,
            env=os.environ | {"CUADRE_HOME": str(home)},
            cwd=PROJECT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(120):
                try:
                    urllib.request.urlopen(f"{address}/server_info", timeout=5)
                    break
                except OSError:
                    assert process.poll() is None, (home / "server.log").read_text()
                    time.sleep(1)
            else:
                pytest.fail((home / "server.log").read_text())
            yield address, home
        finally:
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def page(server: tuple[str, Path]) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser.new_page(viewport={"width": 1600, "height": 1000})
        browser.close()


def _ask(address: str, query: str, variables: dict) -> dict:
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{address}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["data"]


def test_the_ui_listens_on_loopback_only(server: tuple[str, Path]) -> None:
    port = int(server[0].rsplit(":", 1)[1])
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    hosts = {
        fields[1].split(":")[0]
        for fields in listening
        if fields[3] == "0A" and int(fields[1].split(":")[1], 16) == port
    }
    assert hosts == {"0100007F"}


def test_the_asset_graph_shows_the_floors(server: tuple[str, Path], page: Page) -> None:
    page.goto(f"{server[0]}/asset-groups", wait_until="domcontentloaded")
    for floor in ("raw", "staging", "focus", "reconciled", "marts", "published"):
        page.get_by_text(floor, exact=True).first.wait_for(timeout=60_000)


def test_the_job_of_the_ui_makes_the_bytes_of_the_command_line(server: tuple[str, Path], closed_sample: Paths) -> None:
    address, home = server
    for period in ("2023-11", "2024-09"):
        selector = {
            "repositoryLocationName": "orchestration.definitions", "repositoryName": "__repository__", "pipelineName": "close",
        }  # fmt: skip
        parameters = {
            "selector": selector,
            "mode": "default",
            "executionMetadata": {"tags": [{"key": "dagster/partition", "value": period}]},
        }
        launched = _ask(address, LAUNCH, {"parameters": parameters})["launchPipelineExecution"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        for _ in range(180):
            status = _ask(address, STATUS, {"id": launched["run"]["runId"]})["runOrError"]["status"]
            if status in {"SUCCESS", "FAILURE", "CANCELED"}:
                break
            time.sleep(1)
        assert status == "SUCCESS"
    hashes = [
        {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest()
            for file in (root / "published/marts").glob("*.parquet")
        }
        for root in (home, closed_sample.home)
    ]
    assert hashes[0] == hashes[1]
