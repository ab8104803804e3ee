"""The memory of every delivery: what came, what of it counts, what was refused and why.

Lives here: one SQLite file in the lake, and the shape of a delivery. Does not: reading files, or deciding what counts.

Outcomes: a delivery is `kept` (its status is accepted or replaced) or `refused`. Both can be true of the same content at
different times, and a refusal never touches what was kept.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl

from orchestration.settings import Paths

_TABLES = (
    """create table if not exists delivery (
        origin text, source text, close_period text, delivery_sha256 text, outcome text, status text, reason text,
        received_at text, contract_sha256 text, tables text, notes text,
        primary key (origin, source, close_period, delivery_sha256, outcome)
    )""",
    """create unique index if not exists one_accepted
        on delivery (origin, source, close_period) where status = 'accepted'""",
    """create table if not exists delivery_file (
        origin text, source text, close_period text, delivery_sha256 text, outcome text, file text,
        sha256 text, bytes integer, rows integer, totals text, status text, reason text,
        primary key (origin, source, close_period, delivery_sha256, outcome, file)
    )""",
    """create table if not exists event (
        number integer primary key, at text, origin text, source text, close_period text, delivery_sha256 text,
        what text, detail text
    )""",
    """create table if not exists part (
        origin text, source text, close_period text, delivery_sha256 text, name text, bytes integer, sha256 text,
        primary key (origin, source, close_period, delivery_sha256, name)
    )""",
    "create table if not exists hashed (path text primary key, stamp text, sha256 text)",
    """create table if not exists look (
        origin text, source text, close_period text, mark text, absent_because text, came_before integer,
        primary key (origin, source, close_period)
    )""",
)

_FRAME = {
    "delivery_sha256": pl.String,
    "source": pl.String,
    "close_period": pl.String,
    "file": pl.String,
    "sha256": pl.String,
    "bytes": pl.Int64,
    "rows": pl.Int64,
    "amount_total": pl.Decimal(38, 12),
    "currency": pl.String,
    "received_at": pl.Datetime("us"),
    "status": pl.String,
    "reason": pl.String,
}
"""The columns of fct_delivery."""


@dataclass(frozen=True)
class DeliveryFile:
    """One file of one delivery. `rows` is None where the file was not read."""

    file: str
    sha256: str
    bytes: int
    rows: int | None = None
    totals: Mapping[str, Decimal] = field(default_factory=dict)
    """Amount by currency; empty where the table has no amount."""
    status: str = "accepted"
    reason: str | None = None

    @property
    def currency(self) -> str | None:
        """The file's currency, None where it has several or no amount."""
        return next(iter(self.totals)) if len(self.totals) == 1 else None

    @property
    def amount_total(self) -> Decimal | None:
        """The file's total, None where it has several currencies or no amount."""
        return next(iter(self.totals.values())) if len(self.totals) == 1 else None


