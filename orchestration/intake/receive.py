"""From the inbox to the lake: one delivery is recognised, read, and accepted or refused.

Lives here: the order of these steps, and putting a delivery in the lake or refusing it, each at once, so that a kill cannot split it.
Does not: how a delivery is recognised (arrivals) and read (contents), nor whether a readable delivery is good (the raw gate, which
judges a candidate before it is accepted).
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import shutil
import sqlite3
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from orchestration.contracts.model import Source
from orchestration.errors import CuadreError, Fault, InputUnusable
from orchestration.intake import lake, ledger, ledger_file, rejects, seen
from orchestration.intake.arrivals import Arrival, recognise
from orchestration.intake.contents import disagreements, read_tables
from orchestration.intake.delivery import Delivery, DeliveryFile
from orchestration.readers import UNFORESEEN, Unforeseen
from orchestration.settings import Paths


@dataclass(frozen=True)
class Missing:
    """Nothing to read lies in the inbox for this source and period."""

    source: str
    period: str


@dataclass(frozen=True)
class Unchanged:
    """The inbox holds what was accepted before."""

    delivery: Delivery


@dataclass(frozen=True)
class Candidate:
    """A delivery that can be read and agrees with its manifest, not yet judged by the raw gate."""

    delivery: Delivery
    """What it becomes when accepted; its tables point at where the Parquet lies now."""
    scratch: Path | None
    """Where it was read to; None when the lake still holds it from an earlier time."""

    @property
    def delivery_sha256(self) -> str:
        """The content's name."""
        return self.delivery.delivery_sha256

    @property
    def tables(self) -> Mapping[str, Path]:
        """Table name → folder of its Parquet parts, for the raw gate to judge."""
        return self.delivery.tables

    @property
    def files(self) -> tuple[DeliveryFile, ...]:
        """Its files, copies included."""
        return self.delivery.files

    @property
    def received_at(self) -> datetime:
        """Newest change of its files, in UTC."""
        return self.delivery.received_at


def prepare(paths: Paths, source: Source, period: str) -> Candidate | Unchanged | Missing:
    """Recognise what lies in the inbox for a source and period and, when it is new, read it into the scratch folder.

    Raises:
        InputUnusable: it cannot be read, breaks its contract or disagrees with its manifest. The refusal lies in
            `data/rejected` and in the ledger; what was accepted before stays.
    """
    lake.sweep(paths, source.name, period)
    with _unforeseen_is_a_fault(paths, _unknown_delivery(paths, source, period)):
        arrival = recognise(paths, source, period)
    if arrival is None:
        return Missing(source.name, period)
    with _unforeseen_is_a_fault(paths, arrival.delivery):
        return _compared_with_ledger(paths, source, period, arrival)


def _compared_with_ledger(paths: Paths, source: Source, period: str, arrival: Arrival) -> Candidate | Unchanged:
    new = arrival.delivery
    if arrival.faults:
        raise _refused(paths, new, arrival.faults)
    kept = ledger.find(paths, source.name, period, new.delivery_sha256)
    if kept is None or kept.contract_sha256 != new.contract_sha256 or lake.damages(paths, [kept]):
        return _read(paths, arrival)
    if faults := disagreements(arrival.parts, kept.files):
        raise _refused(paths, new, faults)
    if kept.status != "accepted":
        return Candidate(kept, None)
    if arrival.is_fresh:
        with ledger_file.transaction(paths) as db:
            ledger.note_event(db, kept, "duplicate", "the same content was delivered again")
    return Unchanged(kept)


def accept(paths: Paths, candidate: Candidate) -> Delivery:
    """Move a candidate into the lake and make it the delivery that counts, in one step."""
    new = candidate.delivery
    parts = lake.inventory(candidate.scratch) if candidate.scratch is not None else ()
    target = ledger.lake_folder(paths, new.origin, new.source, new.close_period) / new.delivery_sha256
    with ledger_file.transaction(paths) as db:
        if candidate.scratch is not None:
            lake.install(candidate.scratch, target)
        accepted = replace(new, status="accepted", reason=None, tables={name: target / name for name in new.tables})
        ledger.record_accepted(db, accepted)
        if candidate.scratch is not None:
            ledger.record_parts(db, accepted, parts)
            seen.write_hashes(db, lake.hashes(paths, target, parts))
    return ledger.current(paths, new.source, new.close_period, origin=new.origin) or accepted


