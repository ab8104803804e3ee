"""The refusals a person can act on.

Lives here: errors that name file, line, column and remedy, and the exit codes they mean. Does not: their wording, which
belongs to whoever finds the fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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

    def __init__(self, reason: str, items: Sequence[object] = ()):
        """`items` are the results of the checklist that refused (quality.ItemResult), where one did."""
        self.items = items
        super().__init__(reason)


def relative_to(path: Path, root: Path) -> str:
    """A file's name as a person knows it: relative to the inbox where possible."""
    try:
        return str(path.relative_to(root))
    except ValueError:
        return path.name
