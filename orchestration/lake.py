"""The lake's folders: one for each delivery, whole or not there.

Lives here: moving a finished folder into place so that a kill cannot split it, and undoing what a killed run left. Does not:
what is in the folders (readers), or which of them counts (ledger).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from orchestration import ledger
from orchestration.settings import Paths


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
    with ledger.transaction(paths) as db:
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


def holds(delivery: ledger.Delivery) -> bool:
    """Whether every table of the delivery lies where the ledger says."""
    return all(folder.is_dir() for folder in delivery.tables.values())


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