def reject(
    paths: Paths,
    refused: Candidate | Delivery,
    faults: Sequence[Fault],
    failed_rows: Mapping[str, pl.DataFrame] | None = None,
    trace: str = "",
) -> Path:
    """Refuse a candidate: explain it in `data/rejected`, remember it, and leave what was accepted before as it is."""
    delivery = refused.delivery if isinstance(refused, Candidate) else refused
    where = rejects.write(paths, delivery, faults, failed_rows, trace)
    first = str(faults[0]) if faults else "refused by the raw gate"
    files = tuple(
        replace(file, status="rejected", reason=str(rejects.blame(file.file, faults) or first))
        for file in delivery.files
    )
    with ledger_file.transaction(paths) as db:
        ledger.record_rejected(db, replace(delivery, status="rejected", reason=first, files=files, tables={}))
    if isinstance(refused, Candidate) and refused.scratch is not None:
        shutil.rmtree(refused.scratch, ignore_errors=True)
    return where


def resolve(paths: Paths, source: Source, period: str, table: str | None = None) -> tuple[Delivery | None, bool]:
    """The delivery that a close of `period` reads, and whether it is a stale stand-in from an earlier period.

    With `table`, a source that carries forward does so for that table alone: contracts may be of this month while the
    customers are of the last.
    """
    if not source.carries_forward:
        return ledger.current(paths, source.name, period), False
    delivery = ledger.latest(paths, source.name, period, table=table)
    return delivery, delivery is not None and delivery.close_period != period


def _read(paths: Paths, arrival: Arrival) -> Candidate:
    """Read a delivery into the scratch folder, or leave nothing there."""
    new = arrival.delivery
    scratch = lake.scratch(paths, new.source, new.close_period, new.delivery_sha256)
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        return Candidate(read_tables(paths, arrival, scratch), scratch)
    except InputUnusable as refused:
        shutil.rmtree(scratch, ignore_errors=True)
        raise _refused(paths, new, refused.faults) from None
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise


@contextlib.contextmanager
def _unforeseen_is_a_fault(paths: Paths, delivery: Delivery) -> Iterator[None]:
    """Whatever goes wrong on the way in is told as a fault of a file, never as a traceback: that lies in `data/rejected`.

    Known faults have sentences of their own. What this machine lacks (space, rights in the home) is nobody's file.
    """
    try:
        yield
    except (CuadreError, sqlite3.Error, MemoryError):
        raise
    except UNFORESEEN as error:
        cause = error.__cause__ if isinstance(error, Unforeseen) and error.__cause__ else error
        if _is_of_this_machine(paths, cause):
            raise
        file = error.file if isinstance(error, Unforeseen) else f"{delivery.source}/{delivery.close_period}"
        said = str(cause).strip().splitlines() or [""]
        reason = f"cannot be read ({type(cause).__name__}: {said[0][:200]})"
        remedy = (
            "Export it again and deliver it; traceback.txt in data/rejected says more to whoever maintains the program."
        )
        fault = Fault(file, reason, remedy)
        reject(paths, delivery, [fault], trace="".join(traceback.format_exception(error)))
        raise InputUnusable([fault]) from error


def _unknown_delivery(paths: Paths, source: Source, period: str) -> Delivery:
    """What lies in a folder of the inbox, before anything is known of it but its place."""
    place = f"{source.name}/{period}"
    name = hashlib.sha256(place.encode()).hexdigest()
    return Delivery(name, source.name, period, paths.origin, "rejected", datetime(1970, 1, 1), {}, ())


_LACKS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE}


def _is_of_this_machine(paths: Paths, error: BaseException) -> bool:
    """Whether an error says that this machine cannot write, and nothing of what was delivered."""
    if isinstance(error, OSError) and error.filename is not None:
        return not Path(os.fsdecode(error.filename)).is_relative_to(paths.inbox)
    number = error.errno if isinstance(error, OSError) else None
    told = re.search(r"\(os error (\d+)\)", str(error))  # how Polars passes it on
    return (number or (int(told[1]) if told else None)) in _LACKS


def _refused(paths: Paths, delivery: Delivery, faults: Sequence[Fault]) -> InputUnusable:
    reject(paths, delivery, faults)
    return InputUnusable(list(faults))
