"""The Dagster UI of a home and its GraphQL, for the tests that use them as a script would."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration.settings import PROJECT

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
LOG = """
query Log($id: ID!) {
  logsForRun(runId: $id, limit: 5000) {
    ... on EventConnection {
      events {
        ... on MessageEvent { message }
        ... on ExecutionStepFailureEvent { failureMetadata { description } }
      }
    }
  }
}
"""


@dataclass(frozen=True)
class Server:
    """`cuadre ui` over one home."""

    address: str
    home: Path

    def ask(self, query: str, variables: dict | None = None) -> dict:
        body = json.dumps({"query": query, "variables": variables or {}}).encode()
        request = urllib.request.Request(f"{self.address}/graphql", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=120) as answer:
            found = json.load(answer)
        assert "errors" not in found, found["errors"]
        return found["data"]

    def launch(
        self, period: str, keys: list[list[str]] | None = None, checks: list[tuple[list[str], str]] | None = None
    ) -> str:
        """Start a run of one month: the job `close`, or some assets or checks outside it. Returns its id."""
        selector = {
            "repositoryLocationName": "orchestration.definitions",
            "repositoryName": "__repository__",
            "pipelineName": "__ASSET_JOB" if keys or checks else "close",
            "assetSelection": [{"path": key} for key in keys or []] if keys or checks else None,
            "assetCheckSelection": [{"assetKey": {"path": key}, "name": name} for key, name in checks]
            if checks
            else None,
        }
        tags = [{"key": "dagster/partition", "value": period}]
        parameters = {"selector": selector, "mode": "default", "executionMetadata": {"tags": tags}}
        launched = self.ask(LAUNCH, {"parameters": parameters})["launchPipelineExecution"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        return launched["run"]["runId"]

    def status(self, run_id: str) -> str:
        return self.ask(STATUS, {"id": run_id})["runOrError"]["status"]

    def ended(self, run_id: str, seconds: int = 600) -> str:
        """The status in which a run ended."""
        return wait_for(lambda: self.status(run_id), {"SUCCESS", "FAILURE", "CANCELED"}, seconds)

    def log(self, run_id: str) -> list[str]:
        """What a run said, and what its failed steps said."""
        events = self.ask(LOG, {"id": run_id})["logsForRun"]["events"]
        failed = [(event.get("failureMetadata") or {}).get("description") for event in events]
        return [event["message"] for event in events if event.get("message")] + [words for words in failed if words]


def wait_for(ask, wanted: set[str], seconds: int) -> str:
    """Ask once a second until the answer is one of those wanted."""
    for _ in range(seconds):
        found = ask()
        if found in wanted:
            return found
        time.sleep(1)
    raise AssertionError(f"after {seconds} seconds still {found}")


@contextlib.contextmanager
def serving(home: Path) -> Iterator[Server]:
    """Start `cuadre ui` on a free port of this machine, and end it and all its children."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from orchestration.cli import main; main()", "ui", "--port", str(port)]
    said = home.with_name(f"{home.name}.server.log")
    with said.open("w") as log:
        process = subprocess.Popen(
            command,
            # Nothing starts by itself here: the inbox never lies still for long enough.
            env=os.environ | {"CUADRE_HOME": str(home), "CUADRE_QUIET_MINUTES": "600"},
            cwd=PROJECT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(240):
                try:
                    urllib.request.urlopen(f"{address}/server_info", timeout=5)
                    break
                except OSError:
                    assert process.poll() is None, said.read_text()
                    time.sleep(1)
            else:
                pytest.fail(said.read_text())
            yield Server(address, home)
        finally:
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
