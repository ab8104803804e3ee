"""Parquet into frames, structs flattened and arrays as JSON text.

Lives here: the walk over nested Parquet columns. Does not: typing (values); typed columns leave here as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from orchestration.contracts.model import Table
from orchestration.readers.delimited import Batch
from orchestration.readers.names import Vocabulary, vocabulary
from orchestration.readers.streams import refuse

ROWS = 50_000


def batches(path: Path, file: str, table: Table) -> Iterator[Batch]:
    """The rows of a Parquet file; a row's line is its ordinal.

    Raises:
        InputUnusable: not Parquet, truncated, or holding a type that Polars cannot read.
    """
    try:
        lazy = pl.scan_parquet(path, glob=False)
        words, first, schema = vocabulary(table), 1, lazy.collect_schema()
        if not schema:
            raise refuse(file, "has no columns", "Export the file again.")
        for frame in lazy.collect_batches(chunk_size=ROWS, maintain_order=True):
            if frame.height or first == 1:
                yield _batch(frame, words, first)
            first += frame.height
        if first == 1:
            yield _batch(pl.DataFrame(schema=schema), words, 1)
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = f"is not a readable Parquet file ({str(error).splitlines()[0]})"
        raise refuse(file, reason, "Fetch the file again, or export decimals of at most 38 digits.") from error


def _batch(frame: pl.DataFrame, words: Vocabulary, first: int) -> Batch:
    leaves = [leaf for series in frame for leaf in _leaves(series, words)]
    header = tuple(series.name for series in leaves)
    flat = pl.DataFrame([series.alias(str(at)) for at, series in enumerate(leaves)])
    return Batch(flat, header, first, lambda at: [first + position for position in at])


def _leaves(series: pl.Series, words: Vocabulary) -> Iterator[pl.Series]:
    """The column itself, or the columns inside it where the contract knows those."""
    name = series.name
    if isinstance(series.dtype, pl.Struct) and words.is_branch(name):
        for inner in series.struct.unnest():
            yield from _leaves(inner.alias(f"{name}.{inner.name}"), words)
    elif series.dtype.is_nested():
        yield _json_text(series)
    elif series.dtype == pl.Binary:
        yield series.cast(pl.String, strict=False)
    elif series.dtype in (pl.Categorical, pl.Enum, pl.Null):
        yield series.cast(pl.String)
    else:
        yield series


def _json_text(series: pl.Series) -> pl.Series:
    """Arrays and unknown structs as JSON. Polars encodes structs only, so the column is wrapped in one and unwrapped."""
    wrapped = pl.DataFrame([series.alias("v")]).to_struct().struct.json_encode()
    text = wrapped.str.strip_prefix('{"v":').str.head(-1)
    return text.set(text == "null", None).alias(series.name)
