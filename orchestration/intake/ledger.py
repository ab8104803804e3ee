"""The memory of every delivery: what came, what of it counts, what was refused and why.

Lives here: writing deliveries into the ledger's file and reading them from it. Does not: the file itself (ledger_file), reading what
was delivered, or deciding what counts (receive).

Outcomes: a delivery is `kept` (its status is accepted or replaced) or `refused`. Both can be true of the same content at
different times, and a refusal never touches what was kept.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl

from orchestration.intake import ledger_file
from orchestration.intake.delivery import Delivery, DeliveryFile, KeptPart
from orchestration.settings import Paths

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


def lake_folder(paths: Paths, origin: str, source: str, period: str) -> Path:
    """Where the deliveries of one source and period lie, each in a folder named by its hash."""
    return paths.lake / origin / source / period


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
    db.execute("delete from part where (origin, source, close_period, delivery_sha256) = (?, ?, ?, ?)", delivery.place)
    rows = [(*delivery.place, part.name, part.bytes, part.sha256) for part in parts]
    db.executemany("insert into part values (?, ?, ?, ?, ?, ?, ?)", rows)


def parts(paths: Paths, delivery: Delivery) -> tuple[KeptPart, ...]:
    """The Parquet files that a delivery was kept as; none where it was kept before these lists were written."""
    query = (
        "select name, bytes, sha256 from part where (origin, source, close_period, delivery_sha256) = (?, ?, ?, ?)"
        " order by name"
    )
    return tuple(KeptPart(*row) for row in ledger_file.rows(paths, query, delivery.place, table="part"))


def kept(paths: Paths, origin: str) -> list[Delivery]:
    """Every delivery that the lake must hold, those that were replaced included."""
    query = "select source, close_period, delivery_sha256 from delivery where origin = ? and outcome = 'kept' order by 1, 2, 3"
    condition = "outcome = 'kept' and close_period = ? and delivery_sha256 = ?"
    places = ledger_file.rows(paths, query, (origin,))
    found = (_one(paths, condition, (period, sha), source, origin) for source, period, sha in places)
    return [delivery for delivery in found if delivery]


def record_rejected(db: sqlite3.Connection, delivery: Delivery) -> None:
    """Remember a refusal. What was accepted before stays what counts."""
    known = db.execute(
        "select received_at from delivery where (origin, source, close_period, delivery_sha256) = (?, ?, ?, ?)"
        " and outcome = 'refused'",
        delivery.place,
    ).fetchone()
    if known is None:
        note_event(db, delivery, "rejected", delivery.reason)
    _write(db, delivery, "refused", known[0] if known else None)


def note_event(db: sqlite3.Connection, delivery: Delivery, what: str, detail: str | None) -> None:
    """Append to the history, which keeps the clock's time and is read by people only."""
    db.execute(
        "insert into event (at, origin, source, close_period, delivery_sha256, what, detail) values (?, ?, ?, ?, ?, ?, ?)",
        (datetime.now(UTC).isoformat(timespec="seconds"), *delivery.place, what, detail),
    )


def delivered_before(paths: Paths, period: str) -> set[str]:
    """Sources with an accepted delivery of an earlier period."""
    query = "select distinct source from delivery where origin = ? and close_period < ? and status = 'accepted'"
    return {source for (source,) in ledger_file.rows(paths, query, (paths.origin, period))}


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
    for *head, totals, received_at, status, reason in ledger_file.rows(paths, query, (origin, period)):
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
    return list(ledger_file.rows(paths, query, (origin,)))


def _one(paths: Paths, condition: str, values: tuple[str, ...], source: str, origin: str | None) -> Delivery | None:
    query = f"""
        select delivery_sha256, close_period, outcome, status, received_at, contract_sha256, tables, notes, reason
        from delivery where origin = ? and source = ? and {condition} order by close_period desc limit 1
    """
    origin = origin or paths.origin
    for sha, period, outcome, status, received_at, contract, tables, notes, reason in ledger_file.rows(
        paths, query, (origin, source, *values)
    ):
        files = ledger_file.rows(
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


def _write(db: sqlite3.Connection, delivery: Delivery, outcome: str, received_at: str | None) -> None:
    _forget(db, delivery, outcome)
    key = (*delivery.place, outcome)
    db.execute(
        "insert into delivery values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *key,
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
                *key,
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
    key = (*delivery.place, outcome)
    for table in ("delivery", "delivery_file"):
        db.execute(
            f"delete from {table} where (origin, source, close_period, delivery_sha256, outcome) = (?, ?, ?, ?, ?)",
            key,
        )


def _totals(text: str) -> dict[str, Decimal]:
    return {currency: Decimal(amount) for currency, amount in json.loads(text).items()}
