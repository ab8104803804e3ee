"""What a BI user finds in the published file of the bundled months: types, keys and figures that agree between marts."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.settings import Paths

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def published(closed_sample: Paths) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(closed_sample.published / "cuadre.duckdb"), read_only=True) as connection:
        yield connection


def test_a_stage_is_text_in_every_mart(published) -> None:
    types = published.execute(
        "select table_name, data_type from information_schema.columns where table_schema = 'marts' and column_name = 'stage'"
    ).fetchall()
    assert {table for table, _ in types} >= {"dim_stage", "dim_leak_class", "fct_leak", "fct_checklist_item"}
    assert {kind for _, kind in types} == {"VARCHAR"}
