"""Every column that a floor of the warehouse holds is described once, and nothing is described that is not there.

Lives here: the texts of dbt's yml and glossary beside the columns of a month that was closed. Does not: what the texts say.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import duckdb
import pytest

from orchestration.settings import Paths
from orchestration.warehouse import transform

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def project(closed_sample: Paths) -> dict:
    return json.loads(transform.manifest(closed_sample).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def tables(project: dict) -> dict[str, dict]:
    """What dbt says of each model and seed, and of the table that joins the marts beside them, by name."""
    nodes = (*project["nodes"].values(), *project["sources"].values())
    kinds = {"model", "seed"}
    return {
        node["name"]: node for node in nodes if node["resource_type"] in kinds or node.get("source_name") == "published"
    }


@pytest.fixture(scope="module")
def standing(closed_sample: Paths) -> dict[str, list[str]]:
    """Columns of each relation of the closed month, in their order, and those of the checklist in the published file."""
    of = "select table_name, column_name from duckdb_columns() where {} order by table_name, column_index"
    floors = "schema_name in ('seeds', 'staging', 'focus', 'reconciled', 'marts')"
    with duckdb.connect(str(closed_sample.warehouse("2024-09")), read_only=True) as warehouse:
        rows = warehouse.execute(of.format(floors)).fetchall()
    with duckdb.connect(str(closed_sample.published / "cuadre.duckdb"), read_only=True) as published:
        rows += published.execute(of.format("table_name in ('fct_checklist_item', 'fct_period_event')")).fetchall()
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def test_every_column_is_described_and_no_other_in_the_order_of_the_table(tables: dict, standing: dict) -> None:
    described = {name: list(node["columns"]) for name, node in tables.items()}

    assert standing.keys() == described.keys()
    assert {name: columns for name, columns in described.items() if columns != standing[name]} == {}


def test_no_text_is_empty_or_only_the_name_again(tables: dict) -> None:
    def says_nothing(name: str, text: str) -> bool:
        return text.strip(" .").lower() in {"", name, name.replace("_", " ")}

    assert [name for name, node in tables.items() if says_nothing(name, node["description"])] == []
    assert [
        f"{name}.{column['name']}"
        for name, node in tables.items()
        for column in node["columns"].values()
        if says_nothing(column["name"], column["description"])
    ] == []


def test_no_text_is_written_twice(project: dict, tables: dict) -> None:
    """What several columns mean stands in the glossary, once."""
    own = Counter(column["description"] for column in _columns(tables) if not column["doc_blocks"])
    glossary = Counter(_glossary(project).values())

    assert {text: times for text, times in (own + glossary).items() if times > 1} == {}


def test_every_text_of_the_glossary_is_used(project: dict, tables: dict) -> None:
    used = {block for column in _columns(tables) for block in column["doc_blocks"]}

    assert _glossary(project).keys() - used == set()
    assert used - _glossary(project).keys() == set()


def _columns(tables: dict[str, dict]) -> Iterator[dict]:
    for node in tables.values():
        yield from node["columns"].values()


def _glossary(project: dict) -> dict[str, str]:
    return {key: block["block_contents"] for key, block in project["docs"].items() if block["package_name"] == "cuadre"}
