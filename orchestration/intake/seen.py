"""What intake saw before: the hashes of files that did not change since, and the state of each folder of the inbox.

Lives here: remembering and recalling it in the ledger's file. Does not: looking at folders (inbox, close), nor what a delivery is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.intake import ledger_file
from orchestration.settings import Paths


@dataclass(frozen=True)
class FolderState:
    """What one folder of the inbox held when intake began to read it, and read it without a refusal."""

    mark: str
    """Changes whenever a file of the folder may have changed."""
    absent_because: str | None
    """Why nothing will come for this month, where somebody declared it."""
    came_before: bool
    """Whether a delivery of the source lies in the inbox for an earlier month."""


def stamp(path: Path) -> str:
    """What changes whenever a file may have changed; the change time cannot be set back."""
    seen = path.stat()
    return f"{seen.st_size} {seen.st_mtime_ns} {seen.st_ctime_ns} {seen.st_ino}"


def known_hashes(paths: Paths) -> dict[str, tuple[str, str]]:
    """path → (stamp, sha256) of the files hashed before, so that a night with nothing new reads nothing."""
    return {
        path: (stamp, sha) for path, stamp, sha in ledger_file.rows(paths, "select path, stamp, sha256 from hashed", ())
    }


def remember_hashes(paths: Paths, hashes: Mapping[str, tuple[str, str]]) -> None:
    """Keep hashes under the stamp (size, times, inode) that the files had."""
    with ledger_file.transaction(paths) as db:
        write_hashes(db, hashes)


def write_hashes(db: sqlite3.Connection, hashes: Mapping[str, tuple[str, str]]) -> None:
    """The same, within a transaction that is open."""
    rows = [(path, stamp, sha) for path, (stamp, sha) in hashes.items()]
    db.executemany("insert or replace into hashed values (?, ?, ?)", rows)


def remember_folder(paths: Paths, source: str, period: str, state: FolderState) -> None:
    """Keep what was seen of a source and period before it was read."""
    with ledger_file.transaction(paths) as db:
        values = (paths.origin, source, period, state.mark, state.absent_because, int(state.came_before))
        db.execute("insert or replace into look values (?, ?, ?, ?, ?, ?)", values)


def folder_states(paths: Paths, period: str) -> dict[str, FolderState]:
    """What intake saw last of each source, for one period."""
    query = "select source, mark, absent_because, came_before from look where (origin, close_period) = (?, ?)"
    found = ledger_file.rows(paths, query, (paths.origin, period), table="look")
    return {source: FolderState(mark, because, bool(before)) for source, mark, because, before in found}
