"""Great Expectations over DuckDB.

Lives here: the datasource that keeps DuckDB's connection open, and the one context of a data home. Does not: decide
anything. GX closes a SQLAlchemy connection before it fetches, which DuckDB does not survive; one kept connection does.
Importing this module imports Great Expectations: import it late.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import duckdb
import great_expectations as gx
import sqlalchemy
from duckdb_engine import ConnectionWrapper
from great_expectations.data_context.types.base import (
    DataContextConfig,
    FilesystemStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.datasource.fluent import SQLDatasource
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from sqlalchemy.pool import NullPool

_SITE = "data_docs"
_judged: list[duckdb.DuckDBPyConnection] = []
"""The database being judged. One at a time: the GX context is one per process."""


class KeptOpenEngine(SqlAlchemyExecutionEngine):
    """An execution engine that answers every query on one connection."""

    @contextmanager
    def get_connection(self) -> Iterator[sqlalchemy.Connection]:
        """The kept connection."""
        connection = self._connection or self.engine.connect()
        self._connection = connection
        yield connection


class CuadreDuckDB(SQLDatasource):
    """A DuckDB that someone else opened: a file read-only, or one in memory with views over Parquet."""

    # Great Expectations tells its datasources apart by this word.
    type: Literal["cuadre_duckdb"] = "cuadre_duckdb"  # pyright: ignore[reportIncompatibleVariableOverride]

    @property
    def execution_engine_type(self) -> type[SqlAlchemyExecutionEngine]:
        """Our engine."""
        return KeptOpenEngine

    def _create_engine(self) -> sqlalchemy.Engine:
        return sqlalchemy.create_engine(
            "duckdb://", creator=lambda: ConnectionWrapper(_judged[-1].cursor()), poolclass=NullPool
        )

    def get_execution_engine(self) -> KeptOpenEngine:
        """One engine for the life of the datasource."""
        engine = self._execution_engine or KeptOpenEngine(engine=self.get_engine(), create_temp_table=False)
        self._execution_engine = engine
        return engine


class UnsavedContext(gx.data_context.EphemeralDataContext):
    """A context that does not write its configuration as YAML at each datasource and table it learns: nobody reads it."""

    def _save_project_config(self) -> None:
        pass


@functools.lru_cache(maxsize=1)
def context(quality: Path) -> UnsavedContext:
    """The one GX context, whose results and Data Docs live under `quality`. Its configuration is code, not files."""
    quality.mkdir(parents=True, exist_ok=True)
    defaults = FilesystemStoreBackendDefaults(root_directory=str(quality))
    defaults.stores[defaults.validation_results_store_name]["store_backend"]["base_directory"] = "results/"
    defaults.data_docs_sites = {
        _SITE: {
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "root_directory": str(quality),
                "base_directory": "data_docs/",
            },
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        }
    }
    config = DataContextConfig(
        store_backend_defaults=defaults,
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    made = UnsavedContext(project_config=config)
    gx.data_context.set_context(made)
    return made


@contextmanager
def datasource(quality: Path, connection: duckdb.DuckDBPyConnection) -> Iterator[CuadreDuckDB]:
    """`connection` as a GX datasource, for the time of one judgement."""
    sources = context(quality).data_sources
    _judged.append(connection)
    source = sources.add_cuadre_duckdb(name=f"judged_{len(_judged)}", connection_string="duckdb://")
    try:
        yield source
    finally:
        engine = source.get_execution_engine()
        if engine._connection is not None:
            engine._connection.close()
        engine.engine.dispose()
        sources.delete(source.name)
        _judged.pop()
