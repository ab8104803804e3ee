"""What a reader of the published file is told of its tables and columns.

Lives here: reading these texts from dbt's manifest, and writing them into a DuckDB file as comments. Does not: the texts, which
stand in the dbt project (`models/marts/*.yml`, `models/glossary/*.md`), and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration.ground import sql


@dataclass(frozen=True)
class Description:
    """What one table is, and each of its columns by name."""

    text: str
    columns: Mapping[str, str] = field(default_factory=dict)


def of_marts(manifest: Path) -> dict[str, Description]:
    """The descriptions of every table of the marts, made by a model or not, by the table's name.

    Args:
        manifest: dbt's manifest of the project.
    """
    project = json.loads(manifest.read_text(encoding="utf-8"))
    nodes = (*project["nodes"].values(), *project["sources"].values())
    return {
        node["name"]: Description(
            node["description"].strip(),
            {name: column["description"].strip() for name, column in node["columns"].items()},
        )
        for node in nodes
        if node["resource_type"] in {"model", "source"} and node["schema"] == "marts"
    }


def write(connection: duckdb.DuckDBPyConnection, descriptions: Mapping[str, Description]) -> None:
    """Comment the tables of the schema `marts` and their columns; what nothing describes has no comment.

    A comment that stands already is not written again: a release is a copy of the last one.
    """
    tables = connection.execute(
        "select table_name, comment from duckdb_tables() where schema_name = 'marts'"
    ).fetchall()
    columns = connection.execute(
        "select table_name, column_name, comment from duckdb_columns() where schema_name = 'marts'"
    ).fetchall()
    nothing = Description("")
    wanted = [(f"table {_name(table)}", told, descriptions.get(table, nothing).text) for table, told in tables]
    wanted += [
        (f"column {_name(table, column)}", told, descriptions.get(table, nothing).columns.get(column, ""))
        for table, column, told in columns
    ]
    # In one transaction: the disk is waited for once, not for each of some 300 comments.
    connection.execute("begin")
    for what, told, text in wanted:
        if (told or "") != text:
            connection.execute(f"comment on {what} is {_literal(text)}")
    connection.execute("commit")


def _name(*parts: str) -> str:
    return ".".join(sql.name(part) for part in ("marts", *parts))


def _literal(text: str) -> str:
    return sql.literal(text) if text else "null"
