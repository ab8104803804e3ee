"""The only way out: marts become a finished release that others may open.

Lives here: keeping each close's marts as Parquet, making one release out of all closes, and the swap that a reader
never notices. Does not: deciding whether a close may leave (the gates have spoken before).

`<home>/lake/<origin>/closes/<YYYY-MM>/<hash>/` holds what one close made, and the file `current` beside it names the one that
counts. A release is a pure function of those folders, so the order in which months were closed leaves no trace. `<home>/published` is a link to the newest release.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import polars as pl

from orchestration import marts, piecewise, release_gate, warehouse
from orchestration.errors import CuadreError
from orchestration.settings import Paths
from orchestration.sql import text as _quoted

WIDEST = "fct_provider_charge"
"""As many rows as all providers have lines."""


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


def closes(paths: Paths) -> dict[str, Path]:
    """Folder of every finished close of this home, by period, oldest first."""
    pointers = sorted(_closes(paths).glob("????-??/current"))
    return {pointer.parent.name: pointer.parent / pointer.read_text() for pointer in pointers}


def released(paths: Paths) -> dict[str, dict]:
    """What the published release truly holds: what each of its closes was made from and made of, by period."""
    file = paths.published / "manifest.json"
    return json.loads(file.read_text()) if file.exists() else {}


def of_this_inbox(paths: Paths) -> dict[str, dict]:
    """The same without what the bundled sample left there."""
    return {period: made for period, made in released(paths).items() if made["origin"] == paths.origin}


def manifest_of(paths: Paths, period: str) -> dict:
    """What the published release says a period was made from, whichever inbox it came from."""
    return json.loads((paths.published / "manifest.json").read_text())[period]


def last_release(paths: Paths, period: str) -> Release:
    """The release that `published` points at, with what the last close of `period` changed in it."""
    kept = json.loads((closes(paths)[period] / "manifest.json").read_text())
    changes = tuple(
        TableChange(**change) for change in json.loads((paths.quality / f"changes-{period}.json").read_text())
    )
    return Release(paths.published.resolve(), period, kept["close_id"], changes)


def publish(paths: Paths, period: str, *, identity: dict, checklist: pl.DataFrame) -> Release:
    """Keep this close's marts, then release all closes together.

    Args:
        identity: close_period, close_id, manifest_sha256, rules_version, inbox fingerprint and deliveries, written to the
            manifest.
        checklist: `fct_checklist_item` of this close; judged outside dbt, so it joins the marts here.

    Raises:
        GateRefused: what would be published is not this close, or not each close once.
    """
    before = _released_close(paths, period)
    fresh = paths.scratch / f"close-{period}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    keys = marts.keys()
    with warehouse.open_warehouse(paths, period, read_only=True) as connection:
        tables = [
            row[0]
            for row in connection.execute(
                "select table_name from information_schema.tables where table_schema = 'marts' "
                "and regexp_matches(table_name, '^(fct|dim|rpt)_') order by 1"
            ).fetchall()
        ]
        for table in tables:
            relation, out = f'marts."{table}"', fresh / f"{table}.parquet"
            if table == WIDEST:
                piecewise.write(connection, relation, keys[table], out, rows_of="focus.int_focus__charges")
            else:
                _copy(connection, f"from {relation}", keys[table], out)
    with duckdb.connect() as connection:
        connection.register("checklist", checklist)
        _copy(connection, "select * from checklist", keys["fct_checklist_item"], fresh / "fct_checklist_item.parquet")
    with warehouse.connect(paths) as connection:
        release_gate.judge_close(connection, fresh, identity, keys)
    sums = {file.stem: _sha256(file) for file in sorted(fresh.glob("*.parquet"))}
    (fresh / "manifest.json").write_text(json.dumps(identity | {"tables": sums}, indent=1, sort_keys=True) + "\n")
    changes = _changes(before, fresh)
    paths.quality.mkdir(parents=True, exist_ok=True)
    (paths.quality / f"changes-{period}.json").write_text(json.dumps([asdict(change) for change in changes]))
    kept = _keep(fresh, _closes(paths) / period)
    release = _release(paths, keys)
    for old in kept.parent.iterdir():  # only now does nobody need them to say what changed
        if old.is_dir() and old != kept:
            shutil.rmtree(old, ignore_errors=True)
    _record(paths, period).unlink(missing_ok=True)
    return Release(release, period, identity["close_id"], changes)


def withdraw(paths: Paths, period: str, *, because: str | None, inbox: dict[str, str]) -> None:
    """Take a published month back: the release is made again without it, and its close is kept out of the way.

    Args:
        because: why, in words, for `status`.
        inbox: the marks of what lies in the inbox now; until they change nothing closes the month by itself.

    Raises:
        NotPublished: neither the release nor the closes behind it hold the month.
    """
    kept, out = closes(paths).get(period), of_this_inbox(paths)
    if kept is None and period not in out:
        raise NotPublished(
            f"{period} is not published in {paths.home}. Published: {', '.join(sorted(out)) or 'nothing'}. "
            "`cuadre status` lists the months."
        )
    record = _record(paths, period)
    record.parent.mkdir(parents=True, exist_ok=True)
    close_id = (out.get(period) or json.loads((kept / "manifest.json").read_text()))["close_id"]
    fresh = record.with_suffix(".new")
    fresh.write_text(json.dumps({"close_id": close_id, "because": because, "inbox": inbox}, indent=1, sort_keys=True))
    fresh.replace(record)
    if kept is not None:
        aside = record.with_suffix("") / kept.name
        aside.parent.mkdir(exist_ok=True)
        shutil.rmtree(aside, ignore_errors=True)  # the same close, withdrawn before
        (kept.parent / "current").unlink()
        os.replace(kept, aside)
    _release(paths, marts.keys())


def withdrawn(paths: Paths) -> dict[str, dict]:
    """Months that were taken back and not published since: close_id, because, and the marks of the inbox at that time."""
    out = of_this_inbox(paths)
    records = sorted(_record(paths, "").parent.glob("????-??.json"))
    return {record.stem: json.loads(record.read_text()) for record in records if record.stem not in out}


def _release(paths: Paths, keys: dict[str, list[str]]) -> Path | None:
    """Build one release from every close and point `published` at it; without any close nothing is published."""
    made_from = {period: json.loads((folder / "manifest.json").read_text()) for period, folder in closes(paths).items()}
    if not made_from:  # the only month was withdrawn
        paths.published.unlink(missing_ok=True)
        return None
    name = hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()[:16]
    target = paths.releases / name
    if not (target / "manifest.json").exists():
        building = paths.scratch / f"release-{name}"
        shutil.rmtree(building, ignore_errors=True)
        (building / "marts").mkdir(parents=True)
        files: dict[str, list[Path]] = {}
        for folder in closes(paths).values():
            for file in sorted(folder.glob("*.parquet")):
                files.setdefault(file.stem, []).append(file)
        with warehouse.connect(paths, building / "cuadre.duckdb") as connection:
            connection.execute("create schema marts")
            for table, parts in sorted(files.items()):
                out = building / "marts" / f"{table}.parquet"
                _merge(connection, table, parts, keys.get(table), out)
                # A table has no order to keep, and both cores write it sooner where none is kept.
                connection.execute("set preserve_insertion_order = false")
                connection.execute(f"""create table marts."{table}" as from read_parquet('{_quoted(out)}')""")
                connection.execute("reset preserve_insertion_order")
            release_gate.judge_release(connection, closes(paths), made_from, keys)
        (building / "manifest.json").write_text(json.dumps(made_from, indent=1, sort_keys=True) + "\n")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        os.replace(building, target)
    _point(paths.published, target)
    for old in paths.releases.iterdir():
        if old != target:
            shutil.rmtree(old, ignore_errors=True)
    return target


def _merge(
    connection: duckdb.DuckDBPyConnection, table: str, parts: list[Path], key: list[str] | None, out: Path
) -> None:
    """One table out of all closes: facts are stacked; what has no period keeps the newest close's row of each key.

    A fact that repeats a thing in each close (a document) learns here which of its rows is current: no close can know that alone.
    """
    if len(parts) == 1:
        os.link(parts[0], out)
        return
    listed = ", ".join(f"'{_quoted(part)}'" for part in parts)
    scan = f"read_parquet([{listed}], union_by_name = true, filename = true)"
    columns = [row[0] for row in connection.execute(f"describe from {scan}").fetchall()]
    if table in marts.newest_by() and "is_current" in columns:
        of = ", ".join(marts.newest_by()[table])
        current = f"close_period = max(close_period) over (partition by {of}) as is_current"
        _copy(connection, f"select * exclude (filename) replace ({current}) from {scan}", key, out)
    elif "close_period" in columns:  # one period a close, the closes by period, each in its key's order
        connection.execute(f"copy (select * exclude (filename) from {scan}) {_to(out)}")
    else:
        by = ", ".join(key or columns[:1])
        newest = f"select * exclude (filename) from {scan} qualify row_number() over (partition by {by} order by filename desc) = 1"
        _copy(connection, newest, key or columns[:1], out)


def _copy(connection: duckdb.DuckDBPyConnection, query: str, key: list[str], out: Path) -> None:
    """Write a query as Parquet whose bytes depend only on its rows: a total order, one writer."""
    by = ", ".join(f'"{name}"' for name in key) if key else "all"
    connection.execute(f"copy (select * from ({query}) order by {by}) {_to(out)}")


def _to(out: Path) -> str:
    return f"to '{_quoted(out)}' (format parquet, compression zstd, row_group_size 122880)"


def _changes(before: Path | None, after: Path) -> tuple[TableChange, ...]:
    """Rows that came and went between two closes of the same period, table by table."""
    changes = []
    with duckdb.connect() as connection:
        for new in sorted(after.glob("*.parquet")):
            rows = connection.execute(f"select count(*) from '{_quoted(new)}'").fetchone()[0]
            old = before / new.name if before else None
            if old is None or not old.exists():
                changes.append(TableChange(new.stem, rows, rows, 0))
            elif _columns(connection, old) != _columns(connection, new):
                changes.append(TableChange(new.stem, rows, rows, rows))
            elif _sha256(old) != _sha256(new):
                difference = "select count(*) from (from '{}' except all from '{}')"
                added = connection.execute(difference.format(_quoted(new), _quoted(old))).fetchone()[0]
                removed = connection.execute(difference.format(_quoted(old), _quoted(new))).fetchone()[0]
                changes.append(TableChange(new.stem, rows, added, removed))
    return tuple(changes)


def _columns(connection: duckdb.DuckDBPyConnection, file: Path) -> list[tuple]:
    return [row[:2] for row in connection.execute(f"describe from '{_quoted(file)}'").fetchall()]


def _keep(fresh: Path, period: Path) -> Path:
    """Make a finished close the one that counts; the pointer moves in one step."""
    name = _sha256(fresh / "manifest.json")[:16]
    target = period / name
    if target.exists():
        shutil.rmtree(fresh)
    else:
        period.mkdir(parents=True, exist_ok=True)
        os.replace(fresh, target)
    pointer = period / ".current.new"
    pointer.write_text(name)
    os.replace(pointer, period / "current")
    return target


def _released_close(paths: Paths, period: str) -> Path | None:
    """The kept close that the published release holds: after a kill it need not be the one that counts next."""
    out = released(paths).get(period)
    manifests = _closes(paths).glob(f"{period}/*/manifest.json")
    return next((file.parent for file in manifests if json.loads(file.read_text()) == out), None)


def _point(link: Path, target: Path) -> None:
    """Point a link at a folder in one step, so that a reader finds the old release or the new one."""
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(os.path.relpath(target, link.parent), target_is_directory=True)
    os.replace(fresh, link)


def _record(paths: Paths, period: str) -> Path:
    return paths.lake / paths.origin / "withdrawn" / f"{period}.json"


def _closes(paths: Paths) -> Path:
    return paths.lake / paths.origin / "closes"


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
