"""Nested values as flat columns: `service.id` becomes `service_id`, arrays stay JSON text.

Lives here: flattening, guided by the contract, of JSON text and of parsed objects, with every number keeping its digits.
Does not: reading files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

import msgspec
import polars as pl

from orchestration.contracts.model import Table
from orchestration.readers.names import Vocabulary, vocabulary
from orchestration.readers.values import MARK, as_json, decode


def dump(value: object) -> str:
    """JSON text again, with the numbers as they were written."""
    text = msgspec.json.encode(value).decode()
    return re.sub(f'"{MARK}([^"]*)"', r"\1", text) if MARK in text else text


class Columns:
    """The leaves of many objects as columns of text, by name, in order of appearance.

    Objects of one outline are taken apart together: a file holds few outlines, and picking a column out of many objects is
    much faster than picking the cells out of each. Where two leaves of an object mean one name, the first that says
    something counts. `meanings` is what an absent leaf says, of an object that has others.
    """

    def __init__(self, words: Vocabulary, meanings: dict[str, str] | None = None):
        self.words, self.meanings = words, meanings or {}
        self.height = 0
        self._cells: dict[str, list[object]] = {}
        self._silent: list[tuple[str, list[int]]] = []

    def add(self, items: list[dict[str, object]]) -> None:
        """Takes the next objects apart. A few hundred at a time, which the processor's cache still holds."""
        groups: dict[tuple, list[int]] = {}
        for at, item in enumerate(items):
            groups.setdefault(_outline(self.words, item, ""), []).append(at)
        for places in groups.values():
            leaves = _leaves(self.words, [items[at] for at in places], "")
            names = {self._place(path, values, places, len(items)) for path, values in leaves}
            if names:
                rows = [self.height + at for at in places]
                self._silent += [(name, rows) for name in self.meanings.keys() - names]
        self.height += len(items)

    def _place(self, path: str, values: list[object], places: list[int], count: int) -> str:
        name = self.words.name(path)
        column = self._cells.setdefault(name, [])
        column += [None] * (self.height - len(column))
        if len(column) == self.height and len(values) == count:
            column += values
        else:
            column += [None] * (self.height + count - len(column))
            for at, value in zip(places, values, strict=True):
                if column[self.height + at] in (None, ""):
                    column[self.height + at] = value
        return name

    def series(self) -> dict[str, pl.Series]:
        """The columns, each as long as there were objects."""
        for column in self._cells.values():
            column += [None] * (self.height - len(column))
        for name, rows in self._silent:
            for at in rows if name in self._cells else ():
                self._cells[name][at] = self.meanings[name]
        return {name: _texts(name, cells) for name, cells in self._cells.items()}


def _outline(words: Vocabulary, item: dict[str, object], prefix: str) -> tuple:
    """The keys of an object and of its branches."""
    keys = tuple(item)
    branches = words.branches(prefix, keys)
    if not branches:
        return keys
    outline: list[tuple | None] = [keys]
    for key, inner in branches:
        value = item[key]
        outline.append(_outline(words, value, inner) if isinstance(value, dict) else None)
    return tuple(outline)


def _leaves(words: Vocabulary, items: list[dict[str, object]], prefix: str) -> Iterator[tuple[str, list[object]]]:
    """(dotted path, values) of every leaf of objects of one outline."""
    cells, width = list(chain.from_iterable(map(dict.values, items))), len(items[0])
    for at, (key, value) in enumerate(items[0].items()):
        path, values = f"{prefix}{key}", cells[at::width]
        if isinstance(value, dict) and words.is_branch(path):
            yield from _leaves(words, values, f"{path}.")
        else:
            yield path, values


def _texts(name: str, cells: list[object]) -> pl.Series:
    """What cells hold: text as it is, numbers as written, true and false in words, arrays and objects as JSON; '' is empty."""
    first = next((cell for cell in cells if cell is not None), None)
    try:
        text = pl.Series(name, cells if isinstance(first, str) else [_text(cell) for cell in cells], pl.String)
    except TypeError:  # text first, and then something else
        text = pl.Series(name, [_text(cell) for cell in cells], pl.String)
    text = text.str.strip_prefix(MARK)
    return text.set(text == "", None)


def _text(cell: object) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell) if isinstance(cell, int) else dump(cell)


def reachable(table: Table, names: Iterable[str]) -> set[str]:
    """Contract columns that may lie inside an unknown column holding an object as JSON text."""
    stems = [name for name in names if name not in table.names]
    return {name for name in table.names if any(name.startswith(f"{stem}_") for stem in stems)}


def expand(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Fills absent contract columns from unknown text columns that hold JSON objects, one field each."""
    known, schema = set(table.names), frame.schema
    for stem in [name for name, dtype in schema.items() if name not in known and dtype == pl.String]:
        absent = {name for name in known if name.startswith(f"{stem}_") and name not in schema}
        sample = frame[stem].drop_nulls().head(1).to_list() if absent else []
        if not sample or not sample[0].lstrip().startswith("{"):
            continue
        columns = Columns(vocabulary(table))
        columns.add([_object(stem, text) for text in frame[stem].to_list()])
        found = columns.series()
        frame = frame.with_columns(found[name] for name in table.names if name in absent & found.keys())
    return frame


def _object(stem: str, text: str | None) -> dict[str, object]:
    written = as_json(text) if text else None
    item = decode(written) if written else None
    return {stem: item} if isinstance(item, dict) else {}
