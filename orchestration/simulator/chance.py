"""Chance that can be repeated: every draw is a function of a path of names, never of what was drawn before elsewhere.

Lives here: a small counter generator (SplitMix64) seeded by a hash. Does not: any distribution that money depends on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
_MASK = (1 << 64) - 1


def digest(*path: object, size: int = 8) -> bytes:
    """The hash of a path of names and numbers."""
    return hashlib.blake2b("/".join(map(str, path)).encode(), digest_size=size).digest()


def guid(*path: object) -> str:
    """A made-up identifier in the form Microsoft writes them."""
    text = digest(*path, size=16).hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Chance:
    """Draws for one subject, for example one subscription in one month."""

    __slots__ = ("_state",)

    def __init__(self, *path: object):
        self._state = int.from_bytes(digest(*path))

    def below(self, bound: int) -> int:
        """A whole number from 0 to bound − 1."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        word = self._state
        word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _MASK
        return (word ^ (word >> 31)) % bound

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both possible."""
        return low + self.below(high - low + 1)

    def hit(self, percent: int) -> bool:
        """True in `percent` of a hundred draws."""
        return self.below(100) < percent

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices, each as likely."""
        return choices[self.below(len(choices))]

    def weighted(self, choices: Sequence[tuple[T, int]]) -> T:
        """One of (choice, weight)."""
        point = self.below(sum(weight for _, weight in choices))
        for choice, weight in choices:
            point -= weight
            if point < 0:
                return choice
        raise AssertionError("weights are positive")
