"""A warning is seen in the UI where it belongs: yellow on the asset that was judged, with what failed and what to do."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page
from serving import Server, serving

from orchestration.settings import Paths

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


def _checks(server: Server, *key: str) -> dict[str, dict]:
    """Name of each check of an asset → what it found on the asset as it stands."""
    told = server.ask(CHECKS, {"key": {"path": list(key)}})["assetNodeOrError"]["assetChecksOrError"]["checks"]
    return {one["name"]: one["executionForLatestMaterialization"]["evaluation"] for one in told}


def test_the_ui_shows_a_warning_on_the_asset_that_was_judged_with_its_rows_and_its_remedy(
    closed_sample: Paths, tmp_path: Path, page: Page
) -> None:
    # In the sample a credit note of 452.48 PEN names no invoice; nothing else is wrong with the documents of the ERP.
    home = tmp_path / "home"
    shutil.copytree(closed_sample.home, home, symlinks=True)
    with serving(home) as server:
        told = _checks(server, "staging", "stg_erp__invoices")
        own = told["erp__invoices"]
        assert (own["success"], own["severity"]) == (False, "WARN")
        assert (
            own["description"]
            == "2024-09: 1 warned of 9 items. Each credit note names its invoice: PE: 1 of 1 for PEN 452.48."
        )
        (table,) = [entry["table"]["records"] for entry in own["metadataEntries"] if "table" in entry]
        (row,) = [json.loads(record) for record in table]
        assert row["item"] == "staging.erp__invoices.credit_names_its_invoice"
        assert row["remedy"]
        assert (home / row["rows"]).is_file()
        assert told["staging_gate"]["success"]
        assert _checks(server, "staging", "stg_erp__payments")["erp__payments"]["success"]
        raw = _checks(server, "focus", "lines")["raw_gate"]
        assert (raw["success"], raw["severity"]) == (False, "WARN")

        page.goto(f"{server.address}/assets/staging/stg_erp__invoices?view=checks&checkDetail=erp__invoices")
        page.get_by_text("1 warned of 9 items").first.wait_for(timeout=60_000)
        page.get_by_text("Each credit note names its invoice", exact=True).first.wait_for(timeout=10_000)
        page.get_by_text("rejected/2024-09/staging/").first.wait_for(timeout=10_000)
