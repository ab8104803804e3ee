"""What lies in the inbox, before anybody reads it.

Lives here: discovery of periods and sources, and the walk over one delivery folder. Does not: which file is which table (tables),
manifests, reading, or any decision about a delivery.
"""

from __future__ import annotations

import difflib
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.contracts import SOURCES
from orchestration.contracts.model import Source
from orchestration.errors import Fault, InputUnusable, relative_to
from orchestration.settings import Paths

PERIOD = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
"""A close period as a folder name."""

BEING_WRITTEN = (".part", ".tmp", ".partial", ".filepart", ".crdownload")
"""Suffixes of copies that are not finished."""

HARMLESS = re.compile(
    r"[.~].*|_(success|started.*|committed.*)|thumbs\.db|desktop\.ini|dialect\.toml"
    r"|_(absent|ready)(\.txt)?"
    r"|(readme|licen[cs]e|provenance)(\.[\w.-]*(txt|md|rst))?|.*\.md"
)
"""Names that nobody would call a delivery, in lower case."""


@dataclass(frozen=True)
class Listing:
    """The files of one delivery folder, sorted, and what was left alone."""

    folder: Path
    inbox: Path
    files: tuple[Path, ...]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]

    def name(self, path: Path) -> str:
        """The file as people know it: relative to the inbox."""
        return relative_to(path, self.inbox)


def periods(paths: Paths) -> list[str]:
    """Every period for which at least one file lies in the inbox, oldest first.

    Raises:
        InputUnusable: a folder or file lies where no source is read.
    """
    _refuse_misplaced(paths)
    return sorted({period for _, period in _deliveries(paths)})


def sources_with(paths: Paths, period: str) -> list[Source]:
    """The sources that delivered something for the period, in the order of the contracts.

    Raises:
        InputUnusable: a folder or file lies where no source is read.
    """
    _refuse_misplaced(paths)
    delivered = {source for source, found in _deliveries(paths) if found == period}
    return [source for name, source in SOURCES.items() if name in delivered]


def delivered(paths: Paths, source: str) -> list[str]:
    """The periods for which at least one file of the source lies in the inbox."""
    return [
        folder.name
        for folder in _folders(paths.inbox / source)
        if PERIOD.fullmatch(folder.name) and next(_tree(folder), None) is not None
    ]


def misplaced(paths: Paths) -> list[Fault]:
    """What lies in the inbox where nobody would read it: silence would look like a clean close."""
    return list(_misplaced(paths.inbox))


def walk(folder: Path, inbox: Path) -> Listing:
    """List a delivery folder without following any link out of it."""
    files: list[Path] = []
    faults: list[Fault] = []
    notes: list[str] = []
    if not folder.resolve().is_relative_to(inbox.resolve()):
        faults.append(_leaves(relative_to(folder, inbox)))
        return Listing(folder, inbox, (), tuple(faults), ())

    def unreadable(error: OSError) -> None:
        where = relative_to(Path(error.filename), inbox)
        faults.append(Fault(where, "cannot be opened", "Let the account that runs the close read it."))

    for path in _tree(folder, unreadable):
        name = relative_to(path, inbox)
        if not _is_writable_name(name):
            shown = name.encode("unicode_escape").decode()
            faults.append(Fault(shown, "has a name that cannot be written down", "Rename the file."))
        elif path.is_symlink() and not path.exists():
            faults.append(Fault(name, "is a link to nothing", "Put the file itself into the inbox."))
        elif path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
            faults.append(_leaves(name))
        elif path.is_symlink() and path.is_dir():
            notes.append(f"{name}: a link to a folder of the same delivery was not followed")
        elif path.name.lower().endswith(BEING_WRITTEN):
            notes.append(f"{name}: still being written, left alone")
        elif not stat.S_ISREG(path.stat().st_mode):
            faults.append(Fault(name, "is not a regular file", "Replace it with the file itself."))
        else:
            files.append(path)
    return Listing(folder, inbox, tuple(files), tuple(faults), tuple(notes))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A remedy that names the nearest known word."""
    known = sorted(known)
    near = difflib.get_close_matches(word.lower(), known, n=1)
    return f"Did you mean {near[0]!r}?" if near else f"Known names: {', '.join(known)}."


def is_harmless(path: Path) -> bool:
    """Whether the name is one that no sender uses for data."""
    return HARMLESS.fullmatch(path.name.lower()) is not None


def _deliveries(paths: Paths) -> Iterator[tuple[str, str]]:
    for name in SOURCES:
        for period in delivered(paths, name):
            yield name, period


def _misplaced(inbox: Path) -> Iterator[Fault]:
    for entry in _entries(inbox):
        if not entry.is_dir():
            yield Fault(entry.name, "lies outside any source folder", "Move it to inbox/<source>/<YYYY-MM>/.")
        elif entry.name not in SOURCES:
            yield Fault(entry.name, "is not the folder of a known source", did_you_mean(entry.name, SOURCES))
        else:
            for inner in _entries(entry):
                where = f"{entry.name}/{inner.name}"
                if not inner.is_dir():
                    yield Fault(where, "lies outside any period folder", f"Move it to inbox/{entry.name}/<YYYY-MM>/.")
                elif not PERIOD.fullmatch(inner.name):
                    yield Fault(where, "is not a period", "Name the folder after the billing month, as in 2026-10.")


def _refuse_misplaced(paths: Paths) -> None:
    if faults := misplaced(paths):
        raise InputUnusable(faults)


def _is_writable_name(name: str) -> bool:
    """Whether a report, a ledger and a terminal can show the name: UTF-8, without control characters."""
    return not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name)


def _leaves(name: str) -> Fault:
    return Fault(name, "is a link that leaves its folder", "Put the file itself into the inbox.")


def _folders(folder: Path) -> list[Path]:
    return [entry for entry in _entries(folder) if entry.is_dir()]


def _entries(folder: Path) -> list[Path]:
    """What lies in a folder of the inbox; one that may not be looked into is refused, because it may hold a delivery."""
    try:
        if not folder.is_dir():
            return []
        return sorted(entry for entry in folder.iterdir() if not is_harmless(entry))
    except OSError as error:
        reason = f"cannot be opened: {error.strerror}"
        raise InputUnusable([Fault(folder.name, reason, "Let the account that runs the close read it.")]) from None


def _tree(folder: Path, unreadable: Callable[[OSError], None] | None = None) -> Iterator[Path]:
    """Files and links below a folder, hidden and harmless names left out, in a fixed order."""
    for place, folders, files in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        for name in sorted([*files, *links]):
            if not is_harmless(Path(name)):
                yield Path(place) / name
