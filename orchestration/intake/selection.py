"""What the manifests of a delivery say is to be read, found among the files that are there.

Lives here: choosing the live version of a report, finding listed files, checking sizes, hashes, counts and sums. Does not:
parsing (manifests), reading rows, or deliveries without a manifest.

A manifest is written by strangers: a listed name is only ever looked up among the files that the walk already found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from pathlib import Path, PurePosixPath

from orchestration.errors import Fault, InputUnusable
from orchestration.intake.inbox import Listing
from orchestration.intake.manifests import ListedFile, Manifest, each, is_manifest, parse
from orchestration.readers.values import EXACT

AWS_COMPANIONS = ("redshiftmanifest.json", "quicksightmanifest.json")
"""Lists that AWS writes for its own loaders beside the report's manifest; they name the same files again."""

SHOWN = 10
"""Unread files named in a note; earlier versions of a large report are thousands."""


@dataclass(frozen=True)
class Selection:
    """What the manifests of a delivery say is to be read."""

    files: dict[Path, ListedFile] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


def choose(listing: Listing, period: str) -> Selection | None:
    """What the manifests in the folder list, or None when there is no manifest."""
    found = [path for path in listing.files if is_manifest(path) and not path.name.lower().endswith(AWS_COMPANIONS)]
    if not found:
        return None
    manifests, faults = each(lambda path: parse(path, listing.name(path)), found)
    kinds = sorted({manifest.kind for manifest in manifests})
    if len(kinds) > 1:
        remedy = "Keep the sender's manifest and remove the other."
        faults += [
            Fault(m.name, f"lies beside a manifest of another kind ({', '.join(kinds)})", remedy) for m in manifests
        ]
    if faults:
        return Selection(faults=tuple(faults))
    live, faults, notes = _live(manifests, period) if kinds == ["aws"] else (manifests, [], [])
    files: dict[Path, ListedFile] = {}
    known = {_composed(path): path for path in listing.files}  # one system writes é as one letter, another as two
    for manifest in live:
        located, missing = each(lambda file, m=manifest: (_locate(file, m, listing, known), file), manifest.files)
        faults += missing
        for path, listed in located:
            if path in files:
                faults.append(listed.fault("lists the same file twice", "List each file once."))
            files[path] = listed
    notes += [f"{manifest.name}: {note}" for manifest in live for note in manifest.notes]
    unread = [listing.name(path) for path in listing.files if path not in files and not is_manifest(path)]
    if unread:
        more = f" and {len(unread) - SHOWN} more" if len(unread) > SHOWN else ""
        notes.append(f"not in the manifest, not read: {', '.join(unread[:SHOWN])}{more}")
    return Selection(files, tuple(faults), tuple(notes))


def check_bytes(listed: ListedFile, *, size: int, sha256: str) -> list[Fault]:
    """What the manifest says of the file's bytes and they do not bear out."""
    remedy = "Download the file again, then close again."
    faults = []
    if listed.bytes is not None and listed.bytes != size:
        faults.append(
            listed.fault(f"says {listed.key} has {listed.bytes} bytes, it has {size}", remedy, value=listed.bytes)
        )
    if listed.sha256 is not None and listed.sha256 != sha256:
        reason = f"{listed.key} has another sha256, {sha256}"
        faults.append(listed.fault(reason, remedy, field="sha256", value=listed.sha256))
    return faults


def can_verify(listed: ListedFile) -> bool:
    """Whether the manifest states enough to notice a changed amount."""
    return listed.sha256 is not None or listed.rows is not None and listed.amount is not None


