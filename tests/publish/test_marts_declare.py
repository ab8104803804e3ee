"""What a mart declares beside its columns is what publishing and the gate go by: its key, and which of its rows is newest."""

from __future__ import annotations

from pathlib import Path

import pytest

from expectations.floors import marts as checklist
from orchestration.publish import grain


def test_every_promised_mart_declares_the_key_that_the_gate_judges() -> None:
    keys = grain.keys()
    for suite in checklist.suites():
        table = suite.relation.partition(".")[2]
        judged = [item for item in suite.items if item.item_id.endswith(".row_is_one")]
        assert keys[table]
        if table != "fct_provider_charge":
            (item,) = judged
            assert f"group by {', '.join(keys[table])} having" in item.expectation.unexpected_rows_query


def test_a_mart_without_its_key_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "models" / "marts"
    folder.mkdir(parents=True)
    (folder / "fct_new.sql").write_text("select 1")
    (folder / "gate_proof.sql").write_text("select 1")
    (folder / "dim_old.sql").write_text("select 1")
    (folder / "_old.yml").write_text("models: [{name: dim_old, config: {meta: {key: [code]}}}]")
    monkeypatch.setattr(grain, "dbt_project", lambda: tmp_path)
    grain.keys.cache_clear()
    try:
        with pytest.raises(grain.KeyMissing, match=r"marts without meta.key in their yml: fct_new\. Add"):
            grain.keys()
    finally:
        grain.keys.cache_clear()
