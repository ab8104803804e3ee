"""What this machine, or the container around this process, lets a process use.

Lives here: reading it from the system. Does not: how much of it a close takes (settings).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path("/")
_UNLIMITED = 1 << 60
"""Version 1 of control groups says "no limit" with a number near 2^63."""


def memory(root: Path = _ROOT) -> int:
    """Bytes of memory this process may count on: the machine's, or the least that a control group around it allows.

    Args:
        root: where `proc` and `sys` are found; another one only in tests.
    """
    return min([_physical(), *_limits(root)])


def _physical() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # a system that does not say, such as Windows
        return 4 << 30


def _limits(root: Path) -> Iterator[int]:
    """Every limit between this process's group and the top, in both versions of control groups."""
    for line in _lines(root / "proc/self/cgroup"):
        _, controllers, group = line.split(":", 2)
        if controllers == "":
            top, name = root / "sys/fs/cgroup", "memory.max"
        elif "memory" in controllers.split(","):
            top, name = root / "sys/fs/cgroup/memory", "memory.limit_in_bytes"
        else:
            continue
        # A container often sees its own group as the top, while /proc names it by its path outside.
        for folder in {top, *(top.joinpath(*part) for part in _paths(group))}:
            for limit in _lines(folder / name):
                if limit.isdigit() and 0 < int(limit) < _UNLIMITED:
                    yield int(limit)


def _paths(group: str) -> Iterator[list[str]]:
    parts = [part for part in group.split("/") if part not in ("", "..")]
    return (parts[:depth] for depth in range(1, len(parts) + 1))


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().split("\n")[:-1]
    except OSError:
        return []