def check_rows(listed: ListedFile, *, rows: int, totals: Mapping[str, Decimal]) -> list[Fault]:
    """What the manifest says of the file's rows and they do not bear out."""
    remedy = "Ask the sender which is right and deliver both again."
    faults = []
    if listed.rows is not None and listed.rows != rows:
        reason = f"says {listed.key} has {listed.rows} rows, it has {rows}"
        faults.append(listed.fault(reason, remedy, field="rows" if listed.field == "file" else None, value=listed.rows))
    total = reduce(EXACT.add, totals.values(), Decimal(0))
    if listed.amount is not None and listed.amount != total:
        reason = f"says {listed.key} sums to {listed.amount}, it sums to {total.normalize():f}"
        faults.append(listed.fault(reason, remedy, field="sum_amount", value=listed.amount))
    return faults


def _live(manifests: list[Manifest], period: str) -> tuple[list[Manifest], list[Fault], list[str]]:
    """Of every AWS report, the version to read: the manifest nearest the top names the live assembly."""
    stated = [manifest for manifest in manifests if manifest.period in (None, period)]
    faults: list[Fault] = []
    notes = [f"{m.name}: of {m.period}, not read" for m in manifests if m not in stated]
    if not stated:
        remedy = f"Move the delivery to the folder {manifests[0].period}."
        return (
            [],
            [Fault(m.name, f"is of {m.period}, not of {period}", remedy, column="billingPeriod") for m in manifests],
            [],
        )
    live: list[Manifest] = []
    for report in sorted({(m.account or "", m.report) for m in stated}):
        versions = [m for m in stated if (m.account or "", m.report) == report]
        top = min(len(m.path.parts) for m in versions)
        nearest = [m for m in versions if len(m.path.parts) == top]
        if len({(m.version, tuple(e.key for e in m.files)) for m in nearest}) > 1:
            remedy = "Deliver the report's top-level manifest too, or keep only the newest version."
            faults += [Fault(m.name, "is one of several versions, none of them marked live", remedy) for m in nearest]
        live.append(nearest[0])
    for account in sorted({m.account for m in live if m.account}):
        same = [m for m in live if m.account == account]
        if len(same) > 1:
            remedy = "Keep one report for each payer account."
            faults += [
                Fault(m.name, f"is a second report of account {account}: its cost would count twice", remedy)
                for m in same[1:]
            ]
    return live, faults, notes


def _locate(listed: ListedFile, manifest: Manifest, listing: Listing, known: Mapping[str, Path]) -> Path:
    """The listed file among those `known`, never by asking the file system for a stranger's path."""
    parts = _parts(listed, is_s3=manifest.kind == "aws")
    if manifest.kind == "aws":
        # A key counts from the bucket; the tree may have been copied from any folder of it. The longest end that fits wins.
        homes = [home for home in manifest.path.parents if home.is_relative_to(listing.folder)]
        places = [home.joinpath(*parts[start:]) for start in range(len(parts)) for home in homes]
    else:
        places = [manifest.path.parent.joinpath(*parts)]
    found = next((known[_composed(place)] for place in places if _composed(place) in known), None)
    if found is not None and not is_manifest(found):
        return found
    unpacked = parts[-1].removesuffix(".gz").removesuffix(".zip")
    if unpacked != parts[-1] and any(path.name == unpacked for path in listing.files):
        raise InputUnusable(
            [listed.fault("lists a file that was unpacked", "Deliver it compressed, as the sender wrote it.")]
        )
    raise InputUnusable([listed.fault("lists a file that is not here", "Copy the missing file, then close again.")])


def _composed(path: Path) -> str:
    return unicodedata.normalize("NFC", str(path))


def _parts(listed: ListedFile, *, is_s3: bool) -> tuple[str, ...]:
    key = re.sub(r"^s3a?://[^/]*/", "", listed.key).lstrip("/") if is_s3 else listed.key
    if re.match(r"/|\\|[A-Za-z]:|[A-Za-z][\w+.-]*://", key):
        raise InputUnusable([listed.fault("lists an absolute path", "List names inside the delivery's folder.")])
    parts = PurePosixPath(key.replace("\\", "/")).parts
    if ".." in parts or not parts or not key.isprintable():
        raise InputUnusable(
            [listed.fault("lists a path that climbs out of its folder", "List names inside the delivery's folder.")]
        )
    return parts
