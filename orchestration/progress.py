"""Telling a person what is being done now.

Lives here: named steps and whoever listens to them. Does not: how they are drawn (cli).
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

Listener = Callable[[str, float | None], None]
"""Called with a step's name and None when it starts, and with its seconds when it ends."""

_listeners: list[Listener] = []


@contextlib.contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Hear every step until the end of the block."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """One thing that takes a while. A step that fails does not report an end."""
    for listener in _listeners:
        listener(name, None)
    started = time.perf_counter()
    yield
    for listener in _listeners:
        listener(name, time.perf_counter() - started)
