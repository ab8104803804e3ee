"""What has arrived: the contents of one delivery folder, recognised without reading a row.

Lives here: the files' hashes, the declared dialect, and the delivery that they make. Does not: which file is which table (tables),
rows (readers), the past (ledger), or any decision (receive).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from orchestration.contracts.model import Source
from orchestration.errors import Fault, InputUnusable
from orchestration.ground.files import sha256_of
from orchestration.intake import seen, selection
from orchestration.intake.delivery import Delivery, DeliveryFile, delivery_hash
from orchestration.intake.inbox import Listing, walk
from orchestration.intake.tables import Part, assign, without_copies
from orchestration.readers.dialect import Dialect, load_dialect
from orchestration.settings import Paths


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


def recognise(paths: Paths, source: Source, period: str) -> Arrival | None:
    """The delivery that lies in the folder of a source and period; None when there is no data."""
    folder = paths.inbox / source.name / period
    if not folder.is_dir():
        return None
    listing = walk(folder, paths.inbox)
    faults = list(listing.faults)
    dialect, declared = _dialect(listing, faults)
    assigned = assign(listing, source, period)
    faults += assigned.faults
    if not assigned.tables and not faults:
        return None
    hashes, is_fresh = _hashes(paths, listing, assigned.tables, faults)
    found = [
        Part(
            path, listing.name(path), table, sha256=hashes[path][1], stamp=hashes[path][0], listed=assigned.listed[path]
        )
        for path, table in assigned.tables.items()
        if path in hashes
    ]
    parts, doubled = without_copies(found, source)
    faults += doubled
    for part in parts:
        if part.listed is not None:
            faults += selection.check_bytes(part.listed, size=part.path.stat().st_size, sha256=part.sha256)
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
        notes=assigned.notes,
    )
    return Arrival(delivery, tuple(parts), dialect, is_fresh, tuple(dict.fromkeys(faults)))


def _file(part: Part) -> DeliveryFile:
    size = part.path.stat().st_size
    if part.duplicate_of is None:
        return DeliveryFile(part.name, part.sha256, size)
    return DeliveryFile(part.name, part.sha256, size, status="duplicate", reason=f"same content as {part.duplicate_of}")


def _hashes(
    paths: Paths, listing: Listing, files: Iterable[Path], faults: list[Fault]
) -> tuple[dict[Path, tuple[str, str]], bool]:
    """path → (stamp, sha256), and whether any file had to be hashed because it is new or was touched."""
    known = seen.known_hashes(paths)
    hashes, fresh = {}, {}
    for path in files:
        name = listing.name(path)
        key = f"{paths.origin}/{name}"
        try:
            now = seen.stamp(path)
            before, sha = known.get(key, (None, None))
            if before != now or sha is None:
                sha = sha256_of(path)
                fresh[key] = now, sha
            hashes[path] = now, sha
        except OSError as error:
            remedy = "Let the account that runs the close read it."
            faults.append(Fault(name, f"cannot be opened: {error.strerror}", remedy))
    if fresh:
        seen.remember_hashes(paths, fresh)
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
