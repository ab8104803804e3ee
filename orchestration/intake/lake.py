"""The lake's folders: one for each delivery, whole or not there.

Lives here: moving a finished folder into place so that a kill cannot split it, undoing what a killed run left, and telling
whether a folder still is what was kept. Does not: what is in the folders (readers), or which of them counts (ledger).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl

from orchestration.contracts import SOURCES
from orchestration.contracts.model import Table
from orchestration.errors import Fault
from orchestration.ground import sql
from orchestration.ground.files import sha256_of
from orchestration.intake import ledger, ledger_file, seen
from orchestration.intake.delivery import Delivery, KeptPart
from orchestration.intake.tables import table_name
from orchestration.readers.shape import NO_CURRENCY
from orchestration.readers.values import EXACT
from orchestration.settings import Paths

_COMPARED = {
    "source": pl.String,
    "table_name": pl.String,
    "close_period": pl.String,
    "delivery_sha256": pl.String,
    "file": pl.String,
    "currency": pl.String,
    "kept_rows": pl.Int64,
    "shown_rows": pl.Int64,
    "kept_total": pl.Decimal(38, 12),
    "shown_total": pl.Decimal(38, 12),
    "damage": pl.String,
}
"""The columns of `raw.cuadre__lake`: one row a file and currency of every delivery that a close reads."""


def scratch(paths: Paths, source: str, period: str, delivery_sha256: str) -> Path:
    """Where this process reads a delivery to; a run that was killed is known by its process."""
    return _workshop(paths, source, period) / f"{delivery_sha256}.{os.getpid()}"


def sweep(paths: Paths, source: str, period: str) -> None:
    """Undo what a killed run left half done: scratch of dead processes, and lake folders that no row names."""
    for left in _children(_workshop(paths, source, period)):
        if not _is_alive(left.suffix.removeprefix(".")):
            shutil.rmtree(left, ignore_errors=True)
    folder = ledger.lake_folder(paths, paths.origin, source, period)
    if not _children(folder):
        return
    with ledger_file.transaction(paths) as db:
        kept = ledger.kept_hashes(db, paths.origin, source, period)
        for left in _children(folder):
            if left.suffix == ".old" and left.stem in kept and not left.with_suffix("").exists():
                left.replace(left.with_suffix(""))
            elif left.name not in kept:
                shutil.rmtree(left)


def install(finished: Path, target: Path) -> None:
    """Put a folder in its place; what was there stays until the new one is."""
    _flush(finished)
    target.parent.mkdir(parents=True, exist_ok=True)
    old = target.with_suffix(".old")
    if target.exists():
        target.replace(old)
    finished.replace(target)
    _sync(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def inventory(folder: Path) -> tuple[KeptPart, ...]:
    """The Parquet files of a delivery's folder, hashed."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return tuple(KeptPart(str(file.relative_to(folder)), file.stat().st_size, sha256_of(file)) for file in files)


def hashes(paths: Paths, folder: Path, parts: Iterable[KeptPart]) -> dict[str, tuple[str, str]]:
    """The parts of a folder in the lake under the stamps they have there, so that the next look need not hash them."""
    return {_key(paths, folder / part.name): (seen.stamp(folder / part.name), part.sha256) for part in parts}


def damages(paths: Paths, deliveries: Iterable[Delivery]) -> dict[Path, str]:
    """Folder of a table → what of it is not as it was kept.

    Cheap: a file whose size, times and inode are those it was last hashed with is not hashed again.
    """
    known = seen.known_hashes(paths)
    fresh: dict[str, tuple[str, str]] = {}
    found: dict[Path, str] = {}
    for delivery in {each.delivery_sha256: each for each in deliveries}.values():
        kept = ledger.parts(paths, delivery)
        for table, folder in delivery.tables.items():
            mine = [part for part in kept if part.name.startswith(f"{table}/")]
            if wrong := next(_differences(paths, folder, mine, known, fresh), None):
                found[folder] = wrong
    if fresh:
        seen.remember_hashes(paths, fresh)
    return found


def verify(paths: Paths) -> list[Fault]:
    """Hash every Parquet file of every kept delivery, also of those that no close reads now; the faults of all."""
    faults = []
    for delivery in ledger.kept(paths, paths.origin):
        kept = ledger.parts(paths, delivery)
        for table, folder in delivery.tables.items():
            mine = [part for part in kept if part.name.startswith(f"{table}/")]
            place = str(folder.relative_to(paths.home))
            faults += [Fault(place, wrong, remedy(delivery)) for wrong in _differences(paths, folder, mine, {}, {})]
    return faults


def remedy(delivery: Delivery) -> str:
    """What brings a damaged delivery back."""
    inbox = f"inbox/{delivery.source}/{delivery.close_period}/"
    return f"Put the delivered files back into {inbox}, then close {delivery.close_period} again: they are read anew."


