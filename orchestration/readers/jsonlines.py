"""JSON Lines into frames of text, every number with the digits it was written with.

Lives here: one object per line, flattened by the contract. Does not: decompression (streams), types (values).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

import polars as pl

from orchestration.contracts.model import Table
from orchestration.errors import Fault, InputUnusable
from orchestration.readers.delimited import Batch
from orchestration.readers.names import DoubledKey, vocabulary
from orchestration.readers.nested import Columns
from orchestration.readers.streams import refuse
from orchestration.readers.values import decode

ROWS = 20_000
BYTES = 64 << 20
"""A batch ends at either."""
TOGETHER = 250
"""Objects taken apart at a time."""
LONGEST_LINE = 64 << 20


def batches(blocks: Iterable[bytes], file: str, table: Table) -> Iterator[Batch]:
    """The objects of a JSON Lines file; a blank line is a row without values.

    A key that an object lacks means what the contract says of an absent column; a key with null is an empty cell.

    Raises:
        InputUnusable: lines that are not JSON objects, or not UTF-8.
    """
    items: list[dict[str, object]] = []
    faults: list[Fault] = []
    words, first, size = vocabulary(table), 1, 0
    meanings = {column.name: column.absent_means for column in table.columns if column.absent_means is not None}
    columns = Columns(words, meanings)
    for line, text in enumerate(_lines(blocks, file), start=1):
        try:
            items.append(_object(text) if text.strip() else {})
        except UnicodeDecodeError as error:
            raise refuse(file, "is not UTF-8", "Deliver the file as the provider wrote it.", line=line) from error
        except (ValueError, RecursionError) as error:
            faults.append(_fault(file, line, text.decode(errors="replace"), error))
            if len(faults) == 20:
                break
        size += len(text)
        if len(items) == TOGETHER:
            _add(columns, items, line, file)
            items = []
        if columns.height + len(items) == ROWS or size > BYTES:
            _add(columns, items, line, file)
            if not faults:
                yield _batch(columns, first)
            columns, items, first, size = Columns(words, meanings), [], line + 1, 0
    _add(columns, items, first + columns.height + len(items) - 1, file)
    if faults:
        raise InputUnusable(faults)
    if columns.height:
        yield _batch(columns, first)
    elif first == 1:
        raise refuse(file, "is empty", "Deliver the file with its lines, or leave it out.")


def _add(columns: Columns, items: list[dict[str, object]], last: int, file: str) -> None:
    """Takes objects apart, the last of which stands on the line `last`."""
    try:
        columns.add(items)
    except DoubledKey:
        for line, item in enumerate(items, start=last + 1 - len(items)):
            try:
                columns.add([item])
            except DoubledKey as error:
                raise InputUnusable([_fault(file, line, repr(item), error)]) from error


def _lines(blocks: Iterable[bytes], file: str) -> Iterator[bytes]:
    held, line = b"", 0
    for block in chain(blocks, [None]):
        *whole, held = (held + block).split(b"\n") if block is not None else (held, b"")
        if block is None and whole == [b""]:
            return
        if len(held) > LONGEST_LINE:
            raise refuse(
                file,
                f"holds a line longer than {LONGEST_LINE >> 20} MiB",
                "Deliver one JSON object per line.",
                line=line + 1,
            )
        for raw in whole:
            line += 1
            yield raw.removeprefix(b"\xef\xbb\xbf") if line == 1 else raw


def _object(text: bytes) -> dict[str, object]:
    item = decode(text)
    if not isinstance(item, dict):
        raise ValueError("not an object")
    return item


def _batch(columns: Columns, first: int) -> Batch:
    series = columns.series() or {"column_1": pl.Series([None] * columns.height, dtype=pl.String)}
    frame = pl.DataFrame([cells.alias(str(at)) for at, cells in enumerate(series.values())])
    return Batch(frame, tuple(series), first, lambda at: [first + position for position in at])


def _fault(file: str, line: int, text: str, error: Exception) -> Fault:
    if line == 1 and text.lstrip().startswith("["):
        return Fault(
            file,
            "is one JSON array, not JSON Lines",
            "Deliver one object per line, as the provider's export does.",
            line=1,
        )
    if isinstance(error, DoubledKey):
        return Fault(file, str(error), "Ask the sender which value is meant.", line=line, column=error.key, value=text)
    return Fault(
        file,
        f"the line is not a JSON object ({error})",
        "Fetch the file again; it may be cut off.",
        line=line,
        value=text,
    )
