"""What the rows of a delivery say, once its files are recognised.

Lives here: reading every file into typed Parquet, and what only the rows can tell: counts and sums of the manifest, the month.
Does not: how a file is read (readers), nor what becomes of the delivery (receive).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from orchestration.contracts.model import Table
from orchestration.errors import Fault, InputUnusable
from orchestration.intake import seen, selection
from orchestration.intake.arrivals import Arrival
from orchestration.intake.delivery import Delivery, DeliveryFile
from orchestration.intake.tables import Part
from orchestration.readers import read
from orchestration.settings import Paths

UNVERIFIED = "nothing could verify it: its pages have no checksums, and no manifest states its hash or its rows and sum"
"""Why an accepted Parquet file is in doubt; the total of its invoice may still tell."""


def read_tables(paths: Paths, arrival: Arrival, scratch: Path) -> Delivery:
    """Read every table into `scratch/<table>/`, check what only the rows can tell, and complete the delivery.

    Raises:
        InputUnusable: a file cannot be read, breaks its contract, disagrees with its manifest or changed while it was read.
    """
    new, unique = arrival.delivery, [part for part in arrival.parts if part.duplicate_of is None]
    tables: dict[str, Path] = {}
    suspicious: dict[str, tuple[Fault, ...]] = {}
    files = {file.file: file for file in new.files}
    notes, faults = list(new.notes), []
    for table in {part.table.name: part.table for part in unique}.values():
        out = scratch / table.name
        out.mkdir(parents=True)
        mine = [part.path for part in unique if part.table == table]
        try:
            report = read(
                table, mine, out, delivery_sha256=new.delivery_sha256, root=paths.inbox, dialect=arrival.dialect
            )
        except InputUnusable as refused:
            faults += refused.faults
            continue
        tables[table.name] = out
        notes += [f"{table.name}: {note}" for note in report.notes]
        if report.unknown_columns:
            notes.append(
                f"{table.name}: columns not in the contract, kept as text: {', '.join(report.unknown_columns)}"
            )
        promised = {part.name for part in unique if part.listed is not None and selection.can_verify(part.listed)}
        for one in report.files:
            doubt = None if one.is_verified or one.file in promised else UNVERIFIED
            notes += [f"{one.file}: {doubt}"] if doubt else []
            suspicious[one.file] = one.suspicious
            files[one.file] = replace(files[one.file], rows=one.rows, totals=dict(one.amount_totals), reason=doubt)
        faults += _wrong_month(table, out, new.close_period)
    remedy = "Wait until the copy into the inbox has ended, then close again."
    faults += [
        Fault(part.name, "changed while it was read", remedy) for part in unique if seen.stamp(part.path) != part.stamp
    ]
    if faults or (faults := disagreements(arrival.parts, files.values(), suspicious)):
        raise InputUnusable(faults)
    return replace(new, tables=tables, files=tuple(files.values()), notes=tuple(notes))


def disagreements(
    parts: Sequence[Part], files: Iterable[DeliveryFile], suspicious: Mapping[str, Sequence[Fault]] | None = None
) -> list[Fault]:
    """Where rows and sums are not what the manifest says, and the cells of such a file that may have swallowed rows.

    A copy is judged by what it is a copy of.
    """
    by_sha = {file.sha256: file for file in files if file.rows is not None}
    faults: list[Fault] = []
    for part in parts:
        if part.listed is not None and (file := by_sha.get(part.sha256)):
            wrong = selection.check_rows(part.listed, rows=file.rows or 0, totals=file.totals)
            faults += [*wrong, *((suspicious or {}).get(file.file, ()) if wrong else ())]
    return faults


def _wrong_month(table: Table, out: Path, period: str) -> list[Fault]:
    """Refuse a file most of whose rows state another month: it lies in the wrong folder, or its dates are misread."""
    if table.period_from is None:
        return []
    rows, stated = pl.scan_parquet(sorted(out.glob("*.parquet")), glob=False), pl.col(table.period_from)
    if rows.collect_schema()[table.period_from].is_temporal():
        first = date.fromisoformat(f"{period}-01")
        is_away = (stated < first) | (stated >= (first + timedelta(days=31)).replace(day=1))
    else:
        is_away = ~(stated.str.starts_with(period) | stated.str.starts_with(period.replace("-", "")))
    counts = rows.group_by("_source_file").agg(total=pl.len(), away=is_away.sum()).sort("_source_file")
    faults = []
    for file, total, away in counts.collect(engine="streaming").iter_rows():
        if 2 * away <= total:
            continue
        moved = rows.filter(is_away, pl.col("_source_file") == file)
        month = stated.cast(pl.String).str.replace(r"^(\d{4})-?(\d{2}).*$", "$1-$2").mode().min()
        row, elsewhere = moved.select(pl.col("_source_row").min(), month).collect(engine="streaming").row(0)
        reason = f"{away} of {total} rows state another month than {period}"
        remedy = f"Move the file to the folder {elsewhere}, or declare the date order if its dates were misread."
        faults.append(
            Fault(file, reason, remedy, line=row + _has_header(file), column=table.period_from, value=elsewhere)
        )
    return faults


def _has_header(file: str) -> bool:
    """Whether the first data row is the second line of the file."""
    return ".csv" in file.lower() or file.lower().endswith((".xlsx", ".zip"))
