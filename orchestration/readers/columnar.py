"""Parquet into frames, structs flattened and arrays as JSON text.

Lives here: the walk over nested Parquet columns. Does not: typing (values); typed columns leave here as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from orchestration.contracts.model import Table
from orchestration.readers import foreign
from orchestration.readers.delimited import Batch
from orchestration.readers.names import Vocabulary, vocabulary
from orchestration.readers.streams import refuse

ROWS = 50_000
"""Taken as slices: measured at half the memory of Polars' own batches, and faster."""

POLARS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
"""What Polars raises over a file."""


def batches(path: Path, file: str, table: Table) -> Iterator[Batch]:
    """The rows of a Parquet file; a row's line is its ordinal.

    Raises:
        InputUnusable: not Parquet, truncated, or holding a type that Polars cannot read.
    """
    words, first, is_verified = vocabulary(table), 1, False
    try:
        for told in foreign.read("parquet", path, rows=ROWS):
            if told.get("columns") == 0:
                raise refuse(file, "has no columns", "Export the file again.")
            is_verified = told.get("is_verified", is_verified)
            if "rows" in told:
                frame = pl.scan_parquet(path, glob=False).slice(first - 1, told["rows"]).collect(engine="streaming")
                yield _batch(frame, words, first, is_verified)
                first += frame.height
    except (foreign.NotReadable, foreign.ReaderEnded, *POLARS) as error:
        reason = f"is not a readable Parquet file ({str(error).splitlines()[0]})"
        raise refuse(file, reason, "Fetch the file again, or export plain types and decimals of 38 digits.") from error


def _batch(frame: pl.DataFrame, words: Vocabulary, first: int, is_verified: bool) -> Batch:
    leaves = [leaf for series in frame for leaf in _leaves(series, words)]
    header = tuple(series.name for series in leaves)
    flat = pl.DataFrame([series.alias(str(at)) for at, series in enumerate(leaves)])
    return Batch(flat, header, first, lambda at: [first + position for position in at], is_verified)


def _leaves(series: pl.Series, words: Vocabulary) -> Iterator[pl.Series]:
    """The column itself, or the columns inside it where the contract knows those."""
    name = series.name
    if isinstance(series.dtype, pl.Struct) and words.is_branch(name):
        for inner in series.struct.unnest():
            yield from _leaves(inner.alias(f"{name}.{inner.name}"), words)
    elif series.dtype.is_nested():
        yield _json_text(series)
    elif series.dtype == pl.Binary:
        yield _bytes_text(series)
    elif series.dtype in (pl.Categorical, pl.Enum, pl.Null):
        yield series.cast(pl.String)
    else:
        yield series


def _json_text(series: pl.Series) -> pl.Series:
    """Arrays and unknown structs as JSON. Polars encodes structs only, so the column is wrapped in one and unwrapped."""
    wrapped = pl.DataFrame([series.alias("v")]).to_struct().struct.json_encode()
    text = wrapped.str.strip_prefix('{"v":').str.head(-1)
    return text.set(text == "null", None).alias(series.name)


def _bytes_text(series: pl.Series) -> pl.Series:
    """Text that was stored without saying so; bytes that are no text, such as a UUID, in hexadecimal."""
    try:
        return series.cast(pl.String)
    except pl.exceptions.ComputeError:
        return series.bin.encode("hex")
