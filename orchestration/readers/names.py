"""From the sender's headers to the contract's columns.

Lives here: normalising a header, placing each header by name, never by position, and refusing a key that stands twice.
Does not: values.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from orchestration.contracts.model import DECIMALS, Table

PROVENANCE = ("_source_file", "_source_row", "_delivery_sha256")


def normalise(header: str) -> str:
    """`lineItem/UnblendedCost`, `LineItem.UnblendedCost` and `line_item_unblended_cost` are all the last of them."""
    words = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", header.strip().strip("\ufeff"))
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", words)
    return re.sub(r"\W+|_+", "_", words).strip("_").lower()


def squash(header: str) -> str:
    """What two spellings of one name have in common: `ARN`, `Arn` and `a_r_n` are the same."""
    return re.sub(r"[\W_]+", "", header).lower()


class DoubledKey(ValueError):
    """A key that stands twice in one JSON object, or twice but for its case: which value is meant would be a guess."""

    def __init__(self, key: str):
        super().__init__(f"the key {key!r} stands twice in one object")
        self.key = key


def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The object of these keys and values; a `DoubledKey` where a key stands twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DoubledKey(next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1))
    return found


class Vocabulary:
    """What the words of one table's senders mean. Remembers its answers, because JSON asks again on every row."""

    def __init__(self, table: Table):
        aliases = {squash(alias): column.name for column in table.columns for alias in column.aliases}
        self.exact = {squash(column.name): column.name for column in table.columns}
        self.words = aliases | self.exact
        self._names: dict[str, str] = {}
        self._branches: dict[str, bool] = {}
        self._branching: dict[tuple[str, tuple[str, ...]], tuple[tuple[str, str], ...]] = {}

    def name(self, path: str) -> str:
        """The contract column that a header or path means, else its own normalised name."""
        if path not in self._names:
            self._names[path] = self.words.get(squash(path)) or normalise(path) or path
        return self._names[path]

    def is_branch(self, path: str) -> bool:
        """Whether the contract knows the fields of the object at `path`, and not the object itself."""
        if path not in self._branches:
            stem = squash(path)
            self._branches[path] = stem not in self.words and any(word.startswith(stem) for word in self.words)
        return self._branches[path]

    def branches(self, prefix: str, keys: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        """The keys of the object at `prefix` that lead to branches, each with the prefix of what lies inside.

        Raises:
            DoubledKey: two keys differ in nothing but their case.
        """
        if (prefix, keys) not in self._branching:
            once([(key.lower(), key) for key in keys])
            inner = tuple((key, f"{prefix}{key}.") for key in keys if self.is_branch(f"{prefix}{key}"))
            self._branching[prefix, keys] = inner
        return self._branching[prefix, keys]


@cache
def vocabulary(table: Table) -> Vocabulary:
    """The one vocabulary of a table. Ask once per file: finding it hashes the whole contract."""
    return Vocabulary(table)


@dataclass(frozen=True)
class Placement:
    """Where each header of one file goes."""

    names: tuple[str, ...]
    """One target per header, in file order; unknown headers get their own normalised name."""
    unknown: tuple[str, ...]
    doubled: tuple[tuple[str, str, str], ...]
    """(contract column, header used, header left aside) where two headers mean the same column."""
    clashes: tuple[tuple[str, str, str], ...]
    """The same for columns where choosing one would be a guess about money."""


def place(table: Table, headers: Sequence[str]) -> Placement:
    """Finds the contract column of every header. An exact name wins over an alias."""
    words, exact = vocabulary(table).words, vocabulary(table).exact
    chosen: dict[str, int] = {}
    doubled, clashes = [], []
    for index in sorted(range(len(headers)), key=lambda i: squash(headers[i]) not in exact):
        target = words.get(squash(headers[index]))
        if target is None:
            continue
        if target not in chosen:
            chosen[target] = index
        elif squash(headers[index]) in exact and _matters(table, target):
            clashes.append((target, headers[chosen[target]], headers[index]))
        else:
            doubled.append((target, headers[chosen[target]], headers[index]))
    by_index = {index: target for target, index in chosen.items()}
    taken = set(table.names) | set(PROVENANCE)
    names = []
    for index, header in enumerate(headers):
        name = by_index.get(index) or _free(normalise(header) or f"column_{index + 1}", taken)
        taken.add(name)
        names.append(name)
    unknown = tuple(name for index, name in enumerate(names) if index not in by_index)
    return Placement(tuple(names), unknown, tuple(doubled), tuple(clashes))


def _matters(table: Table, name: str) -> bool:
    column = table.column(name)
    return column.required or column.type in DECIMALS


def _free(name: str, taken: set[str]) -> str:
    candidate, ordinal = name, 2
    while candidate in taken:
        candidate, ordinal = f"{name}_{ordinal}", ordinal + 1
    return candidate
