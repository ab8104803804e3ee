"""What a mart declares beside its columns is what publishing and the gate go by: its key, and which of its rows is newest."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from expectations import marts as checklist
from orchestration import marts, publish


def test_every_promised_mart_declares_the_key_that_the_gate_judges() -> None:
    keys = marts.keys()
    for suite in checklist.suites():
        table = suite.relation.partition(".")[2]
        judged = [item for item in suite.items if item.id.endswith(".row_is_one")]
        assert keys[table]
        if table != "fct_provider_charge":
            (item,) = judged
            assert f"group by {', '.join(keys[table])} having" in item.expectation.unexpected_rows_query


def test_a_mart_without_its_key_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "models" / "marts"
    folder.mkdir(parents=True)
    (folder / "fct_new.sql").write_text("select 1")
    (folder / "ev_proof.sql").write_text("select 1")
    (folder / "dim_old.sql").write_text("select 1")
    (folder / "_old.yml").write_text("models: [{name: dim_old, config: {meta: {key: [code]}}}]")
    monkeypatch.setattr(marts, "dbt_project", lambda: tmp_path)
    marts.keys.cache_clear()
    try:
        with pytest.raises(marts.KeyMissing, match=r"marts without meta.key in their yml: fct_new\. Add"):
            marts.keys()
    finally:
        marts.keys.cache_clear()


def test_of_a_document_that_several_closes_hold_the_newest_row_is_current(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        for period, documents in {"2026-09": "F1 F2", "2026-10": "F1 F3"}.items():
            rows = ", ".join(f"('{period}', 'PE01', '{document}', true)" for document in documents.split())
            columns = "close_period, company_id, invoice_id, is_current"
            connection.execute(
                f"copy (from (values {rows}) as t({columns})) to '{tmp_path / period}.parquet' (format parquet)"
            )
        parts = [tmp_path / "2026-09.parquet", tmp_path / "2026-10.parquet"]
        publish._merge(connection, "fct_invoice", parts, marts.keys()["fct_invoice"], tmp_path / "out.parquet")
        merged = connection.execute(f"from '{tmp_path / 'out.parquet'}'").fetchall()
    assert merged == [
        ("2026-09", "PE01", "F1", False),
        ("2026-09", "PE01", "F2", True),
        ("2026-10", "PE01", "F1", True),
        ("2026-10", "PE01", "F3", True),
    ]
