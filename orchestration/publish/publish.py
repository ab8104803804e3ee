"""The only way out: marts become a finished release that others may open.

Lives here: keeping a close's marts as Parquet, and publishing or withdrawing a month. Does not: deciding whether a close may leave
(the gates have spoken before), nor where closes lie (closes) and how a release is made (release).

A release is a pure function of the closes, so the order in which months were closed leaves no trace. `<home>/published` is a link to
the newest release.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import polars as pl

from orchestration.errors import CuadreError, GateRefused
from orchestration.ground import sql
from orchestration.ground.files import sha256_of
from orchestration.publish import charges, closes, descriptions, events, grain, kept, release, release_gate
from orchestration.settings import Paths
from orchestration.warehouse import database, transform


class NotPublished(CuadreError):
    """There is no such month to take back."""


@dataclass(frozen=True)
class TableChange:
    """How one published table differs from the release before, for the period that was closed."""

    table: str
    rows: int
    added: int
    removed: int


@dataclass(frozen=True)
class Release:
    """A finished release."""

    folder: Path
    period: str
    close_id: str
    changes: tuple[TableChange, ...]
    """Empty when this close made the same bytes as the one before."""


def last_release(paths: Paths, period: str) -> Release:
    """The release that `published` points at, with what the last close of `period` changed in it."""
    made = json.loads((closes.closes(paths)[period] / "manifest.json").read_text())
    changes = tuple(
        TableChange(**change) for change in json.loads((paths.quality / f"changes-{period}.json").read_text())
    )
    return Release(paths.published.resolve(), period, made["close_id"], changes)


def publish(paths: Paths, period: str, *, identity: dict, checklist: pl.DataFrame) -> Release:
    """Keep this close's marts, then release all closes together.

    Args:
        identity: close_period, close_id, manifest_sha256, rules_version, inbox fingerprint and deliveries, written to the
            manifest.
        checklist: `fct_checklist_item` of this close; judged outside dbt, so it joins the marts here.

    Raises:
        GateRefused: what would be published is not this close, or not each close once.
    """
    before = closes.released_close(paths, period)
    fresh = paths.scratch / f"close-{period}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    keys = grain.keys()
    with database.open_warehouse(paths, period, read_only=True) as connection:
        tables = [
            row[0]
            for row in connection.execute(
                "select table_name from information_schema.tables where table_schema = 'marts' "
                "and regexp_matches(table_name, '^(fct|dim|rpt)_') order by 1"
            ).fetchall()
        ]
        for table in tables:
            if table != kept.CHARGES:
                kept.write(connection, f"from marts.{sql.name(table)}", keys[table], fresh / f"{table}.parquet")
    charges.hand_over(paths, period, fresh)
    with database.connect(paths) as connection:
        connection.register("checklist", checklist)
        kept.write(
            connection, "select * from checklist", keys["fct_checklist_item"], fresh / "fct_checklist_item.parquet"
        )
    with database.connect(paths) as connection:
        release_gate.judge_close(connection, fresh, identity, keys)
    files = [file for table in kept.tables(fresh).values() for file in table]
    sums = {str(file.relative_to(fresh)): sha256_of(file) for file in files}
    (fresh / "manifest.json").write_text(json.dumps(identity | {"files": sums}, indent=1, sort_keys=True) + "\n")
    changes = _changes(paths, before, fresh)
    paths.quality.mkdir(parents=True, exist_ok=True)
    (paths.quality / f"changes-{period}.json").write_text(json.dumps([asdict(change) for change in changes]))
    folder = closes.keep(fresh, closes.folder_of(paths) / period)
    released_as = _release(paths, keys)
    for old in folder.parent.iterdir():  # only now does nobody need them to say what changed
        if old.is_dir() and old != folder:
            shutil.rmtree(old, ignore_errors=True)
    closes.record_of(paths, period).unlink(missing_ok=True)
    return Release(released_as, period, identity["close_id"], changes)


def withdraw(paths: Paths, period: str, *, because: str | None, inbox: dict[str, str]) -> None:
    """Take a published month back: the release is made again without it, and its close is kept out of the way.

    Args:
        because: why, in words, for `status`.
        inbox: the marks of what lies in the inbox now; until they change nothing closes the month by itself.

    Raises:
        NotPublished: neither the release nor the closes behind it hold the month.
    """
    events.refuse_if_locked(paths, period)
    folder, out = closes.closes(paths).get(period), closes.of_this_inbox(paths)
    made = out.get(period) or (json.loads((folder / "manifest.json").read_text()) if folder else None)
    if made is None:
        raise NotPublished(
            f"{period} is not published in {paths.home}. Published: {', '.join(sorted(out)) or 'nothing'}. "
            "`cuadre status` lists the months."
        )
    record = closes.record_of(paths, period)
    record.parent.mkdir(parents=True, exist_ok=True)
    fresh = record.with_suffix(".new")
    fresh.write_text(
        json.dumps({"close_id": made["close_id"], "because": because, "inbox": inbox}, indent=1, sort_keys=True)
    )
    fresh.replace(record)
    if folder is not None:
        aside = record.with_suffix("") / folder.name
        aside.parent.mkdir(exist_ok=True)
        shutil.rmtree(aside, ignore_errors=True)  # the same close, withdrawn before
        (folder.parent / "current").unlink()
        os.replace(folder, aside)
    if closes.closes(paths):
        _release(paths, grain.keys())
    else:  # the only month was withdrawn
        paths.published.unlink(missing_ok=True)


def renew(paths: Paths) -> None:
    """Make the release again from the closes that are kept: what people did with a month is told by it."""
    _release(paths, grain.keys())


def _release(paths: Paths, keys: dict[str, list[str]]) -> Path:
    """Release all closes together."""
    made = closes.closes(paths)
    if older := [period for period, folder in made.items() if not closes.states_its_files(folder)]:
        raise GateRefused(
            f"Nothing is published: {', '.join(older)} was closed by an earlier version, which kept no hash of each file. "
            f"Remove {closes.folder_of(paths)}, then close each month again: the lake holds what they were made from."
        )
    return release.make(paths, made, keys, descriptions.of_marts(transform.manifest(paths)))


def _changes(paths: Paths, before: Path | None, after: Path) -> tuple[TableChange, ...]:
    """Rows that came and went between two closes of the same period, table by table."""
    old, changes = kept.tables(before) if before else {}, []
    with database.connect(paths) as connection:
        for table, new in kept.tables(after).items():
            (rows,) = sql.one_row(connection.execute(f"select count(*) from {kept.scan(new)}"))
            if table not in old:
                changes.append(TableChange(table, rows, rows, 0))
            elif kept.columns(connection, kept.scan(old[table])) != kept.columns(connection, kept.scan(new)):
                changes.append(TableChange(table, rows, rows, rows))
            else:
                alike = {sha256_of(file) for file in old[table]} & {sha256_of(file) for file in new}
                gone, come = ([file for file in files if sha256_of(file) not in alike] for files in (old[table], new))
                if gone or come:
                    changes.append(TableChange(table, rows, *_moved(connection, gone, come)))
    return tuple(changes)


def _moved(connection: duckdb.DuckDBPyConnection, old: list[Path], new: list[Path]) -> tuple[int, int]:
    """How many rows came and went. Rows are told apart by a hash of 64 bits, so that no wide row is held."""
    sides = [
        f"select hash(held) as mark, {sign} as side from {kept.scan(files)} as held"
        for sign, files in ((1, new), (-1, old))
        if files
    ]
    came, gone = sql.one_row(
        connection.execute(
            "select coalesce(sum(greatest(net, 0)), 0)::bigint, coalesce(sum(greatest(-net, 0)), 0)::bigint "
            f"from (select sum(side) as net from ({' union all '.join(sides)}) group by mark having sum(side) <> 0)"
        )
    )
    return came, gone
