"""Nested values as flat columns: `service.id` becomes `service_id`, arrays stay JSON text.

Lives here: flattening, guided by the contract, of JSON text and of parsed objects, with every number keeping its digits.
Does not: reading files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

import polars as pl

from orchestration.contracts.model import Table
from orchestration.readers.names import Vocabulary, vocabulary
from orchestration.readers.values import as_json

MARK = "\ue000"
"""Stands before a number while JSON is parsed, so that numbers keep their digits and stay apart from text."""


def _number(digits: str) -> str:
    return MARK + digits


DECODER = json.JSONDecoder(parse_float=_number, parse_int=_number, parse_constant=_number)


def parse(text: str) -> object:
    """JSON, with numbers as marked text; a ValueError when it is not."""
    return DECODER.decode(text)


def dump(value: object) -> str:
    """JSON text again, with the numbers as they were written."""
    return re.sub(f'"{MARK}([^"]*)"', r"\1", json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def scalar(value: object) -> str | None:
    """What a cell would hold: text as it is, numbers as written, true and false in words, arrays and objects as JSON."""
    if value is None or isinstance(value, str):
        return value and value.removeprefix(MARK)
    if isinstance(value, bool):
        return "true" if value else "false"
    return dump(value)


def flatten(words: Vocabulary, item: dict[str, object], prefix: str = "") -> Iterable[tuple[str, str | None]]:
    """(dotted path, cell) of every leaf."""
    for key, value in item.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict) and words.is_branch(path):
            yield from flatten(words, value, f"{path}.")
        else:
            yield path, scalar(value)


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
        words = vocabulary(table)
        rows = [_fields(words, stem, text) for text in frame[stem].to_list()]
        found = [name for name in table.names if name in absent and any(name in row for row in rows)]
        frame = frame.with_columns(pl.Series(name, [row.get(name) for row in rows], pl.String) for name in found)
    return frame


def _fields(words: Vocabulary, stem: str, text: str | None) -> dict[str, str | None]:
    written = as_json(text) if text else None
    item = parse(written) if written else None
    if not isinstance(item, dict):
        return {}
    return {words.name(path): cell for path, cell in flatten(words, {stem: item})}
