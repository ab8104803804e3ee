"""What is wrong with a header or a cell, and what releases it.

Lives here: those sentences. Does not: finding the cells (shape).
"""

from __future__ import annotations

import polars as pl

from orchestration.contracts.model import DECIMALS, Column, Table
from orchestration.errors import Fault
from orchestration.readers import nested
from orchestration.readers.dialect import FILE
from orchestration.readers.names import DoubledKey, Placement
from orchestration.readers.values import LAST_YEAR, OLDEST_YEAR, Rules, decode


def header_faults(table: Table, file: str, placement: Placement, header: tuple[str, ...]) -> list[Fault]:
    """Two headers that mean one column, and columns that the table cannot do without."""
    faults = [
        Fault(file, f"headers {one!r} and {other!r} both mean {name}", "Deliver one of them.", line=1, column=name)
        for name, one, other in placement.clashes
    ]
    reachable = set(placement.names) | nested.reachable(table, placement.names)
    needed = [column.name for column in table.columns if column.required and column.absent_means is None]
    missing = [name for name in needed if name not in reachable]
    place = f"{table.source}/{table.name}"
    if missing and missing == needed:
        shown = ", ".join(header[:6])
        reason = f"has none of the columns that {place} needs ({', '.join(missing)}); its header begins {shown}"
        return [*faults, Fault(file, reason, "Check that the file lies in the right source's folder.", line=1)]
    remedy = f"{place} cannot do without it; export it too."
    return faults + [Fault(file, "the column is missing", remedy, line=1, column=name) for name in missing]


def unreadable(column: Column, cell: str, rules: Rules, stored: pl.DataType) -> tuple[str, str]:
    """The reason and the remedy for a cell that cannot be read as its type, from a column stored as `stored`."""
    correct = "Correct it at the sender and deliver the file again."
    if stored.is_temporal() and column.type in ("date", "timestamp") and stored not in (pl.Duration, pl.Time):
        return f"is not between the years {OLDEST_YEAR} and {LAST_YEAR}", correct
    if stored.is_temporal() or stored == pl.Boolean:
        return f"is of the type {stored}, not of the type {column.type}", "Export the column with its proper type."
    if column.one_of:
        return f"is none of {', '.join(column.one_of)}", correct
    if column.type in DECIMALS | {"integer"}:
        if rules.decimal == "." and "," in cell:
            return (
                "is not a number in the common form (decimal point, no thousands mark)",
                f'If the sender writes decimal commas, declare decimal = "," in {FILE} beside the file.',
            )
        if sum(c.isdigit() for c in cell) > 26 and not set(cell) - set("+-0123456789.eE' "):
            return "has more than 26 digits before the decimal point", correct
        if rules.decimal == ",":
            return (
                "is not a number with decimal comma, as the dialect declares",
                f"Correct {FILE} or the file, so that they agree.",
            )
        return "is not a whole number" if column.type == "integer" else "is not a number", correct
    if column.type in ("date", "timestamp"):
        return (
            "is not a date in the expected order",
            f'Write YYYY-MM-DD, or declare date_order = "DMY" or "MDY" in {FILE} beside the file.',
        )
    if column.type == "boolean":
        return "is neither true nor false", correct
    try:
        decode(cell)
    except DoubledKey as error:
        return f"is JSON in which {error}", "Ask the sender which value is meant."
    except (ValueError, RecursionError):
        pass
    return "is not JSON", correct
