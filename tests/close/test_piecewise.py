"""A wide mart leaves as one sorted Parquet file, whatever its length, and no row is lost between two pieces.

Lives here: cutting files into pieces, and writing them. Does not: publishing (test_sample_close).
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration import piecewise
from orchestration.errors import CuadreError
from orchestration.piecewise import File, Piece

KEY = ["close_period", "source", "source_file", "source_row", "charge_id"]


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piecewise, "ROWS", 10)


@pytest.fixture
def charges() -> duckdb.DuckDBPyConnection:
    """Two files of one source and one of another: 25 + 2 + 20 lines, and 8 + 0 + 6 of them with a second charge. Stored in no order."""
    connection = duckdb.connect()
    connection.execute("""
        create table charges as
        select '2026-09' as close_period, source, source_file, line as source_row, line || '-' || part as charge_id,
            cast(line as decimal(38, 12)) / 8 as billed_cost
        from (values ('aws_cur', 'aws/1.csv', 25), ('aws_cur', 'aws/2.csv', 2), ('vendor', 'vendor/1.csv', 20)) as files (source, source_file, lines),
            range(1, lines + 1) as numbers (line), (values ('1'), ('1-tax')) as parts (part)
        where part = '1' or line % 3 = 0
        order by hash(charge_id)
    """)
    return connection


def test_the_rows_leave_in_the_order_of_their_key_and_none_is_lost(charges, small_pieces, tmp_path: Path) -> None:
    out = tmp_path / "charges.parquet"

    piecewise.write(charges, "charges", KEY, out, rows_of="charges")

    by = ", ".join(KEY)
    wanted = charges.execute(f"select * from charges order by {by}").fetchall()
    assert duckdb.execute(f"from read_parquet('{out}')").fetchall() == wanted
    assert pq.ParquetFile(out).metadata.num_row_groups > 4


def test_the_same_rows_give_the_same_bytes_in_whatever_order_they_are_stored(
    charges, small_pieces, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.parquet", tmp_path / "second.parquet"
    piecewise.write(charges, "charges", KEY, first, rows_of="charges")
    charges.execute("create or replace table charges as from charges order by hash(charge_id || 'again')")

    piecewise.write(charges, "charges", KEY, second, rows_of="charges")

    assert first.read_bytes() == second.read_bytes()


def test_a_row_that_names_no_file_stops_the_writing_and_leaves_nothing(charges, small_pieces, tmp_path: Path) -> None:
    charges.execute("update charges set source_file = null where source_row = 7 and source = 'vendor'")

    with pytest.raises(CuadreError, match="gave 60 rows by the files they name, and charges has 61"):
        piecewise.write(charges, "charges", KEY, tmp_path / "charges.parquet", rows_of="charges")

    assert list(tmp_path.iterdir()) == []


def test_no_rows_give_a_file_with_columns_and_no_rows(charges, tmp_path: Path) -> None:
    charges.execute("delete from charges")

    piecewise.write(charges, "charges", KEY, tmp_path / "charges.parquet", rows_of="charges")

    assert pq.read_table(tmp_path / "charges.parquet").num_rows == 0
    assert pq.read_table(tmp_path / "charges.parquet").column_names[0] == "close_period"


def test_short_files_are_gathered_and_long_ones_cut(small_pieces) -> None:
    files = [
        File("aws", "a", 1, 4, 4),
        File("aws", "b", 1, 6, 6),
        File("aws", "c", 1, 25, 25),
        File("gcp", "d", 1, 3, 3),
    ]

    assert list(piecewise.pieces(files)) == [
        Piece("aws", "a", "b", 1, 6),
        Piece("aws", "c", "c", 1, 9),
        Piece("aws", "c", "c", 10, 18),
        Piece("aws", "c", "c", 19, 25),
        Piece("gcp", "d", "d", 1, 3),
    ]


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(1, 9), st.integers(0, 400_000), st.integers(1, 3)),
        min_size=1,
        max_size=12,
    )
)
def test_every_line_of_every_file_lies_in_exactly_one_piece(drawn) -> None:
    stated = sorted({(source, number): (rows, times) for source, number, rows, times in drawn}.items())
    files = [File(s, f"{s}/{n}", 1, rows + 1, (rows + 1) * times) for (s, n), (rows, times) in stated]

    found = list(piecewise.pieces(files))

    for file in files:
        mine = [p for p in found if p.source == file.source and p.first_file <= file.name <= p.last_file]
        assert mine[0].first_row == file.first_row and mine[-1].last_row >= file.last_row
        assert all(after.first_row == before.last_row + 1 for before, after in pairwise(mine))
