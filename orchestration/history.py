"""Dagster's run history in SQLite, kept open while it is written.

Lives here: one override. A close writes about a thousand events, and Dagster opens and closes the database for each of
them, which was a third of the sample's time. Does not: anything about what is stored, or how.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import SingletonThreadPool

_KEPT = 4
"""Databases held open: the index, and the runs written or watched last."""


class KeptOpenEventLog(SqliteEventLogStorage):
    """Dagster's SQLite event log, with its databases held open from one event to the next."""

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> KeptOpenEventLog:
        """Build from dagster.yaml; the parent would build itself."""
        return cls(inst_data=inst_data, **config_value)

    @contextlib.contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _engine(self, shard: str) -> Engine:
        engines: dict[str, Engine] = self.__dict__.setdefault("_engines", {})
        if shard not in engines:
            while len(engines) >= _KEPT:
                engines.pop(next(iter(engines))).dispose()
            engines[shard] = sqlalchemy.create_engine(
                self.conn_string_for_shard(shard),
                poolclass=SingletonThreadPool,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS},
            )
        return engines[shard]

    def dispose(self) -> None:
        """Close what is held open."""
        for engine in self.__dict__.pop("_engines", {}).values():
            engine.dispose()
        super().dispose()
