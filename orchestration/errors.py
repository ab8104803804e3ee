"""The refusals a person can act on.

Lives here: errors that name file, line, column and remedy, and the exit codes they mean. Does not: their wording, which
belongs to whoever finds the fault.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CLOSED, GATE_REFUSED, INPUT_UNUSABLE = 0, 1, 2
"""Exit codes of `cuadre close`."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one place in one file. `line` counts physical lines from 1, the header included."""

    file: str
    reason: str
    remedy: str
    line: int | None = None
    column: str | None = None
    value: str | None = None

    def __post_init__(self) -> None:
        """What is no text (half of a letter of two halves) is written as its code: a fault must always be tellable."""
        for name in ("file", "reason", "remedy", "column", "value"):
            said = getattr(self, name)
            if said is not None:
                object.__setattr__(self, name, said.encode("utf-8", "backslashreplace").decode())

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += f", line {self.line}"
        if self.column is not None:
            place += f", column {self.column!r}"
        shown = "" if self.value is None else f" (value {self.value[:80]!r})"
        return f"{place}: {self.reason}{shown}. {self.remedy}"


class CuadreError(Exception):
    """Something a person must act on; printed without a traceback."""

    exit_code = INPUT_UNUSABLE
    may_be_the_machine = False
    """Whether its words may repeat what the machine refused: a full disk is not a fault of a model."""


class InputUnusable(CuadreError):
    """A delivery that cannot be read or breaks its contract. Carries every fault found, not only the first."""

    exit_code = INPUT_UNUSABLE

    def __init__(self, faults: list[Fault]):
        self.faults = faults
        shown = "\n".join(f"  {fault}" for fault in faults[:20])
        more = f"\n  … and {len(faults) - 20} more, all listed in data/rejected" if len(faults) > 20 else ""
        super().__init__(shown + more)


class GateRefused(CuadreError):
    """A checklist with a failed blocking item. Nothing behind the gate was published."""

    exit_code = GATE_REFUSED

    def __init__(self, reason: str, items: Sequence[Any] = ()):
        """`items` are the results of the checklist that refused (quality.ItemResult), where one did."""
        self.items = items
        super().__init__(reason)


class HomeUnwritable(CuadreError):
    """The machine does not let the data home be written: disk full, read-only, no right, a file where a folder must be."""

    exit_code = 74  # EX_IOERR of sysexits


_OF_THE_MACHINE = {
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG, errno.EIO, errno.ENOTDIR, errno.EEXIST,
    errno.EISDIR, errno.EMFILE,
}  # fmt: skip
_IN_WORDS = (
    "no space left on device", "disk quota exceeded", "read-only file system", "file too large", "permission denied",
    "database or disk is full", "attempt to write a readonly database", "unable to open database file", "disk i/o error",
    "not a directory",
)  # fmt: skip
_WORDED = {"duckdb", "_duckdb", "sqlite3", "sqlalchemy", "polars", "pyarrow"}
"""Who tells the same in words, without a number."""


def of_the_machine(error: BaseException) -> HomeUnwritable | None:
    """The refusal that an error amounts to, where the machine is at fault and no file's content and no rule of ours."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, CuadreError) and not seen.may_be_the_machine:
            return None
        if isinstance(seen, OSError) and seen.errno in _OF_THE_MACHINE:
            place = seen.filename2 or seen.filename
            return _unwritable(f"{place}: {seen.strerror}" if place else str(seen.strerror))
        if isinstance(seen, CuadreError) or type(seen).__module__.split(".")[0] in _WORDED:
            lines = (line.strip() for line in str(seen).splitlines())
            if line := next((line for line in lines if any(word in line.lower() for word in _IN_WORDS)), None):
                return _unwritable(line)
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return None


def _unwritable(what: str) -> HomeUnwritable:
    return HomeUnwritable(
        f"The data home cannot be written ({what[:300].rstrip('.')}). What was published stays as it is: "
        "free space, or let this account write there, then close again."
    )


def relative_to(path: Path, root: Path) -> str:
    """A file's name as a person knows it: relative to the inbox where possible."""
    try:
        return str(path.relative_to(root))
    except ValueError:
        return path.name
