"""What has arrived: the contents of one delivery folder, recognised without reading a row.

Lives here: which file is which table, copies of the same content, the declared dialect, the delivery's hash. Does not: rows
(readers), the past (ledger), or any decision (intake).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from orchestration.contracts.model import Source, Table
from orchestration.errors import Fault, InputUnusable, relative_to
from orchestration.ground.files import sha256_of
from orchestration.intake import ledger, selection
from orchestration.intake.inbox import DOCUMENTS, Listing, delivery_hash, did_you_mean, is_data, stem, walk
from orchestration.intake.ledger import Delivery, DeliveryFile
from orchestration.intake.manifests import Entry, is_manifest
from orchestration.readers.dialect import Dialect, load_dialect
from orchestration.settings import Paths


@dataclass(frozen=True)
class Part:
    """One data file of a delivery."""

    path: Path
    name: str
    table: Table
    sha256: str
    stamp: str
    entry: Entry | None
    """What the manifest says of it."""
    duplicate_of: str | None = None


@dataclass(frozen=True)
class Arrival:
    """What lies in one delivery folder."""

    delivery: Delivery
    """As it would be kept, without rows and tables yet."""
    parts: tuple[Part, ...]
    dialect: Dialect
    is_fresh: bool
    """Whether any file is new or was touched since the folder was last looked at."""
    faults: tuple[Fault, ...]


def look(paths: Paths, source: Source, period: str) -> Arrival | None:
    """Recognise the delivery of a source and period; None when there is no data."""
    folder = paths.inbox / source.name / period
    if not folder.is_dir():
        return None
    listing = walk(folder, paths.inbox)
    faults = list(listing.faults)
    dialect, declared = _dialect(listing, faults)
    wanted, notes = _wanted(listing, period, faults)
    tables = {path: table for path in wanted if (table := _table(path, listing, source, faults, notes))}
    if not tables and not faults:
        return None
    hashes, is_fresh = _hashes(paths, listing, tables, faults)
    found = [
        Part(path, listing.name(path), table, hashes[path][1], hashes[path][0], wanted[path])
        for path, table in tables.items()
        if path in hashes
    ]
    parts = _without_copies(found, source, faults)
    for part in parts:
        if part.entry is not None:
            faults += selection.check_bytes(part.entry, size=part.path.stat().st_size, sha256=part.sha256)
    contents = [(part.sha256, part.table.name) for part in parts if part.duplicate_of is None]
    files = [_file(part) for part in parts]
    if faults:
        # A refusal is named by everything that lies there, so that mending the manifest alone makes it another.
        others = _hashes(paths, listing, listing.files, faults)[0]
        contents = [(sha, listing.name(path)) for path, (_, sha) in others.items()]
        files = [DeliveryFile(listing.name(path), sha, path.stat().st_size) for path, (_, sha) in others.items()]
    delivery = Delivery(
        delivery_sha256=delivery_hash([*contents, *declared]),
        source=source.name,
        close_period=period,
        origin=paths.origin,
        status="accepted",
        received_at=_newest(part.path for part in parts),
        tables={},
        files=tuple(files),
        contract_sha256=source.contract_sha256,
        notes=tuple(notes),
    )
    return Arrival(delivery, tuple(parts), dialect, is_fresh, tuple(dict.fromkeys(faults)))


def stamp(path: Path) -> str:
    """What changes whenever a file may have changed; the change time cannot be set back."""
    seen = path.stat()
    return f"{seen.st_size} {seen.st_mtime_ns} {seen.st_ctime_ns} {seen.st_ino}"


def holds_table(source: Source, file: str) -> str:
    """The name of the table that a delivered file holds, by its name alone."""
    return _original(stem(Path(file))) if _names_its_files(source) else source.tables[0].name


def _wanted(listing: Listing, period: str, faults: list[Fault]) -> tuple[Mapping[Path, Entry | None], list[str]]:
    """The files to read: what the manifests list, or everything where there is none."""
    chosen = selection.choose(listing, period)
    if chosen is None:
        return {path: None for path in listing.files if not is_manifest(path)}, list(listing.notes)
    faults += chosen.faults
    return chosen.files, [*listing.notes, *chosen.notes]


def _file(part: Part) -> DeliveryFile:
    size = part.path.stat().st_size
    if part.duplicate_of is None:
        return DeliveryFile(part.name, part.sha256, size)
    return DeliveryFile(part.name, part.sha256, size, status="duplicate", reason=f"same content as {part.duplicate_of}")


def _table(path: Path, listing: Listing, source: Source, faults: list[Fault], notes: list[str]) -> Table | None:
    """The table that a file holds; None when it holds none, with the reason noted or refused."""
    name = listing.name(path)
    if not is_data(path):
        if _names_its_files(source) or not path.name.lower().endswith(DOCUMENTS):
            remedy = "Export it as CSV, Parquet or Excel, or remove it."
            faults.append(Fault(name, "is not a kind of file that is read", remedy))
        else:
            notes.append(f"{name}: a document, not read")
        return None
    if not _names_its_files(source):
        return source.tables[0]
    known = {table.name: table for table in source.tables}
    if path.parent != listing.folder:
        remedy = f"Move it to {relative_to(listing.folder, listing.inbox)}/."
        faults.append(Fault(name, "lies in a folder of its own", remedy))
    elif _original(stem(path)) in known:
        return known[_original(stem(path))]
    else:
        remedy = f"Name the file after its table. {did_you_mean(stem(path), known)}"
        faults.append(Fault(name, f"is not a table of the source {source.name}", remedy))
    return None


def _without_copies(parts: list[Part], source: Source, faults: list[Fault]) -> list[Part]:
    """Mark the second file of the same content, and refuse two different files that claim to be one."""
    read_: dict[tuple[str, str], Part] = {}
    claims: dict[tuple[str, str], Part] = {}
    kept = []
    for part in sorted(parts, key=lambda part: (len(part.name), part.name)):  # `recon.csv` before `recon (1).csv`
        first = read_.setdefault((part.table.name, part.sha256), part)
        if first is not part:
            kept.append(replace(part, duplicate_of=first.name))
            continue
        claim = part.table.name if _names_its_files(source) else str(part.path.parent / _original(stem(part.path)))
        other = claims.setdefault((part.table.name, claim), part)
        if other is not part and (part.entry is None or _names_its_files(source)):
            remedy = "Keep the one that is right and remove the other; reading both could count lines twice."
            faults.append(Fault(part.name, f"is another version or form of {other.name}", remedy))
        kept.append(part)
    return sorted(kept, key=lambda part: part.name)


def _hashes(
    paths: Paths, listing: Listing, files: Iterable[Path], faults: list[Fault]
) -> tuple[dict[Path, tuple[str, str]], bool]:
    """path → (stamp, sha256), and whether any file had to be hashed because it is new or was touched."""
    known = ledger.known_hashes(paths)
    hashes, fresh = {}, {}
    for path in files:
        name = listing.name(path)
        key = f"{paths.origin}/{name}"
        try:
            now = stamp(path)
            before, sha = known.get(key, (None, None))
            if before != now or sha is None:
                sha = sha256_of(path)
                fresh[key] = now, sha
            hashes[path] = now, sha
        except OSError as error:
            remedy = "Let the account that runs the close read it."
            faults.append(Fault(name, f"cannot be opened: {error.strerror}", remedy))
    if fresh:
        ledger.remember_hashes(paths, fresh)
    return hashes, bool(fresh)


def _dialect(listing: Listing, faults: list[Fault]) -> tuple[Dialect, list[tuple[str, str]]]:
    """The dialect declared for the delivery, else for its source, and what it adds to the delivery's content."""
    try:
        declared = [load_dialect(folder, listing.inbox) for folder in (listing.folder, listing.folder.parent)]
    except InputUnusable as refused:
        faults += refused.faults
        return Dialect(), []
    dialect = next((one for one in declared if one != Dialect()), Dialect())
    return dialect, [] if dialect == Dialect() else [(repr(dialect), "dialect")]


def _newest(files: Iterable[Path]) -> datetime:
    newest = max((path.stat().st_mtime for path in files), default=0)
    return datetime.fromtimestamp(int(newest), UTC).replace(tzinfo=None)


def _names_its_files(source: Source) -> bool:
    """Canonical sources name each file after its table; providers name theirs as they please."""
    return [table.name for table in source.tables] != ["lines"]


def _original(name: str) -> str:
    """`recon (1)`, as browsers call a second download, is `recon`."""
    head, _, tail = name.rpartition(" (")
    return head if head and tail.endswith(")") and tail[:-1].isdigit() else name
