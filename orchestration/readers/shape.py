"""One batch of a file into the contract's columns.

Lives here: placing, typing and checking a batch, dropping the rows that are not data, and finding every cell at fault. Does not:
saying what is wrong with it (faults), opening files (delimited, jsonlines, columnar, workbook) nor writing them (read).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

import polars as pl

from orchestration.contracts.model import Table
from orchestration.errors import Fault, InputUnusable
from orchestration.readers import nested
from orchestration.readers.delimited import Batch
from orchestration.readers.faults import header_faults, unreadable
from orchestration.readers.names import Placement, place
from orchestration.readers.values import EXACT, PADDING, Rules, texts, typed

MOST_FAULTS = 200
"""Faults collected from one file before giving up on it."""
FAULTS_PER_COLUMN = 20
NO_CURRENCY = "XXX"
"""ISO 4217's code for amounts without a currency."""
LARGEST_SUM = Decimal(10) ** 26
"""What DECIMAL(38,12) cannot hold."""
LONG_CELL = 4_000
"""Characters that no cell of a billing table needs, but for JSON."""
SUSPICIOUS_CELLS = 10
"""Cells that span lines, or are long, named of one file."""


@dataclass
class Shaper:
    """Shapes the batches of one file and remembers what is worth telling about it."""

    table: Table
    rules: Rules
    file: str
    origin: str
    """What `_source_file` says: the file, and the member of a zip that holds several."""
    delivery_sha256: str
    rows: int = 0
    faults: list[Fault] = field(default_factory=list)
    totals: dict[str, Decimal] = field(default_factory=dict)
    rounded: Counter[str] = field(default_factory=Counter)
    headers: set[tuple[str, ...]] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    """Contract columns found in any batch."""
    unknown: dict[str, None] = field(default_factory=dict)
    """Unknown columns, in order of appearance."""
    repeated: list[int] = field(default_factory=list)
    blank: int = 0
    doubled: set[tuple[str, str, str]] = field(default_factory=set)
    is_verified: bool = True
    suspicious: list[Fault] = field(default_factory=list)
    """Cells that may have swallowed rows: no fault by themselves."""

    def shape(self, batch: Batch) -> pl.DataFrame | None:
        """The batch in contract columns, unknown columns and provenance; None when some of it is at fault."""
        header = batch.header
        self.is_verified &= batch.is_verified
        placement = self._placement(header)
        frame = nested.expand(_renamed(batch.frame, placement), self.table)
        known = [name for name in frame.columns if name in set(self.table.names)]
        self.seen.update(known)
        self.unknown.update(dict.fromkeys(name for name in frame.columns if name not in self.seen))
        position = pl.Series("_position", range(frame.height), pl.Int64)
        values, suspects = self._typed(frame)
        if suspects:
            kept = self._data_rows(frame, header, placement, position, batch)
            if kept is not None:
                frame, position = frame.filter(kept), position.filter(kept)
                values, suspects = self._typed(frame)
        for name, mask, reason in suspects:
            self._blame(frame[name] if name in frame.columns else None, name, mask, reason, position, batch)
        if suspects:
            return None
        self._look_for_swallowed_rows(frame, position, batch)
        self.rows += frame.height
        shaped = pl.DataFrame(
            [series for series, _ in values.values()]
            + [texts(frame[name]) for name in frame.columns if name not in values]
        )
        self._remember(values, shaped)
        return shaped.with_columns(
            pl.lit(self.origin).alias("_source_file"),
            (position + batch.first_row).alias("_source_row"),
            pl.lit(self.delivery_sha256).alias("_delivery_sha256"),
        )

    def notes(self) -> Iterable[str]:
        """What was done to this file that a reader of the report should know."""
        for name, count in sorted(self.rounded.items()):
            yield f"{self.file}: {count} values of {name} had digits beyond the 12th decimal and were rounded half to even"
        if self.repeated:
            shown = ", ".join(map(str, self.repeated[:10])) + (", …" if len(self.repeated) > 10 else "")
            yield f"{self.file}: the header is repeated at line {shown}; dropped"
        if self.blank:
            yield f"{self.file}: {self.blank} blank lines dropped"
        for fault in self.suspicious[:SUSPICIOUS_CELLS]:
            yield f"{self.file}: line {fault.line}: {fault.reason} (column {fault.column})"
        for target, used, left in sorted(self.doubled):
            yield f"{self.file}: headers {used!r} and {left!r} both mean {target}; the first is used, the other kept as text"
        for column in self.table.columns:
            if column.absent_means is not None and self.rows and column.name not in self.seen:
                yield f"{self.file}: has no column {column.name}; every row reads {column.absent_means!r} ({column.note})"

    def _placement(self, header: tuple[str, ...]) -> Placement:
        placement = _place(self.table, header)
        if header not in self.headers:
            self.headers.add(header)
            self.doubled.update(placement.doubled)
            if faults := header_faults(self.table, self.file, placement, header):
                raise InputUnusable(faults)
        return placement

    def _typed(self, frame: pl.DataFrame) -> tuple[dict[str, tuple[pl.Series, int]], list[tuple[str, pl.Series, str]]]:
        """Contract columns, typed; and the (column, rows, reason) that do not pass."""
        values: dict[str, tuple[pl.Series, int]] = {}
        suspects = []
        for column in self.table.columns:
            if column.name not in frame.columns:
                meaning = pl.Series(column.name, [column.absent_means], pl.String)
                constant = typed(meaning, column, Rules(".", None, self.rules.dates)).values
                values[column.name] = (constant.new_from_index(0, frame.height), 0)
                continue
            raw = frame[column.name]
            found = typed(raw, column, self.rules)
            values[column.name] = (found.values.alias(column.name), found.rounded)
            if found.values.null_count() == raw.null_count() and not (column.needs_value and raw.null_count()):
                continue
            empty = raw.is_null() if raw.dtype != pl.String else raw.str.strip_chars(PADDING).fill_null("") == ""
            unread = found.values.is_null() & ~empty
            if unread.any():
                suspects.append((column.name, unread, "unread"))
            if column.needs_value and empty.any():
                suspects.append((column.name, empty, "empty"))
        return values, suspects

    def _data_rows(
        self, frame: pl.DataFrame, header: tuple[str, ...], placement: Placement, position: pl.Series, batch: Batch
    ) -> pl.Series | None:
        """The rows that hold data, when some do not: blank lines, and the header written again."""
        blank = frame.select(pl.all_horizontal(pl.all().is_null())).to_series()
        written = [
            (name, text)
            for name, text in zip(placement.names, header, strict=True)
            if frame.schema.get(name) == pl.String and text
        ]
        again = (
            frame.select(
                pl.all_horizontal(
                    pl.col(name).str.strip_chars(" \ufeff") == text.strip(" \ufeff") for name, text in written
                )
            )
            .to_series()
            .fill_null(False)
        )
        if not (blank.any() or again.any()):
            return None
        self.blank += int(blank.sum())
        self.repeated += batch.lines(position.filter(again).to_list()) if again.any() else []
        return ~(blank | again)

    def _blame(
        self, raw: pl.Series | None, name: str, mask: pl.Series, reason: str, position: pl.Series, batch: Batch
    ) -> None:
        column = self.table.column(name)
        at = position.filter(mask).to_list()
        shown = at[:FAULTS_PER_COLUMN]
        cells = [None] * len(shown) if raw is None else texts(raw.filter(mask).head(len(shown))).to_list()
        for line, cell in zip(batch.lines(shown), cells, strict=True):
            if reason == "empty":
                self.faults.append(
                    Fault(
                        self.file,
                        "the value is missing",
                        "Every row needs it; complete it at the sender.",
                        line=line,
                        column=name,
                    )
                )
            else:
                why = unreadable(column, cell or "", self.rules, pl.String() if raw is None else raw.dtype)
                self.faults.append(Fault(self.file, *why, line=line, column=name, value=cell))
        if len(at) > len(shown):
            self.faults.append(
                Fault(
                    self.file,
                    f"and {len(at) - len(shown)} more cells near there",
                    "They share the column's first faults.",
                    column=name,
                )
            )

    def _look_for_swallowed_rows(self, frame: pl.DataFrame, position: pl.Series, batch: Batch) -> None:
        """Remembers the cells that span lines and those of thousands of characters, each by its first line."""
        for series in frame if len(self.suspicious) < SUSPICIOUS_CELLS else ():
            if series.dtype != pl.String:
                continue
            is_suspicious = series.str.len_bytes() > LONG_CELL
            if batch.has_long_records:
                is_suspicious |= series.str.contains("\n", literal=True)
            if not is_suspicious.any():
                continue
            column = next((column for column in self.table.columns if column.name == series.name), None)
            at = position.filter(is_suspicious.fill_null(False)).head(SUSPICIOUS_CELLS)
            cells = series.filter(is_suspicious.fill_null(False)).head(SUSPICIOUS_CELLS)
            for line, cell in zip(batch.lines(at.to_list()), cells, strict=True):
                breaks = cell.count("\n") if batch.has_long_records else 0
                if not breaks and (column and column.type == "json" or cell.lstrip()[:1] in "{["):
                    continue
                said = f"the cell spans {breaks + 1} lines" if breaks else f"the cell holds {len(cell)} characters"
                remedy = "Look for a quotation mark that was never meant or never closed."
                self.suspicious.append(Fault(self.file, said, remedy, line=line, column=series.name, value=cell))

    def _remember(self, values: dict[str, tuple[pl.Series, int]], shaped: pl.DataFrame) -> None:
        for name, (_, rounded) in values.items():
            if rounded:
                self.rounded[name] += rounded
        if self.table.amount is None:
            return
        currency = pl.col(self.table.currency).fill_null(NO_CURRENCY) if self.table.currency else pl.lit(NO_CURRENCY)
        try:
            sums = shaped.lazy().group_by(currency.alias("currency")).agg(pl.col(self.table.amount).sum()).collect()
        except pl.exceptions.ComputeError:  # a sum of more than 38 digits
            raise self._beyond_the_type() from None
        for code, amount in sums.iter_rows():
            total = EXACT.add(self.totals.get(code, Decimal(0)), amount or Decimal(0))
            if abs(total) >= LARGEST_SUM:
                raise self._beyond_the_type()
            self.totals[code] = total

    def _beyond_the_type(self) -> InputUnusable:
        reason = "its amounts add up to more than 26 digits before the decimal point"
        return InputUnusable([Fault(self.file, reason, "Correct them at the sender.", column=self.table.amount)])


@lru_cache(maxsize=256)
def _place(table: Table, header: tuple[str, ...]) -> Placement:
    return place(table, header)


def _renamed(frame: pl.DataFrame, placement: Placement) -> pl.DataFrame:
    return pl.DataFrame([series.alias(name) for series, name in zip(frame, placement.names, strict=True)])
