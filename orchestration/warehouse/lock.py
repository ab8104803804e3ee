"""The right to write a data home: one process at a time.

Lives here: the lock, who holds it, and clearing what a killed process left. Does not: opening any database (database).
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import filelock

from orchestration.errors import CuadreError
from orchestration.settings import Paths


class WarehouseBusy(CuadreError):
    """Another close is writing the warehouse. Nothing was touched."""

    exit_code = 75  # EX_TEMPFAIL of sysexits: the same command may succeed later


@contextlib.contextmanager
def sole_writer(paths: Paths, *, patience: float = 0) -> Iterator[None]:
    """Hold the right to write this data home, or refuse.

    The thread that holds it may ask again: a close holds it before it opens Dagster's storage, and so does the run inside it.

    What a killed run left half done in the scratch folder is removed: nobody else can be working on it.

    Args:
        patience: seconds to wait for another process that holds it.

    Raises:
        WarehouseBusy: another process, or another thread of this one, holds it.
    """
    paths.warehouses.mkdir(parents=True, exist_ok=True)
    holder = paths.warehouses / "close.holder.json"
    lock = filelock.FileLock(paths.warehouses / "close.lock", is_singleton=True)
    try:
        lock.acquire(timeout=patience)
    except filelock.Timeout:
        raise WarehouseBusy(
            f"{paths.home}: {_who(holder)} is closing a month here. Wait for it to finish, or end it; "
            "a killed close leaves no lock."
        ) from None
    is_outermost = lock.lock_counter == 1
    try:
        if is_outermost:
            _write_holder(holder)
            _clear(paths)
        yield
    finally:
        if is_outermost:
            holder.unlink(missing_ok=True)
        lock.release()


def _write_holder(holder: Path) -> None:
    """Name this process in one step: whoever is refused reads the whole note or none."""
    fresh = holder.with_name(f".{holder.name}.{os.getpid()}")
    fresh.write_text(json.dumps({"pid": os.getpid()}))
    fresh.replace(holder)


def _clear(paths: Paths) -> None:
    """Empty the scratch folder, and remove the notes that a killed process began beside the lock."""
    left = [*paths.scratch.glob("*"), *paths.scratch.glob(".*"), *paths.quality.glob("**/*.part")]
    left += paths.warehouses.glob(".close.holder.json.*")
    for one in left:
        shutil.rmtree(one, ignore_errors=True) if one.is_dir() and not one.is_symlink() else one.unlink(missing_ok=True)


def _who(holder: Path) -> str:
    """The holder's process. Between taking the lock and writing the note there is no note, or that of a killed process."""
    try:
        pid = int(json.loads(holder.read_text())["pid"])
        with contextlib.suppress(PermissionError):  # alive, and somebody else's
            os.kill(pid, 0)
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
    return f"process {pid}"
