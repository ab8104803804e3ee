"""What a story of this kind always has: a licence has a product, a metered line a meter.

Lives here: how a value that other kinds of story lack is taken. Does not: which kind has it.
"""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def known(value: T | None) -> T:
    """The value, where this kind of story has one.

    Raises:
        ValueError: it has none: a fault of the simulator.
    """
    if value is None:
        raise ValueError("this story has no such value")
    return value