@dataclass(frozen=True)
class KeptPart:
    """One Parquet file of a kept delivery, as it was when it was kept. `name` is `<table>/<file>`."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Delivery:
    """One delivery of one source for one period, named by its content."""

    delivery_sha256: str
    source: str
    close_period: str
    origin: str
    status: str
    received_at: datetime
    """Newest change of its files when first seen, UTC without zone: the same files give the same value."""
    tables: Mapping[str, Path]
    """Table name → folder of its Parquet parts."""
    files: tuple[DeliveryFile, ...]
    contract_sha256: str = ""
    notes: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True)
class Look:
    """What one folder of the inbox held when intake began to read it, and read it without a refusal."""

    mark: str
    """Changes whenever a file of the folder may have changed."""
    absent_because: str | None
    """Why nothing will come for this month, where somebody declared it."""
    came_before: bool
    """Whether a delivery of the source lies in the inbox for an earlier month."""


def lake_folder(paths: Paths, origin: str, source: str, period: str) -> Path:
    """Where the deliveries of one source and period lie, each in a folder named by its hash."""
    return paths.lake / origin / source / period


@contextlib.contextmanager
def transaction(paths: Paths) -> Iterator[sqlite3.Connection]:
    """A write to the ledger that happens whole or not at all; a second writer waits."""
    paths.lake.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(paths.lake / "ledger.sqlite", timeout=60, isolation_level=None)
    try:
        connection.execute("begin immediate")
        for statement in _TABLES:
            connection.execute(statement)
        yield connection
        connection.execute("commit")
    finally:
        connection.close()  # rolls back what was not committed


def current(paths: Paths, source: str, period: str, *, origin: str | None = None) -> Delivery | None:
    """The accepted delivery of a source and period, or None."""
    return _one(paths, "status = 'accepted' and close_period = ?", (period,), source, origin)


def find(paths: Paths, source: str, period: str, delivery_sha256: str) -> Delivery | None:
    """A delivery that was accepted at some time, whether or not it still counts."""
    condition = "outcome = 'kept' and close_period = ? and delivery_sha256 = ?"
    return _one(paths, condition, (period, delivery_sha256), source, None)


def latest(paths: Paths, source: str, period: str, *, table: str | None = None) -> Delivery | None:
    """The newest accepted delivery up to and including the period; with `table`, the newest that holds it."""
    condition = "status = 'accepted' and close_period <= ?"
    wanted: tuple[str, ...] = (period,)
    if table is not None:
        condition, wanted = condition + " and exists (select 1 from json_each(tables) where value = ?)", (period, table)
    return _one(paths, condition, wanted, source, None)


def kept_hashes(db: sqlite3.Connection, origin: str, source: str, period: str) -> set[str]:
    """Every delivery of a source and period that the lake must hold."""
    where = "origin = ? and source = ? and close_period = ? and outcome = 'kept'"
    return {
        sha for (sha,) in db.execute(f"select delivery_sha256 from delivery where {where}", (origin, source, period))
    }


def record_accepted(db: sqlite3.Connection, delivery: Delivery) -> None:
    """Make a delivery the one that counts; the one before it stays, named, as replaced."""
    place = (delivery.origin, delivery.source, delivery.close_period)
    note_event(db, delivery, "accepted", None)
    known = db.execute(
        "select received_at from delivery where (origin, source, close_period) = (?, ?, ?)"
        " and delivery_sha256 = ? and outcome = 'kept'",
        (*place, delivery.delivery_sha256),
    ).fetchone()
    db.execute(
        "update delivery set status = 'replaced', reason = ? where (origin, source, close_period) = (?, ?, ?)"
        " and status = 'accepted' and delivery_sha256 <> ?",
        (f"replaced by delivery {delivery.delivery_sha256[:12]}", *place, delivery.delivery_sha256),
    )
    _write(db, delivery, "kept", known[0] if known else None)
    _forget(db, delivery, "refused")


def record_parts(db: sqlite3.Connection, delivery: Delivery, parts: Iterable[KeptPart]) -> None:
    """Remember which Parquet files a delivery was kept as, in place of an earlier list of the same delivery."""
    place = (delivery.origin, delivery.source, delivery.close_period, delivery.delivery_sha256)
    db.execute("delete from part where (origin, source, close_period, delivery_sha256) = (?, ?, ?, ?)", place)
    rows = [(*place, part.name, part.bytes, part.sha256) for part in parts]
    db.executemany("insert into part values (?, ?, ?, ?, ?, ?, ?)", rows)


def parts(paths: Paths, delivery: Delivery) -> tuple[KeptPart, ...]:
    """The Parquet files that a delivery was kept as; none where it was kept before these lists were written."""
    query = (
        "select name, bytes, sha256 from part where (origin, source, close_period, delivery_sha256) = (?, ?, ?, ?)"
        " order by name"
    )
    place = (delivery.origin, delivery.source, delivery.close_period, delivery.delivery_sha256)
    return tuple(KeptPart(*row) for row in _rows(paths, query, place, table="part"))


def kept(paths: Paths, origin: str) -> list[Delivery]:
    """Every delivery that the lake must hold, those that were replaced included."""
    query = "select source, close_period, delivery_sha256 from delivery where origin = ? and outcome = 'kept' order by 1, 2, 3"
    condition = "outcome = 'kept' and close_period = ? and delivery_sha256 = ?"
    places = _rows(paths, query, (origin,))
    found = (_one(paths, condition, (period, sha), source, origin) for source, period, sha in places)
    return [delivery for delivery in found if delivery]


def record_rejected(db: sqlite3.Connection, delivery: Delivery) -> None:
    """Remember a refusal. What was accepted before stays what counts."""
    place = (delivery.origin, delivery.source, delivery.close_period, delivery.delivery_sha256)
    known = db.execute(
        "select received_at from delivery where (origin, source, close_period, delivery_sha256) = (?, ?, ?, ?)"
        " and outcome = 'refused'",
        place,
    ).fetchone()
    if known is None:
        note_event(db, delivery, "rejected", delivery.reason)
    _write(db, delivery, "refused", known[0] if known else None)


def note_event(db: sqlite3.Connection, delivery: Delivery, what: str, detail: str | None) -> None:
    """Append to the history, which keeps the clock's time and is read by people only."""
    db.execute(
        "insert into event (at, origin, source, close_period, delivery_sha256, what, detail) values (?, ?, ?, ?, ?, ?, ?)",
        (
            datetime.now(UTC).isoformat(timespec="seconds"),
            delivery.origin,
            delivery.source,
            delivery.close_period,
            delivery.delivery_sha256,
            what,
            detail,
        ),
    )


