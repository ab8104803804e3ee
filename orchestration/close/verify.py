"""Whether what a home keeps is what was written: events, closes, releases, the lake.

Lives here: reading everything again and comparing hashes. Does not: making good what is wrong; each fault says how.

Nothing is written. A pack that left the house carries its own list of hashes and is verified by that list alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from orchestration.errors import Fault
from orchestration.ground.files import sha256_of
from orchestration.intake import lake
from orchestration.publish import closes, events, kept, release
from orchestration.settings import Paths


def home(paths: Paths) -> list[Fault]:
    """Every fault of a home, of the events first; none when all is as it was written."""
    return [*_events(paths), *_closes(paths), *_releases(paths), *lake.verify(paths)]


def pack(folder: Path) -> list[Fault]:
    """Every file of a pack or a release against the list of hashes that lies in it.

    Raises:
        FileNotFoundError: the folder holds no such list.
    """
    return list(_against_sums(folder, "The pack was changed: ask whoever made it for it again."))


def _events(paths: Paths) -> Iterator[Fault]:
    mine = closes.of_this_inbox(paths)
    named = {period: last for period, last in release.heads(paths.published).items() if period in mine}
    for period in sorted({*events.months(paths), *named}):
        for fault in events.faults(paths, period, ends_with=named.get(period)):
            yield Fault(
                f"events/{period}.jsonl",
                fault,
                "Put the file back from a backup: nothing else can say what people did.",
            )


def _closes(paths: Paths) -> Iterator[Fault]:
    for period, folder in closes.closes(paths).items():
        place = str(folder.relative_to(paths.home))
        again = f"Close {period} again: `cuadre close {period} --again`."
        if events.faults(paths, period):
            continue  # told already; what the events say of the close cannot be trusted
        told = events.of(paths, period)
        sealed = told[-1].release_sha256 if told and told[-1].event in ("certified", "locked") else None
        if sealed and kept.content_sha256(folder) != sealed:
            yield Fault(
                f"{place}/manifest.json", f"is not the close that was {told[-1].event}", "Put it back from a backup."
            )
        for name, digest in json.loads((folder / "manifest.json").read_text()).get("files", {}).items():
            yield from _compared(folder / name, f"{place}/{name}", digest, again)


def _releases(paths: Paths) -> Iterator[Fault]:
    for folder in sorted(paths.releases.glob("*")) if paths.releases.is_dir() else []:
        if (folder / release.SUMS).exists():
            newest = "Publish it anew: `cuadre close PERIOD --again`, or read the release after it."
            for fault in _against_sums(folder, newest):
                yield Fault(f"releases/{folder.name}/{fault.file}", fault.reason, fault.remedy)


def _against_sums(folder: Path, remedy: str) -> Iterator[Fault]:
    lines = (folder / release.SUMS).read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    for name, digest in listed.items():
        yield from _compared(folder / name, name, digest, remedy)
    inside = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    for name in sorted(inside - listed.keys() - {release.SUMS}):
        yield Fault(name, "is not in the list of hashes", remedy)


def _compared(file: Path, name: str, digest: str, remedy: str) -> Iterator[Fault]:
    if not file.is_file():
        yield Fault(name, "is missing", remedy)
    elif sha256_of(file) != digest:
        yield Fault(name, "is not what was written: its SHA-256 differs", remedy)
