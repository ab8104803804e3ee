"""Delimited text into frames of text.

Lives here: cutting a stream of bytes at record ends, parsing each piece with Polars, and finding the line at fault when
one does not parse. Does not: types; every cell leaves here as text or NULL.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import polars as pl

from orchestration.errors import Fault, InputUnusable
from orchestration.readers.dialect import FILE, Dialect
from orchestration.readers.streams import MAGIC, refuse

PIECE = 16 << 20
"""Bytes parsed at a time: large enough for speed, small enough for memory."""
LONGEST_RECORD = 64 << 20
START = 1 << 16
"""Bytes that must tell a byte order mark, another format or another line end."""

csv.field_size_limit(LONGEST_RECORD)


@dataclass(frozen=True)
class Batch:
    """Some rows of one file, as the sender wrote them."""

    frame: pl.DataFrame
    """Columns in the file's order; their names mean nothing."""
    header: tuple[str, ...]
    """The sender's names of those columns."""
    first_row: int
    """The ordinal of the first row in the file, from 1."""
    lines: Callable[[list[int]], list[int]]
    """The physical lines of rows, given by their positions in the frame. Slow: for faults only."""
    is_verified: bool = True
    """False where the format has checksums and this file does not."""
    has_long_records: bool = False
    """Whether some record stands on more than one line: a quotation mark that was never meant can swallow rows."""


class MalformedRecord(Exception):
    """A record that is not CSV, and the line it begins at."""

    def __init__(self, line: int, reason: str):
        self.line, self.reason = line, reason


def batches(blocks: Iterable[bytes], file: str, dialect: Dialect, nulls: tuple[str, ...]) -> Iterator[Batch]:
    """The rows of a delimited file.

    Raises:
        InputUnusable: not text in the declared encoding, ragged rows, unclosed quotes, another format under this name.
    """
    pieces = _records(_utf8(blocks, file, dialect.encoding), file)
    _, first = next(pieces, (1, b""))
    header, body, line = _header(first, file, dialect)
    columns = dict.fromkeys(map(str, range(len(header))), pl.String)
    if not body:
        yield Batch(pl.DataFrame(schema=columns), header, 1, lambda at: [])
    row = 1
    for start, piece in chain([(line, body)] if body else [], pieces):
        frame = _parse(piece, start, columns, file, dialect, nulls)
        yield Batch(
            frame,
            header,
            row,
            lambda at, piece=piece, start=start: _lines(piece, start, at, dialect),
            has_long_records=b'"' in piece and piece.count(b"\n") > frame.height,
        )
        row += frame.height


def _utf8(blocks: Iterable[bytes], file: str, encoding: str) -> Iterator[bytes]:
    """The same blocks without their byte order mark, in UTF-8."""
    decoder = (
        None if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else codecs.getincrementaldecoder(encoding)()
    )
    first, line = True, 1
    for block in chain(_with_a_full_start(blocks), [b""] if decoder is not None else []):
        if first:
            _is_text(block, file, encoding)
        if decoder is not None:
            try:
                block = decoder.decode(block, final=not block).encode()
            except UnicodeError as error:  # also half a letter of two halves, which no UTF-8 can hold
                at = line + block.count(b"\n", 0, error.start) if isinstance(error, UnicodeDecodeError) else None
                raise refuse(file, f"is not {encoding}", f"Declare the file's encoding in {FILE}.", line=at) from error
        if first:
            block = block.removeprefix(codecs.BOM_UTF8)
        first = False
        line += block.count(b"\n") if decoder is not None else 0
        yield block


