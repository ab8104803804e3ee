"""Whatever text a sender puts into cells comes out again, row by row, wherever the pieces are cut."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.readers import Dialect, delimited

cells = st.text(st.characters(codec="utf-8", exclude_characters="\ufeff"), max_size=8) | st.text(
    "\",;\n\r' a0", max_size=6
)
tables = st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=12)


@given(tables, st.sampled_from(["\n", "\r\n"]), st.sampled_from([",", ";", "\t"]), st.integers(8, 64), st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_text_survives_any_cut(table: list[list[str]], end: str, mark: str, size: int, quoted: bool) -> None:
    if not quoted:  # Python's writer leaves a lone carriage return bare, which no reader could tell from a line end
        table = [[cell.replace("\r", "") for cell in row] for row in table]
    buffer = io.StringIO()
    writer = csv.writer(
        buffer, delimiter=mark, lineterminator=end, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    )
    writer.writerow(["one", "two", "three"])
    writer.writerows(table)
    content = buffer.getvalue().encode()
    blocks = [content[at : at + size] for at in range(0, len(content), size)]
    with pytest.MonkeyPatch.context() as small:
        small.setattr(delimited, "PIECE", size)
        small.setattr(delimited, "START", 40)
        read = list(delimited.batches(iter(blocks), "f.csv", Dialect(delimiter=mark), ()))
    rows = [row for batch in read for row in batch.frame.rows()]
    assert rows == [tuple(cell or None for cell in row) for row in table]
    starts = [batch.first_row for batch in read]
    assert starts == [1 + sum(batch.frame.height for batch in read[:at]) for at in range(len(read))]
