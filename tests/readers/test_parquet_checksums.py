"""A Parquet file that was damaged on its way is refused where it can be known, and else its record says that it cannot."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.errors import InputUnusable

CUR = "aws_cur/lines"
COSTS = [Decimal(n) / 100 for n in range(1, 301)]  # 0.01 + 0.02 + … + 3.00 = 451.50


def written(**how: object) -> bytes:
    """300 AWS lines worth 451.50 dollars, in three row groups."""
    rows = pa.table(
        {"line_item_usage_account_id": [f"{n % 7:012}" for n in range(300)], "line_item_unblended_cost": COSTS}
    )
    buffer = io.BytesIO()
    pq.write_table(rows, buffer, row_group_size=100, **how)
    return buffer.getvalue()


def pages(content: bytes) -> list[tuple[str, int, int]]:
    """(column, first byte, last byte) of every column chunk."""
    metadata = pq.read_metadata(io.BytesIO(content))
    chunks = [
        metadata.row_group(g).column(c) for g in range(metadata.num_row_groups) for c in range(metadata.num_columns)
    ]
    starts = [chunk.dictionary_page_offset or chunk.data_page_offset for chunk in chunks]
    return [
        (chunk.path_in_schema, start, start + chunk.total_compressed_size - 1)
        for chunk, start in zip(chunks, starts, strict=True)
    ]


def flipped(content: bytes, at: int, by: int = 0x10) -> bytes:
    """One byte changed."""
    changed = bytearray(content)
    changed[at] ^= by
    return bytes(changed)


WAYS = [
    {"compression": "none"},
    {"compression": "snappy"},
    {"compression": "zstd"},
    {"compression": "none", "use_dictionary": False},
    {"compression": "snappy", "data_page_version": "2.0"},
]


@pytest.mark.parametrize("how", WAYS)
def test_a_changed_byte_in_any_page_with_a_checksum_is_refused_by_file_and_column(
    deliver: Callable, refused: Callable, how: dict
) -> None:
    content = written(write_page_checksum=True, **how)
    assert deliver(CUR, {"good.parquet": content}).report.files[0].is_verified
    for number, (column, _, last) in enumerate(pages(content)):
        with pytest.raises(InputUnusable) as error:
            deliver(CUR, {f"{number}.parquet": flipped(content, last)})
        [fault] = error.value.faults
        assert fault.file == f"{number}.parquet"
        assert repr(column) in fault.reason


@pytest.mark.parametrize("how", WAYS)
def test_a_changed_byte_anywhere_never_changes_money_in_a_file_with_checksums(deliver: Callable, how: dict) -> None:
    """Outside of the pages stand sizes, names and types: what they break is refused, what they leave is equal."""
    content, chance = written(write_page_checksum=True, **how), random.Random(7)
    for number in range(25):
        at = chance.randrange(4, len(content) - 8)
        try:
            read = deliver(CUR, {f"{number}.parquet": flipped(content, at, chance.randrange(1, 256))})
        except InputUnusable:
            continue
        assert sum(read.column("line_item_unblended_cost")) == Decimal("451.50"), f"byte {at}"


def test_a_file_without_checksums_says_so(deliver: Callable) -> None:
    assert not deliver(CUR, {"a.parquet": written()}).report.files[0].is_verified


def test_checksums_in_some_columns_only_verify_nothing(deliver: Callable) -> None:
    """A file of two writers, one of which wrote checksums, is two files here: each is judged alone."""
    read = deliver(CUR, {"a.parquet": written(write_page_checksum=True), "b.parquet": written()})
    assert [file.is_verified for file in read.report.files] == [True, False]


def test_a_text_file_has_no_checksums_to_miss(deliver: Callable) -> None:
    assert (
        deliver(CUR, {"a.csv": "line_item_usage_account_id,line_item_unblended_cost\n1,1\n"})
        .report.files[0]
        .is_verified
    )


def test_a_file_of_no_rows_is_read(deliver: Callable) -> None:
    buffer = io.BytesIO()
    schema = {"line_item_usage_account_id": pl.String, "line_item_unblended_cost": pl.Float64}
    pl.DataFrame(schema=schema).write_parquet(buffer)
    assert deliver(CUR, {"a.parquet": buffer.getvalue()}).report.rows == 0


def test_no_byte_of_the_end_of_a_file_changes_rows_or_money(deliver: Callable) -> None:
    """It has no checksum. One bit of it moves the decimal point or drops the last rows, where the file would not tell."""
    content = written(write_page_checksum=True)
    start = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    for at in range(start + 80, start + 120):
        try:
            read = deliver(CUR, {f"{at}.parquet": flipped(content, at, 4)})
        except InputUnusable:
            continue
        assert sum(read.column("line_item_unblended_cost")) == Decimal("451.50"), f"byte {at - start} of the end"
