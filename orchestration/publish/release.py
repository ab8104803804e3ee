"""One release out of all closes: what BI opens.

Lives here: the release's files, their hashes, how many releases are kept, and the swap that a reader never notices. Does not:
making or judging a close (publish, release_gate).

A release is a pure function of its closes as far as rows and Parquet bytes go, so the order in which months were closed leaves no
trace. Parquet is linked from the closes, never written again. The DuckDB file is the last release's with the months replaced that
differ, so that the thirteenth close costs what the first did; its bytes depend on that history, its rows do not.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import duckdb
import polars as pl

from orchestration.ground import sql
from orchestration.ground.files import sha256_of
from orchestration.publish import descriptions, events, grain, kept, release_gate
from orchestration.publish.descriptions import Description
from orchestration.settings import Paths, releases_kept
from orchestration.warehouse import database

SUMS = "SHA256SUMS"
DATABASE = "cuadre.duckdb"
EVENTS = "fct_period_event"
"""The one table that no close holds: people act on a month after it was closed."""
_BLOAT = 2
"""How many times the file may be as large as what is in use; beyond, it is built anew."""
_CLONE = 0x40049409
"""FICLONE of Linux: two files share their blocks until one is written (XFS, Btrfs)."""


def make(
    paths: Paths,
    closes: Mapping[str, Path],
    keys: Mapping[str, Sequence[str]],
    told: Mapping[str, Description] = MappingProxyType({}),
) -> Path:
    """Build the release of these closes, judge it, and point `published` at it.

    Args:
        closes: by period, the folder of the close that counts; at least one.
        keys: what tells the rows of each table apart.
        told: what each table and its columns are, for the comments of the DuckDB file.

    Raises:
        GateRefused: the release is not its closes put together. The last release stays.
    """
    made_from = {period: json.loads((folder / "manifest.json").read_text()) for period, folder in closes.items()}
    acts = events.frame(paths, {period: _published_as(folder, made_from[period]) for period, folder in closes.items()})
    ends = {period: chain[-1].event_sha256 for period in closes if (chain := events.of(paths, period))}
    named = json.dumps([made_from, ends] if ends else made_from, sort_keys=True)
    target = paths.releases / hashlib.sha256(named.encode()).hexdigest()[:16]
    if not (target / SUMS).exists():
        building = paths.scratch / f"release-{target.name}"
        shutil.rmtree(building, ignore_errors=True)
        (building / "marts").mkdir(parents=True)
        known = _link_facts(building / "marts", closes)
        for rewritten in _mark_current(paths, building / "marts", keys):
            known.pop(str(rewritten.relative_to(building)), None)
        _write_dimensions(paths, building / "marts", closes, keys)
        _write_events(paths, building / "marts", acts, keys)
        _database(paths, building / DATABASE, closes, made_from, keys, told)
        _sign(building, made_from, ends, known)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        os.replace(building, target)
    target.touch()  # the release pointed at last is the newest, whenever it was built
    _point(paths.published, target)
    _let_go(paths, target)
    return target


def manifest(folder: Path) -> dict[str, dict]:
    """What each close of a release was made from and made of, by period; nothing where there is no release."""
    file = folder / "manifest.json"
    return json.loads(file.read_text()).get("closes", {}) if file.exists() else {}


def heads(folder: Path) -> dict[str, str]:
    """Hash of the last event of each month on which people acted before a release was made."""
    file = folder / "manifest.json"
    return json.loads(file.read_text()).get("events", {}) if file.exists() else {}


def is_fact(table: str) -> bool:
    """Whether a table is stacked month by month. The others hold the newest close's row of each key."""
    return not table.startswith("dim_")


def _link_facts(folder: Path, closes: Mapping[str, Path]) -> dict[str, str]:
    """Link each close's facts as `<table>/close_period=…/`. Returns the hashes that the closes know, by path in the release."""
    known = {}
    for period, close in closes.items():
        sums = json.loads((close / "manifest.json").read_text()).get("files", {})
        for table, files in kept.tables(close).items():
            for file in files if is_fact(table) else ():
                inside = file.relative_to(close)
                beside = Path(*inside.parts[1:]) if len(inside.parts) > 1 else Path("part-0.parquet")
                out = folder / table / f"close_period={period}" / beside
                kept.link(file, out)
                if str(inside) in sums:
                    known[str(out.relative_to(folder.parent))] = sums[str(inside)]
    return known