def known_hashes(paths: Paths) -> dict[str, tuple[str, str]]:
    """path → (stamp, sha256) of the files hashed before, so that a night with nothing new reads nothing."""
    return {path: (stamp, sha) for path, stamp, sha in _rows(paths, "select path, stamp, sha256 from hashed", ())}


def remember_hashes(paths: Paths, hashes: Mapping[str, tuple[str, str]]) -> None:
    """Keep hashes under the stamp (size, times, inode) that the files had."""
    with transaction(paths) as db:
        note_hashes(db, hashes)


def note_hashes(db: sqlite3.Connection, hashes: Mapping[str, tuple[str, str]]) -> None:
    """The same, within a transaction that is open."""
    rows = [(path, stamp, sha) for path, (stamp, sha) in hashes.items()]
    db.executemany("insert or replace into hashed values (?, ?, ?)", rows)


def remember_look(paths: Paths, source: str, period: str, look: Look) -> None:
    """Keep what was seen of a source and period before it was read."""
    with transaction(paths) as db:
        seen = (paths.origin, source, period, look.mark, look.absent_because, int(look.came_before))
        db.execute("insert or replace into look values (?, ?, ?, ?, ?, ?)", seen)


def looks(paths: Paths, period: str) -> dict[str, Look]:
    """What intake saw last of each source, for one period."""
    if not _rows(paths, "select 1 from sqlite_master where name = 'look'", ()):  # a ledger of before the first look
        return {}
    query = "select source, mark, absent_because, came_before from look where (origin, close_period) = (?, ?)"
    found = _rows(paths, query, (paths.origin, period))
    return {source: Look(mark, because, bool(before)) for source, mark, because, before in found}


def delivered_before(paths: Paths, period: str) -> set[str]:
    """Sources with an accepted delivery of an earlier period."""
    query = "select distinct source from delivery where origin = ? and close_period < ? and status = 'accepted'"
    return {source for (source,) in _rows(paths, query, (paths.origin, period))}


def deliveries_frame(paths: Paths, origin: str, period: str | None = None) -> pl.DataFrame:
    """fct_delivery: one row a file of every delivery, of one period where asked, in a fixed order."""
    query = """
        select d.delivery_sha256, d.source, d.close_period, f.file, f.sha256, f.bytes, f.rows, f.totals, d.received_at,
               case when f.status = 'accepted' then d.status else f.status end,
               case when f.status = 'accepted' and d.status = 'replaced' then d.reason else f.reason end
        from delivery d join delivery_file f using (origin, source, close_period, delivery_sha256, outcome)
        where d.origin = ? and d.close_period = coalesce(?, d.close_period)
        order by d.source, d.close_period, d.delivery_sha256, d.outcome, f.file
    """
    shown = []
    for *head, totals, received_at, status, reason in _rows(paths, query, (origin, period)):
        file = DeliveryFile("", "", 0, totals=_totals(totals))
        if len(file.totals) > 1:
            amounts = "; ".join(f"{ccy} {amount:f}" for ccy, amount in sorted(file.totals.items()))
            reason = "; ".join(filter(None, (reason, f"several currencies: {amounts}")))
        shown.append(
            (
                *head,
                file.amount_total,
                file.currency,
                datetime.fromisoformat(received_at),
                status,
                reason,
            )
        )
    return pl.DataFrame(shown, schema=_FRAME, orient="row")