def _with_a_full_start(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same blocks, the first of them long enough to judge the file by."""
    held: list[bytes] | None = []
    for block in blocks:
        if held is None:
            yield block
            continue
        held.append(block)
        if sum(map(len, held)) >= START:
            yield b"".join(held)
            held = None
    if held:
        yield b"".join(held)


def _is_text(block: bytes, file: str, encoding: str) -> None:
    for magic, what in MAGIC.items():
        if block.startswith(magic):
            raise refuse(
                file,
                f"is {what} under the name of a text file",
                "Give the file its proper ending and deliver it again.",
            )
    if block[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) and "16" not in encoding:
        raise refuse(
            file, "is UTF-16 text", f'Declare encoding = "utf-16" in {FILE} beside the file, or save it as UTF-8.'
        )
    if b"\n" not in block and b"\r" in block:
        raise refuse(file, "ends its lines with carriage returns only", "Save it again as CSV (UTF-8).")


def _records(blocks: Iterable[bytes], file: str) -> Iterator[tuple[int, bytes]]:
    """(first physical line, about PIECE bytes that end where a record ends: at a newline, quotation marks paired)."""
    held: list[bytes] = []
    size, line = 0, 1
    for block in blocks:
        held.append(block)
        size += len(block)
        if size < PIECE:
            continue
        joined = b"".join(held)
        cut = _last_record_end(joined)
        if not cut and size > LONGEST_RECORD:
            reason = f"holds a row longer than {LONGEST_RECORD >> 20} MiB"
            raise refuse(file, reason, "Look for a quotation mark that is never closed from here on.", line=line)
        if cut:
            yield line, joined[:cut]
            line += joined.count(b"\n", 0, cut)
        held, size = [joined[cut:]], len(joined) - cut
    rest = b"".join(held)
    if rest:
        yield line, rest if rest.endswith(b"\n") else rest + b"\n"


def _last_record_end(piece: bytes) -> int:
    end = piece.rfind(b"\n") + 1
    odd = piece.count(b'"', 0, end) % 2
    while end and odd:
        previous = piece.rfind(b"\n", 0, end - 1) + 1
        odd ^= piece.count(b'"', previous, end) % 2
        end = previous
    return end


def _header(piece: bytes, file: str, dialect: Dialect) -> tuple[tuple[str, ...], bytes, int]:
    """The headers, the bytes after them, and the physical line those start at."""
    try:
        lines = (line.decode(errors="replace") for line in io.BytesIO(piece))
        reader = csv.reader(lines, delimiter=dialect.delimiter, strict=True)
        header = next((cells for cells in reader if any(cell.strip() for cell in cells)), None)
    except csv.Error as error:
        raise refuse(file, f"has an unreadable header ({error})", "Write one header per column.", line=1) from error
    if header is None:
        raise refuse(file, "is empty", "Deliver the file with its header, or leave it out.")
    others = [mark for mark in ",;\t|" if mark != dialect.delimiter and len(header) == 1 and mark in header[0]]
    if others:
        raise refuse(
            file,
            f"does not separate its columns with {dialect.delimiter!r}",
            f"Declare delimiter = {_toml(others[0])} in {FILE} beside the file.",
            line=1,
            value=header[0],
        )
    at = 0
    for _ in range(reader.line_num):
        at = piece.index(b"\n", at) + 1
    return tuple(header), piece[at:], reader.line_num + 1


def _toml(mark: str) -> str:
    return '"\\t"' if mark == "\t" else f'"{mark}"'


def _parse(
    piece: bytes, start: int, columns: dict[str, type[pl.String]], file: str, dialect: Dialect, nulls: tuple[str, ...]
) -> pl.DataFrame:
    """One frame of text."""
    try:
        frame = _read(piece, columns, dialect, nulls)
    except pl.exceptions.PolarsError as error:
        raise InputUnusable(list(_diagnosis(piece, len(columns), file, dialect, start, str(error)))) from error
    if frame.height and not _is_rectangular(piece, frame, dialect):
        faults = list(_diagnosis(piece, len(columns), file, dialect, start, None))
        if faults:
            raise InputUnusable(faults)
    return frame


def _read(piece: bytes, columns: dict[str, type[pl.String]], dialect: Dialect, nulls: tuple[str, ...]) -> pl.DataFrame:
    options = {"separator": dialect.delimiter, "schema": columns, "null_values": ["", *nulls], "glob": False}
    try:
        return pl.read_csv(piece, has_header=False, **options)
    except pl.exceptions.SchemaError:  # the first row is short or blank, from which Polars concludes too much
        top = (dialect.delimiter.join(columns) + "\n").encode()
        return pl.read_csv(top + piece, **options)


def _is_rectangular(piece: bytes, frame: pl.DataFrame, dialect: Dialect) -> bool:
    """Whether every row has every cell. Polars fills short rows with NULL, so the separators are counted instead."""
    if not frame.to_series(-1).null_count():
        return True
    counted = piece.count(dialect.delimiter.encode())
    if b'"' in piece:
        inside = frame.select(pl.all().str.count_matches(dialect.delimiter, literal=True).sum())
        counted -= sum(inside.row(0))
    return counted == frame.height * (frame.width - 1)


def _rows(piece: bytes, start: int, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """(first physical line, cells) of every record, blank lines included."""
    reader = csv.reader(
        io.StringIO(piece.decode(errors="replace"), newline=""), delimiter=dialect.delimiter, strict=True
    )
    while True:
        line = start + reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise MalformedRecord(line, str(error)) from error
        yield line, cells


def _lines(piece: bytes, start: int, positions: list[int], dialect: Dialect) -> list[int]:
    if b'"' not in piece:
        return [start + position for position in positions]
    wanted = set(positions)
    found = {at: line for at, (line, _) in enumerate(_rows(piece, start, dialect)) if at in wanted}
    return [found.get(position, start + position) for position in positions]


def _diagnosis(piece: bytes, width: int, file: str, dialect: Dialect, start: int, error: str | None) -> Iterator[Fault]:
    """Why a piece does not parse, line by line; at most twenty faults."""
    try:
        piece.decode()
    except UnicodeDecodeError as bad:
        line = start + piece.count(b"\n", 0, bad.start)
        shown = piece[max(bad.start - 10, 0) : bad.start + 10].decode("latin-1")
        yield Fault(
            file,
            "is not UTF-8",
            f'Declare encoding = "cp1252" in {FILE} beside the file, if that is what it is.',
            line=line,
            value=shown,
        )
        return
    found = 0
    try:
        for line, cells in _rows(piece, start, dialect):
            if cells and len(cells) != width:
                yield Fault(
                    file,
                    f"the row has {len(cells)} cells where the header has {width}",
                    "Export the file again; look for an unquoted separator, line break or quotation mark.",
                    line=line,
                    value=dialect.delimiter.join(cells),
                )
                found += 1
                if found == 20:
                    return
    except MalformedRecord as bad:
        remedy = "Double the quotation marks inside quoted cells, and close every cell."
        yield Fault(file, f"a quoted cell is malformed ({bad.reason})", remedy, line=bad.line)
        return
    if found or error is None:
        return
    stray = re.search(
        rb'(?:^|[^"\n'
        + re.escape(dialect.delimiter.encode())
        + rb'])"(?!["\r\n]|'
        + re.escape(dialect.delimiter.encode())
        + rb"|$)",
        piece,
    )
    line = start + piece.count(b"\n", 0, stray.start()) if stray else start
    yield Fault(
        file, f"does not parse ({error.splitlines()[0]})", "Quote every cell that holds a quotation mark.", line=line
    )