def compare(
    connection: duckdb.DuckDBPyConnection, shown: Iterable[tuple[Table, Delivery]], damaged: dict[Path, str]
) -> pl.DataFrame:
    """What the ledger kept of every delivered file beside what `raw` shows of it, rows and money by currency.

    Args:
        connection: the warehouse, its raw schema in place.
        shown: each table with the delivery that it shows, stand-ins of earlier months included.
        damaged: the answer of `damages`; such a table is shown empty.
    """
    rows = [row for table, delivery in shown for row in _compared(connection, table, delivery, damaged)]
    return pl.DataFrame(rows, schema=_COMPARED, orient="row")


def _compared(
    connection: duckdb.DuckDBPyConnection, table: Table, delivery: Delivery, damaged: dict[Path, str]
) -> Iterator[tuple]:
    source = SOURCES[table.source]
    files = {f.file: f for f in delivery.files if f.rows is not None and table_name(source, f.file) == table.name}
    damage = damaged.get(delivery.tables[table.name])
    try:
        rows, totals = _shown(connection, table, list(files))
    except duckdb.Error as error:
        rows, totals, damage = {}, {}, damage or f"cannot be read: {str(error).splitlines()[0]}"
    for name in sorted(files.keys() | rows.keys()):
        kept = files.get(name)
        kept_totals = kept.totals if kept else {}
        for currency in sorted(kept_totals.keys() | totals.get(name, {}).keys()) or [None]:
            yield (
                table.source,
                table.name,
                delivery.close_period,
                delivery.delivery_sha256,
                name,
                currency,
                kept.rows if kept else None,
                rows.get(name, 0),
                kept_totals.get(currency) if currency else None,
                totals.get(name, {}).get(currency) if currency else None,
                damage,
            )
    if damage and not files and not rows:
        nothing = (None, None, None, None, None, None)
        yield (table.source, table.name, delivery.close_period, delivery.delivery_sha256, *nothing, damage)


def _shown(
    connection: duckdb.DuckDBPyConnection, table: Table, files: list[str]
) -> tuple[dict[str, int], dict[str, dict[str, Decimal]]]:
    """Rows, and money by currency, of every delivered file in `raw`; the members of an archive count for the archive."""
    unknown = sql.literal(NO_CURRENCY)
    currency = f"coalesce({sql.name(table.currency)}, {unknown})" if table.currency else unknown
    amount = f"coalesce(sum({sql.name(table.amount)}), 0)" if table.amount else "null"
    found = connection.execute(
        f"select _source_file, {currency}, count(*), {amount} from raw.{sql.name(table.id)} group by 1, 2 order by 1, 2"
    ).fetchall()
    rows: dict[str, int] = {}
    totals: dict[str, dict[str, Decimal]] = {}
    for origin, code, count, total in found:
        file = next((file for file in files if origin == file or origin.startswith(f"{file}/")), origin)
        rows[file] = rows.get(file, 0) + count
        if total is not None:
            sums = totals.setdefault(file, {})
            sums[code] = EXACT.add(sums.get(code, Decimal(0)), total)
    return rows, totals


def _differences(
    paths: Paths,
    folder: Path,
    kept: list[KeptPart],
    known: dict[str, tuple[str, str]],
    fresh: dict[str, tuple[str, str]],
) -> Iterator[str]:
    """What lies in a table's folder beside the list of what was kept there; what had to be hashed goes into `fresh`."""
    if not folder.is_dir():
        yield f"{folder.name}/ is gone"
        return
    if not kept:  # kept before the ledger listed parts: the rows and sums are all there is to compare
        return
    listed = {part.name: part for part in kept}
    lying = {f"{folder.name}/{file.name}": file for file in _children(folder)}
    yield from (f"{name} is gone" for name in sorted(listed.keys() - lying.keys()))
    yield from (f"{name} was never kept" for name in sorted(lying.keys() - listed.keys()))
    for name in sorted(listed.keys() & lying.keys()):
        file, part = lying[name], listed[name]
        if file.stat().st_size != part.bytes:
            yield f"{name} has {file.stat().st_size} bytes, it was kept with {part.bytes}"
            continue
        key, now = _key(paths, file), seen.stamp(file)
        if known.get(key) != (now, part.sha256):
            if sha256_of(file) != part.sha256:
                yield f"{name} was changed after it was kept"
                continue
            fresh[key] = now, part.sha256


def _key(paths: Paths, file: Path) -> str:
    return str(file.relative_to(paths.home))


def _workshop(paths: Paths, source: str, period: str) -> Path:
    return paths.scratch / "intake" / paths.origin / source / period


def _flush(folder: Path) -> None:
    for place, _, names in os.walk(folder):
        for name in names:
            _sync(Path(place) / name)
        _sync(Path(place))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _children(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _is_alive(pid: str) -> bool:
    if not pid.isdigit() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