def _mark_current(paths: Paths, folder: Path, keys: Mapping[str, Sequence[str]]) -> list[Path]:
    """Of a fact that repeats a thing in each close (a document), say which row is the newest: no close can know that alone.

    Returns: the files written for it, in the months that hold a row of which a later month has a newer one.
    """
    rewritten = []
    with database.connect(paths) as connection:
        for table, of in grain.newest_by().items():
            files = sorted((folder / table).glob("*/*.parquet"))
            if not files or ("is_current", "BOOLEAN") not in kept.columns(connection, kept.scan(files)):
                continue
            thing = sql.names(of)
            connection.execute(
                f"create or replace temp table newest as select {thing}, max(close_period) as _newest from {kept.scan(files)} group by all"
            )
            for file in files:
                same = " and ".join(f"held.{name} is not distinct from newest.{name}" for name in map(sql.name, of))
                joined = f"{kept.scan([file])} as held left join newest on {same}"
                (older,) = sql.one_row(
                    connection.execute(f"select count(*) from {joined} where held.close_period < _newest")
                )
                if older:
                    marked = f"select held.* replace (held.close_period = _newest as is_current) from {joined}"
                    fresh = file.with_suffix(".new")
                    kept.write(connection, marked, keys[table], fresh)
                    os.replace(fresh, file)
                    rewritten.append(file)
    return rewritten


def _write_dimensions(
    paths: Paths, folder: Path, closes: Mapping[str, Path], keys: Mapping[str, Sequence[str]]
) -> None:
    """One file for each table that is no fact: the closes' rows, where they repeat a key the newest close's."""
    with database.connect(paths) as connection:
        for table, files in _files(closes).items():
            out = folder / f"{table}.parquet"
            if is_fact(table):
                continue
            if len(files) == 1:
                kept.link(files[0], out)
                continue
            key = keys.get(table) or [kept.columns(connection, kept.scan(files))[0][0]]
            newest_first = " union all by name ".join(
                f"select *, {age} as _age from {kept.scan([file])}" for age, file in enumerate(reversed(files))
            )
            newest = f"select * exclude (_age) from ({newest_first}) qualify row_number() over (partition by {sql.names(key)} order by _age) = 1"
            kept.write(connection, newest, key, out)


def _published_as(close: Path, made: Mapping[str, str]) -> tuple[str, datetime]:
    """The close as its first event tells it: hash of what it holds, and when its newest file came."""
    return kept.content_sha256(close), datetime.fromisoformat(made["as_of"])


def _write_events(paths: Paths, folder: Path, acts: pl.DataFrame, keys: Mapping[str, Sequence[str]]) -> None:
    """One file of events a month, and dim_close_period as they say that each month stands."""
    periods = folder / "dim_close_period.parquet"
    stands = pl.DataFrame(events.standing(acts), schema=events.STANDING, orient="row")
    with database.connect(paths) as connection:
        for (period,), rows in acts.group_by("close_period"):
            out = folder / EVENTS / f"close_period={period}" / "part-0.parquet"
            out.parent.mkdir(parents=True)
            connection.register("acts", rows)
            kept.write(connection, "from acts", keys[EVENTS], out)
        if stands.filter(pl.col("status") != "published").is_empty() or not periods.exists():
            return
        connection.register("stands", stands)
        placed = ", ".join(f"coalesce(stands.{name}, held.{name}) as {name}" for name in events.FILLED)
        joined = f"select held.* replace ({placed}) from {kept.scan([periods])} as held left join stands using (close_period)"
        fresh = periods.with_suffix(".new")
        kept.write(connection, joined, keys["dim_close_period"], fresh)
        os.replace(fresh, periods)


def _database(
    paths: Paths,
    file: Path,
    closes: Mapping[str, Path],
    made_from: Mapping[str, dict],
    keys: Mapping[str, Sequence[str]],
    told: Mapping[str, Description],
) -> None:
    """The DuckDB file: the last release's with the months replaced that differ, or built from nothing."""
    before = manifest(paths.published)
    other = {period for period in before.keys() | made_from.keys() if before.get(period) != made_from.get(period)}
    last = paths.published / DATABASE
    if last.exists() and len(other) < len(made_from.keys() | before.keys()):
        _clone(last, file)
        _fill(paths, file, closes, other, told)
        if _is_bloated(paths, file):
            file.unlink()
    if not file.exists():
        _fill(paths, file, closes, set(closes), told)
    with database.connect(paths, file, read_only=True) as connection:
        release_gate.judge_release(connection, closes, made_from, keys)


