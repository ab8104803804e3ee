"""The focus floor on a warehouse of its own: files in, charges out, with nothing above the floor in the project."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from orchestration.contracts import SOURCES, Table
from orchestration.readers import read
from orchestration.settings import PROJECT, Paths, dbt_project
from orchestration.warehouse import database, raw_schema

TABLES: dict[str, Table] = {table.id: table for source in SOURCES.values() for table in source.tables}
FLOORS = ("staging", "focus")
FILE = "2026-10"
"""The one warehouse file of this floor, whatever month a test delivers: dbt keeps its catalog open from test to test."""


@dataclass(frozen=True)
class Floor:
    """A warehouse on which the focus floor can be built again and again."""

    paths: Paths
    project: Path

    def deliver(self, files: Mapping[str, Sequence[Path]], period: str) -> None:
        """Read `files` by table id as this period's deliveries; every other table is empty."""
        with database.open_warehouse(self.paths, FILE) as connection:
            for name, table in TABLES.items():
                folder = None
                if name in files:
                    folder = self.paths.lake / name
                    read(table, list(files[name]), folder, delivery_sha256=f"delivery of {name}", root=PROJECT)
                raw_schema.show_table(connection, table, folder, period=period, is_stale=False)

    def build(self, period: str, command: str = "run", select: str = "path:models/focus") -> list:
        """Run dbt in this process and return its results; fails the test when a node fails."""
        from dbt.adapters.factory import cleanup_connections
        from dbt.cli.main import dbtRunner

        variables = json.dumps({"close_period": period})
        target = str(self.paths.dbt_target)
        outcome = dbtRunner().invoke(
            [command, "--select", *select.split(), "--vars", variables, "--project-dir", str(self.project)]
            + ["--profiles-dir", str(self.project), "--target-path", target, "--log-path", target]
            + ["--log-level", "none", "--log-level-file", "none"]
        )
        cleanup_connections()
        results = getattr(outcome.result, "results", None) or []
        told = [f"{r.node.name}: {r.message}" for r in results if str(r.status) not in {"success", "pass"}]
        assert outcome.success, "\n".join(told) or outcome.exception
        return results

    def charges(self, files: Mapping[str, Sequence[Path]], period: str) -> Callable[..., list[tuple]]:
        """Deliver, build, and return a function that asks the warehouse."""
        self.deliver(files, period)
        self.build(period)

        def ask(question: str, *values: object) -> list[tuple]:
            with database.open_warehouse(self.paths, FILE, read_only=True) as connection:
                return connection.execute(question, list(values)).fetchall()

        return ask


@pytest.fixture(scope="session")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    """The seeds, staging and focus of the project, alone; that they build proves that they need no floor above them."""
    home = tmp_path_factory.mktemp("focus")
    source, project = dbt_project(), home / "project"
    for part in ("dbt_project.yml", "profiles.yml"):
        project.mkdir(exist_ok=True)
        shutil.copy(source / part, project / part)
    for part in ("macros", "seeds", "models/glossary", *(f"models/{name}" for name in FLOORS)):
        shutil.copytree(source / part, project / part)
    built = Floor(Paths(home=home, inbox=home / "inbox"), project)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CUADRE_WAREHOUSE", str(built.paths.warehouse(FILE)))
        environment.setenv("CUADRE_DBT_TARGET", str(built.paths.dbt_target))
        built.deliver({}, "2026-10")
        built.build("2026-10", "seed", "path:seeds/focus")
        built.build("2026-10", "run", "path:models/staging path:models/focus --exclude path:models/staging/cuadre")
        yield built


@pytest.fixture
def lines(floor: Floor) -> Iterator[Callable[..., list[tuple]]]:
    """Ask a focus view about lines written by the test: `lines(table id, rows, question)`. No dbt run: a view sees its raw."""
    with database.open_warehouse(floor.paths, FILE) as connection:

        def ask(name: str, rows: Sequence[Mapping[str, object]], question: str) -> list[tuple]:
            _show_rows(connection, TABLES[name], rows)
            return connection.execute(question).fetchall()

        yield ask
    floor.deliver({}, "2026-10")


def _show_rows(connection: duckdb.DuckDBPyConnection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Make the table's raw view hold `rows`, one file, in order."""
    raw_schema.show_table(connection, table, None, period="2026-10", is_stale=False)
    described = connection.execute(f'describe raw."{table.id}"').fetchall()
    connection.execute(f'create or replace temp table given as select * from raw."{table.id}"')
    for number, row in enumerate(rows, 1):
        full = dict(row) | {
            "_source_file": "a.csv",
            "_source_row": number,
            "_delivery_sha256": "d",
            "_close_period": "2026-10",
        }
        values = [full.get(name) for name, *_ in described]
        connection.execute(f"insert into given values ({', '.join('?' * len(values))})", values)
    connection.execute("create schema if not exists kept")
    connection.execute(f'create or replace table kept."{table.id}" as select * from given')
    connection.execute(f'create or replace view raw."{table.id}" as select * from kept."{table.id}"')
