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
from orchestration.readers.names import Vocabulary, vocabulary
from orchestration.readers.nested import flatten, parse
from orchestration.readers.streams import refuse

ROWS = 20_000
BYTES = 64 << 20
"""A batch ends at either."""
LONGEST_LINE = 64 << 20


def batches(blocks: Iterable[bytes], file: str, table: Table) -> Iterator[Batch]:
    """The objects of a JSON Lines file; a blank line is a row without values.

    A key that an object lacks means what the contract says of an absent column; a key with null is an empty cell.

    Raises:
        InputUnusable: lines that are not JSON objects, or not UTF-8.
    """
    rows: list[dict[str, str | None]] = []
    faults: list[Fault] = []
    words, first, size = vocabulary(table), 1, 0
    meanings = {column.name: column.absent_means for column in table.columns if column.absent_means is not None}
    for line, text in enumerate(_lines(blocks, file), start=1):
        try:
            rows.append(_row(text, words) if text.strip() else {})
        except (ValueError, RecursionError) as error:
            faults.append(_fault(file, line, text, error))
            if len(faults) == 20:
                break
        size += len(text)
        if len(rows) == ROWS or size > BYTES:
            if not faults:
                yield _batch(rows, first, meanings)
            rows, first, size = [], line + 1, 0
    if faults:
        raise InputUnusable(faults)
    if rows:
        yield _batch(rows, first, meanings)
    elif first == 1:
        raise refuse(file, "is empty", "Deliver the file with its lines, or leave it out.")


def _lines(blocks: Iterable[bytes], file: str) -> Iterator[str]:
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
            try:
                yield raw.removeprefix(b"\xef\xbb\xbf").decode() if line == 1 else raw.decode()
            except UnicodeDecodeError as error:
                raise refuse(file, "is not UTF-8", "Deliver the file as the provider wrote it.", line=line) from error


def _row(text: str, words: Vocabulary) -> dict[str, str | None]:
    item = parse(text)
    if not isinstance(item, dict):
        raise ValueError("not an object")
    row: dict[str, str | None] = {}
    for path, cell in flatten(words, item):
        name = words.name(path)
        if cell and row.get(name) is None:
            row[name] = cell
        else:
            row.setdefault(name, None)
    return row


def _batch(rows: list[dict[str, str | None]], first: int, meanings: dict[str, str]) -> Batch:
    names = tuple(dict.fromkeys(name for row in rows for name in row))
    if not names:
        frame, names = pl.DataFrame({"0": [None] * len(rows)}, schema={"0": pl.String}), ("column_1",)
    else:
        for name in meanings.keys() & set(names):
            for row in rows:
                if row:
                    row.setdefault(name, meanings[name])
        frame = pl.from_dicts(rows, schema=dict.fromkeys(names, pl.String))
        frame.columns = [str(at) for at in range(len(names))]
    return Batch(frame, names, first, lambda at: [first + position for position in at])


def _fault(file: str, line: int, text: str, error: Exception) -> Fault:
    if line == 1 and text.lstrip().startswith("["):
        return Fault(
            file,
            "is one JSON array, not JSON Lines",
            "Deliver one object per line, as the provider's export does.",
            line=1,
        )
    return Fault(
        file,
        f"the line is not a JSON object ({error})",
        "Fetch the file again; it may be cut off.",
        line=line,
        value=text,
    )