def events(paths: Paths, origin: str) -> list[tuple[str, str, str, str, str | None]]:
    """The history: (source, period, delivery, what happened, detail), oldest first."""
    query = "select source, close_period, delivery_sha256, what, detail from event where origin = ? order by number"
    return list(_rows(paths, query, (origin,)))


def _one(paths: Paths, condition: str, values: tuple[str, ...], source: str, origin: str | None) -> Delivery | None:
    query = f"""
        select delivery_sha256, close_period, outcome, status, received_at, contract_sha256, tables, notes, reason
        from delivery where origin = ? and source = ? and {condition} order by close_period desc limit 1
    """
    origin = origin or paths.origin
    for sha, period, outcome, status, received_at, contract, tables, notes, reason in _rows(
        paths, query, (origin, source, *values)
    ):
        files = _rows(
            paths,
            "select file, sha256, bytes, rows, totals, status, reason from delivery_file"
            " where (origin, source, close_period, delivery_sha256, outcome) = (?, ?, ?, ?, ?) order by file",
            (origin, source, period, sha, outcome),
        )
        folder = lake_folder(paths, origin, source, period) / sha
        return Delivery(
            sha,
            source,
            period,
            origin,
            status,
            datetime.fromisoformat(received_at),
            {table: folder / table for table in json.loads(tables)},
            tuple(DeliveryFile(f, s, b, r, _totals(t), st, why) for f, s, b, r, t, st, why in files),
            contract,
            tuple(json.loads(notes)),
            reason,
        )
    return None


def _rows(paths: Paths, query: str, values: tuple[object, ...], *, table: str = "hashed") -> list[tuple]:
    """The answer of a query; nothing where the ledger, or `table` in an older one, was never written."""
    file = paths.lake / "ledger.sqlite"
    if not file.exists():
        return []
    with contextlib.closing(sqlite3.connect(file, timeout=60)) as connection:
        is_new = connection.execute("select 1 from sqlite_master where name = ?", (table,)).fetchone() is None
        return [] if is_new else connection.execute(query, values).fetchall()


def _write(db: sqlite3.Connection, delivery: Delivery, outcome: str, received_at: str | None) -> None:
    _forget(db, delivery, outcome)
    place = (delivery.origin, delivery.source, delivery.close_period, delivery.delivery_sha256, outcome)
    db.execute(
        "insert into delivery values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *place,
            "accepted" if outcome == "kept" else "rejected",
            delivery.reason,
            received_at or delivery.received_at.isoformat(),
            delivery.contract_sha256,
            json.dumps(sorted(delivery.tables)),
            json.dumps(delivery.notes),
        ),
    )
    db.executemany(
        "insert into delivery_file values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *place,
                f.file,
                f.sha256,
                f.bytes,
                f.rows,
                json.dumps({c: str(a) for c, a in f.totals.items()}),
                f.status,
                f.reason,
            )
            for f in delivery.files
        ],
    )


def _forget(db: sqlite3.Connection, delivery: Delivery, outcome: str) -> None:
    place = (delivery.origin, delivery.source, delivery.close_period, delivery.delivery_sha256, outcome)
    for table in ("delivery", "delivery_file"):
        db.execute(
            f"delete from {table} where (origin, source, close_period, delivery_sha256, outcome) = (?, ?, ?, ?, ?)",
            place,
        )


def _totals(text: str) -> dict[str, Decimal]:
    return {currency: Decimal(amount) for currency, amount in json.loads(text).items()}
