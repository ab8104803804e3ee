"""A warning is seen in the UI where it belongs: yellow on the asset that was judged, with what failed and what to do."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from orchestration.settings import PROJECT, Paths

pytestmark = pytest.mark.long

CHECKS = """
query Checks($key: AssetKeyInput!) {
  assetNodeOrError(assetKey: $key) { ... on AssetNode { assetChecksOrError { ... on AssetChecks { checks {
    name
    executionForLatestMaterialization { evaluation {
      success severity description
      metadataEntries { label ... on TextMetadataEntry { text } ... on TableMetadataEntry { table { records } } }
    } }
  } } } } }
}
"""


@contextlib.contextmanager
def _served(home: Path) -> Iterator[str]:
    """`cuadre ui` over a home, on a free port of this machine."""
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
        try:
            for _ in range(180):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/server_info", timeout=5)
                    break
                assert process.poll() is None, (home / "server.log").read_text()
                time.sleep(1)
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _checks(address: str, *key: str) -> dict[str, dict]:
    """Name of each check of an asset → what it found on the asset as it stands."""
    body = json.dumps({"query": CHECKS, "variables": {"key": {"path": list(key)}}}).encode()
    request = urllib.request.Request(f"{address}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        told = json.load(answer)["data"]["assetNodeOrError"]["assetChecksOrError"]["checks"]
    return {one["name"]: one["executionForLatestMaterialization"]["evaluation"] for one in told}


def test_the_ui_shows_a_warning_on_the_asset_that_was_judged_with_its_rows_and_its_remedy(
    closed_sample: Paths, tmp_path: Path
) -> None:
    # In the sample a credit note of 452.48 PEN names no invoice; nothing else is wrong with the documents of the ERP.
    home = tmp_path / "home"
    shutil.copytree(closed_sample.home, home, symlinks=True)
    with _served(home) as address:
        told = _checks(address, "staging", "stg_erp__invoices")
        own = told["erp__invoices"]
        assert (own["success"], own["severity"]) == (False, "WARN")
        assert (
            own["description"]
            == "2024-09: 1 warned of 9 items. Each credit note names its invoice: 1 of 1 for PEN 452.48."
        )
        (table,) = [entry["table"]["records"] for entry in own["metadataEntries"] if "table" in entry]
        (row,) = [json.loads(record) for record in table]
        assert row["item"] == "staging.erp__invoices.credit_names_its_invoice"
        assert row["remedy"]
        assert (home / row["rows"]).is_file()
        assert told["staging_gate"]["success"]
        assert _checks(address, "staging", "stg_erp__payments")["erp__payments"]["success"]
        raw = _checks(address, "focus", "lines")["raw_gate"]
        assert (raw["success"], raw["severity"]) == (False, "WARN")

        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium",
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
            )
            page = browser.new_page(viewport={"width": 1600, "height": 1000})
            page.goto(f"{address}/assets/staging/stg_erp__invoices?view=checks&checkDetail=erp__invoices")
            page.get_by_text("1 warned of 9 items").first.wait_for(timeout=60_000)
            page.get_by_text("Each credit note names its invoice", exact=True).first.wait_for(timeout=10_000)
            page.get_by_text("rejected/2024-09/staging/").first.wait_for(timeout=10_000)
            browser.close()
