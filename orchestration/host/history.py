"""Dagster's run history in SQLite: kept open while it is written, and the same for runs of every door.

Lives here: two overrides. A close writes about a thousand events, and Dagster opens the database, commits twice and waits for the
disk for each of them, which was a third of the sample's time. And a run of the command line names no code location, without which
the UI's timeline leaves it out. Does not: anything else about what is stored, or how.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy
import sqlalchemy.event
from dagster._core.definitions.repository_definition import SINGLETON_REPOSITORY_NAME
from dagster._core.events.log import EventLogEntry
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
from dagster._core.storage.dagster_run import DagsterRun
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.runs import SqliteRunStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import SingletonThreadPool

CODE_LOCATION = "orchestration.definitions"
"""The code location as `dagster dev -m` names it."""

os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "1000")  # Dagster's switch for storing all that a run plans at once

_KEPT = 4
"""Databases held open: the index, and the runs written or watched last."""


@dataclass(frozen=True)
class _Group:
    """Transactions of one thread that end together."""

    thread: int
    transactions: contextlib.ExitStack
    connections: dict[str, Connection]


class KeptOpenEventLog(SqliteEventLogStorage):
    """Dagster's SQLite event log, with its databases held open from one event to the next."""

    _group: _Group | None = None

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> KeptOpenEventLog:
        """Build from dagster.yaml; the parent would build itself."""
        return cls(inst_data=inst_data, **config_value)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Commit what this thread stores meanwhile once, at the end: one transaction a database instead of two or three an event.
        No other process sees it before; a kill loses it as a whole."""
        if self._group is not None:
            yield
            return
        self._group = _Group(threading.get_ident(), contextlib.ExitStack(), {})
        try:
            yield
        finally:  # also after an error: what was stored before it happened
            group, self._group = self._group, None
            group.transactions.close()

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store what Dagster knows at once, such as all that a run plans."""
        with self.together():
            super().store_event_batch(events)

    @contextlib.contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        group = self._group
        if group is None or group.thread != threading.get_ident():
            with self._transaction(shard) as connection:
                yield connection
            return
        if shard not in group.connections:
            group.connections[shard] = group.transactions.enter_context(self._transaction(shard))
        yield group.connections[shard]

    @contextlib.contextmanager
    def _transaction(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
        with engine.connect() as connection, connection.begin():
            yield connection

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table; asked for every asset of a run, and a table that is there stays."""
        known: set[str] = vars(self).setdefault("_known_tables", set())
        if table_name not in known and super().has_table(table_name):
            known.add(table_name)
        return table_name in known

    def _engine(self, shard: str) -> Engine:
        engines: dict[str, Engine] = vars(self).setdefault("_engines", {})
        if shard not in engines:
            while len(engines) >= _KEPT:
                engines.pop(next(iter(engines))).dispose()
            engine = sqlalchemy.create_engine(
                self.conn_string_for_shard(shard),
                poolclass=SingletonThreadPool,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS},
            )
            sqlalchemy.event.listen(engine, "connect", _wait_for_no_disk)
            engines[shard] = engine
        return engines[shard]

    def dispose(self) -> None:
        """Close what is held open."""
        for engine in vars(self).pop("_engines", {}).values():
            engine.dispose()
        super().dispose()


def _wait_for_no_disk(connection: Any, _record: Any) -> None:
    """With its write-ahead log SQLite needs no sync a commit to stay whole: a power cut may lose the last events, a kill loses none."""
    connection.execute("pragma synchronous = normal")


class RunsWithOrigin(SqliteRunStorage):
    """Dagster's SQLite run storage, in which a run of the command line belongs to the code location of the UI."""

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> RunsWithOrigin:
        """Build from dagster.yaml; the parent would build itself."""
        return cls.from_local(inst_data=inst_data, **config_value)

    def add_run(self, dagster_run: DagsterRun) -> DagsterRun:
        """Keep a run, with the code location and job that it ran."""
        if dagster_run.remote_job_origin is None:
            repository = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin(CODE_LOCATION), SINGLETON_REPOSITORY_NAME)
            dagster_run = dagster_run.with_job_origin(RemoteJobOrigin(repository, dagster_run.job_name))
        return super().add_run(dagster_run)
