"""Which file of a delivery is which table. Nothing else decides this.

The way of one file, step by step:

1. `inbox.walk` lists the folder `inbox/<source>/<period>/`. Readmes, hidden files and unfinished copies are left out.
2. `selection.choose` reads the manifests. Where there is one, only the files that it lists are read.
3. `assign` gives each of these files its table, by its name: a provider's source has one table, `lines`, which every data file
   holds; the files of all other sources are named after their tables, as in `subscriptions.csv`.
4. `without_copies` marks the second file of the same content, and refuses two different files that claim to be one.
5. `arrivals.recognise` does all this, and names the delivery by the hash of its contents.
6. `receive.prepare` compares it with the ledger, and reads it when it is new.

Lives here: steps 3 and 4. Does not: opening a file of data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from orchestration.contracts.model import Source, Table
from orchestration.errors import Fault, relative_to
from orchestration.intake import selection
from orchestration.intake.inbox import Listing, did_you_mean
from orchestration.intake.manifests import ListedFile, is_manifest
from orchestration.readers.read import OPENERS

DATA = tuple(ending for endings, _ in OPENERS for ending in endings)
"""Endings of the names of data files: those that a reader opens."""

DOCUMENTS = (".pdf", ".xml", ".html", ".htm", ".eml", ".msg", ".docx", ".png", ".jpg", ".jpeg", ".sql", ".yml", ".yaml")
"""Endings of what senders put beside their data: not read, and reported."""


@dataclass(frozen=True)
class Assigned:
    """The files of a delivery that are to be read."""

    tables: Mapping[Path, Table]
    listed: Mapping[Path, ListedFile | None]
    """What a manifest says of each file; None where there is no manifest."""
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """One data file of a delivery."""

    path: Path
    name: str
    table: Table
    sha256: str
    stamp: str
    listed: ListedFile | None
    """What the manifest says of it."""
    duplicate_of: str | None = None
    """The name of the file with the same content that is read instead."""


def assign(listing: Listing, source: Source, period: str) -> Assigned:
    """The table of every file that is to be read: what the manifests list, or everything where there is none."""
    faults: list[Fault] = []
    notes = list(listing.notes)
    chosen = selection.choose(listing, period)
    if chosen is None:
        listed = {path: None for path in listing.files if not is_manifest(path)}
    else:
        listed = chosen.files
        faults += chosen.faults
        notes += chosen.notes
    tables = {path: table for path in listed if (table := _table(path, listing, source, faults, notes))}
    return Assigned(tables, listed, tuple(faults), tuple(notes))


def table_name(source: Source, file: str) -> str:
    """The name of the table that a delivered file holds, by its name alone."""
    return _named_after(Path(file)) if _names_its_files(source) else source.tables[0].name


def without_copies(parts: Iterable[Part], source: Source) -> tuple[list[Part], list[Fault]]:
    """The parts by name, each second file of the same content marked; and the faults of files that differ and claim to be one."""
    first_with: dict[tuple[str, str], Part] = {}
    claims: dict[tuple[str, str], Part] = {}
    checked, faults = [], []
    for part in sorted(parts, key=lambda part: (len(part.name), part.name)):  # `recon.csv` before `recon (1).csv`
        first = first_with.setdefault((part.table.name, part.sha256), part)
        if first is not part:
            checked.append(replace(part, duplicate_of=first.name))
            continue
        claim = part.table.name if _names_its_files(source) else str(part.path.parent / _named_after(part.path))
        other = claims.setdefault((part.table.name, claim), part)
        if other is not part and (part.listed is None or _names_its_files(source)):
            remedy = "Keep the one that is right and remove the other; reading both could count lines twice."
            faults.append(Fault(part.name, f"is another version or form of {other.name}", remedy))
        checked.append(part)
    return sorted(checked, key=lambda part: part.name), faults


def _table(path: Path, listing: Listing, source: Source, faults: list[Fault], notes: list[str]) -> Table | None:
    """The table that a file holds; None when it holds none, with the reason noted or refused."""
    name = listing.name(path)
    if not path.name.lower().endswith(DATA):
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
    elif _named_after(path) in known:
        return known[_named_after(path)]
    else:
        remedy = f"Name the file after its table. {did_you_mean(_stem(path), known)}"
        faults.append(Fault(name, f"is not a table of the source {source.name}", remedy))
    return None


def _names_its_files(source: Source) -> bool:
    """Whether each file is named after its table. Providers, whose only table is `lines`, name theirs as they please."""
    return [table.name for table in source.tables] != ["lines"]


def _named_after(path: Path) -> str:
    """The table that a file is named after. `recon (1).csv`, as browsers call a second download, is `recon`."""
    name = _stem(path)
    head, _, tail = name.rpartition(" (")
    return head if head and tail.endswith(")") and tail[:-1].isdigit() else name


def _stem(path: Path) -> str:
    """A file name without its data endings, in lower case."""
    name = path.name.lower()
    while ending := max((ending for ending in DATA if name.endswith(ending)), key=len, default=""):
        name = name.removesuffix(ending)
    return name