def _fill(
    paths: Paths, file: Path, closes: Mapping[str, Path], months: set[str], told: Mapping[str, Description]
) -> None:
    """Make the rows of these months what their closes say, and the comments what is told now; a month without a close loses its rows."""
    with database.connect(paths, file) as connection:
        # A table has no order to keep, and every core writes it sooner where none is kept.
        connection.execute("set preserve_insertion_order = false; create schema if not exists marts")
        held = {
            name
            for (name,) in connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'marts'"
            ).fetchall()
        }
        wanted = _files(closes) | {EVENTS: []}
        for table in sorted(held - wanted.keys()):
            connection.execute(f'drop table marts."{table}"')
        for table, files in wanted.items():
            name, whole = f'marts."{table}"', kept.scan(_published(file.parent / "marts", table, files))
            is_stacked = is_fact(table) and table not in {EVENTS, *grain.newest_by()}
            if is_stacked and table in held and kept.columns(connection, name) == kept.columns(connection, whole):
                _replace(connection, table, closes, months)
            else:
                connection.execute(f"create or replace table {name} as from {whole}")
        descriptions.write(connection, told)
        connection.execute("checkpoint")


def _published(folder: Path, table: str, files: list[Path]) -> list[Path]:
    """What a table is made of: the files of its closes, or those of the release where only the release knows a column or a row."""
    if not is_fact(table):
        return [folder / f"{table}.parquet"]
    return sorted((folder / table).rglob("*.parquet")) if table in {EVENTS, *grain.newest_by()} else files


def _replace(connection: duckdb.DuckDBPyConnection, table: str, closes: Mapping[str, Path], months: set[str]) -> None:
    """Take out the rows of these months and put in those of their closes."""
    connection.execute(f'delete from marts."{table}" where close_period in (select unnest(?))', [sorted(months)])
    fresh = [part for period in sorted(months & closes.keys()) for part in kept.tables(closes[period]).get(table, [])]
    if fresh:
        connection.execute(f'insert into marts."{table}" by name from {kept.scan(fresh)}')


def _is_bloated(paths: Paths, file: Path) -> bool:
    """Whether most of the file is no longer in use. DuckDB uses free blocks again, and never gives them back."""
    with database.connect(paths, file, read_only=True) as connection:
        size = connection.execute("select total_blocks, used_blocks from pragma_database_size()")
        total, used = sql.one_row(size)
    return total > _BLOAT * max(used, 1)


def _clone(source: Path, target: Path) -> None:
    """Copy a file, sharing its blocks where the file system can."""
    with source.open("rb") as old, target.open("wb") as new:
        try:
            import fcntl  # not on every system

            fcntl.ioctl(new.fileno(), _CLONE, old.fileno())
        except (ImportError, OSError):
            shutil.copyfileobj(old, new, 1 << 22)


def _sign(folder: Path, made_from: Mapping[str, dict], ends: Mapping[str, str], known: Mapping[str, str]) -> None:
    """Write the manifest with the hash of every published file, and the same hashes for `sha256sum -c`."""
    files = sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())
    sums = {name: known.get(name) or sha256_of(folder / name) for name in files}
    (folder / "manifest.json").write_text(
        json.dumps({"closes": made_from, "events": ends, "files": sums}, indent=1, sort_keys=True) + "\n"
    )
    sums["manifest.json"] = sha256_of(folder / "manifest.json")
    (folder / SUMS).write_text("".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())))


def _point(link: Path, target: Path) -> None:
    """Point a link at a folder in one step, so that a reader finds the old release or the new one."""
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(os.path.relpath(target, link.parent), target_is_directory=True)
    os.replace(fresh, link)


def _let_go(paths: Paths, newest: Path) -> None:
    """Remove the oldest releases beyond those that the setting keeps. Who holds a file of one open reads it to the end."""
    others = sorted((one for one in paths.releases.iterdir() if one != newest), key=lambda one: one.stat().st_mtime_ns)
    for old in others[: max(0, len(others) + 1 - releases_kept())]:
        shutil.rmtree(old, ignore_errors=True)


def _files(closes: Mapping[str, Path]) -> dict[str, list[Path]]:
    """Files of every table of all closes, the oldest month first."""
    found: dict[str, list[Path]] = {}
    for _, close in sorted(closes.items()):
        for table, files in kept.tables(close).items():
            found.setdefault(table, []).extend(files)
    return dict(sorted(found.items()))
