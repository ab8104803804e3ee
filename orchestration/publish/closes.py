"""The closes that a home keeps, and which of them the published release holds.

Lives here: where they lie, which one counts, what was withdrawn. Does not: making a close or a release (publish, release).

`<home>/lake/<origin>/closes/<YYYY-MM>/<hash>/` holds what one close made, and the file `current` beside it names the one that
counts.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from orchestration.ground.files import sha256_of
from orchestration.publish import release
from orchestration.settings import Paths


def closes(paths: Paths) -> dict[str, Path]:
    """Folder of every finished close of this home, by period, oldest first."""
    pointers = sorted(folder_of(paths).glob("????-??/current"))
    return {pointer.parent.name: pointer.parent / pointer.read_text() for pointer in pointers}


def released(paths: Paths) -> dict[str, dict]:
    """What the published release truly holds: what each of its closes was made from and made of, by period."""
    return release.manifest(paths.published)


def of_this_inbox(paths: Paths) -> dict[str, dict]:
    """The same without what the bundled sample left there."""
    return {period: made for period, made in released(paths).items() if made["origin"] == paths.origin}


def manifest_of(paths: Paths, period: str) -> dict:
    """What the published release says a period was made from, whichever inbox it came from."""
    return released(paths)[period]


def withdrawn(paths: Paths) -> dict[str, dict]:
    """Months that were taken back and not published since: close_id, because, and the marks of the inbox at that time."""
    out = of_this_inbox(paths)
    records = sorted(record_of(paths, "").parent.glob("????-??.json"))
    return {record.stem: json.loads(record.read_text()) for record in records if record.stem not in out}


def states_its_files(close: Path) -> bool:
    """Whether a kept close says the hash of each of its files; closes of earlier versions do not."""
    return {"files", "manifest_sha256"} <= json.loads((close / "manifest.json").read_text()).keys()


def keep(fresh: Path, period: Path) -> Path:
    """Make a finished close the one that counts; the pointer moves in one step."""
    name = sha256_of(fresh / "manifest.json")[:16]
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


def seal(close: Path, *, is_locked: bool) -> None:
    """Let nobody write the files of a locked close by mistake, or let them again."""
    for file in close.rglob("*"):
        if file.is_file():
            file.chmod(0o444 if is_locked else 0o644)


def released_close(paths: Paths, period: str) -> Path | None:
    """The kept close that the published release holds: after a kill it need not be the one that counts next."""
    out = released(paths).get(period)
    manifests = folder_of(paths).glob(f"{period}/*/manifest.json")
    return next((file.parent for file in manifests if json.loads(file.read_text()) == out), None)


def record_of(paths: Paths, period: str) -> Path:
    """The note that a month was withdrawn."""
    return paths.lake / paths.origin / "withdrawn" / f"{period}.json"


def folder_of(paths: Paths) -> Path:
    """Where the closes of this origin are kept."""
    return paths.lake / paths.origin / "closes"
