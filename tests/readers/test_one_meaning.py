"""What can be read in two ways is refused, and what may have swallowed rows is told."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.errors import Fault, InputUnusable
from orchestration.readers import Dialect, load_dialect
from orchestration.readers.names import DoubledKey
from orchestration.readers.values import decode

CUR, GCP, CSP = "aws_cur/lines", "gcp_billing/lines", "microsoft_csp_invoice/lines"


def cur(*costs: str) -> str:
    """AWS lines of these costs."""
    return "line_item_usage_account_id,line_item_unblended_cost\n" + "".join(f"1,{cost}\n" for cost in costs)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":2}',
        '{"a":1,"a" : 2}',
        '{"a":1,"a"\t:2}',
        '{"a":"\\u0022:","b":1,"b":2}',
        '{"a":{"b":1,"b":1}}',
        '{"a":[{"b":1,"b":1}]}',
    ],
)
def test_a_key_that_stands_twice_is_no_json(text: str) -> None:
    with pytest.raises(DoubledKey):
        decode(text)


@pytest.mark.parametrize(
    "text", ['{"a":"\\":","b":"a:b"}', '{"a" : 1, "b" :2}', '{"a":{"b":1},"b":{"b":1}}', '[{"a":1},{"a":1}]']
)
def test_text_that_looks_like_a_key_is_none(text: str) -> None:
    assert decode(text) == json.loads(text)


@pytest.mark.parametrize("doubled", ["subtotal", "SubTotal", "SUBTOTAL"])
def test_a_key_twice_in_one_object_or_twice_but_for_its_case_is_refused_by_line(
    refused: Callable, doubled: str
) -> None:
    good = '{"subtotal": 1, "currency": "USD"}'
    bad = f'{{"subtotal": 1, "currency": "USD", "{doubled}": 7}}'
    [fault] = refused(CSP, {"a.jsonl": f"{good}\n{bad}\n{good}\n"})
    assert (fault.line, fault.column) == (2, "subtotal")
    assert "stands twice" in fault.reason


def test_a_key_twice_in_a_branch_is_refused_by_line(refused: Callable) -> None:
    line = '{"cost":1,"currency":"USD","service":{"id":"a","ID":"b"}}'
    [fault] = refused(GCP, {"a.jsonl": line + "\n"})
    assert (fault.line, fault.column) == (1, "id")


def test_a_key_twice_in_a_json_column_is_refused_by_line(refused: Callable) -> None:
    text = 'cost,currency,credits\n1,USD,"[{""amount"":-1,""amount"":-2}]"\n'
    [fault] = refused(GCP, {"gcp.csv": text})
    assert (fault.line, fault.column) == (2, "credits")
    assert "'amount' stands twice" in fault.reason


def test_half_a_letter_is_refused_by_line(refused: Callable) -> None:
    [fault] = refused(CSP, {"a.jsonl": '{"subtotal": 1, "currency": "USD", "x": "\\ud800"}\n'})
    assert fault.line == 1


def test_a_fault_that_shows_half_a_letter_can_be_written_down() -> None:
    assert str(Fault("a.csv", "is odd", "Mend it.", value="x\ud800")).encode()


@pytest.mark.parametrize(
    "name", ["rot13", "base64", "hex", "zlib", "idna", "punycode", "undefined", "unicode_escape", "a\\u0000b"]
)
def test_an_encoding_that_no_text_file_has_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "dialect.toml").write_text(f'encoding = "{name}"')
    with pytest.raises(InputUnusable, match="not an encoding"):
        load_dialect(tmp_path)


@pytest.mark.parametrize("name", ["cp1252", "latin-1", "utf-16", "utf-8-sig", "gb18030"])
def test_encodings_of_text_are_read(deliver: Callable, tmp_path: Path, name: str) -> None:
    (tmp_path / "dialect.toml").write_text(f'encoding = "{name}"')
    read = deliver(CUR, {"a.csv": cur("1", "2").encode(name)}, load_dialect(tmp_path))
    assert sum(read.column("line_item_unblended_cost")) == 3


def test_text_that_ends_in_half_a_letter_is_refused(refused: Callable) -> None:
    [fault] = refused(CUR, {"a.csv": cur("1", "25").encode("utf-16")[:-1]}, Dialect(encoding="utf-16"))
    assert fault.reason == "is not utf-16"


def test_two_members_of_one_name_are_refused(refused: Callable) -> None:
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("a.csv", cur("1"))
            archive.writestr("a.csv", cur("2"))
    [fault] = refused(CUR, {"a.zip": buffer.getvalue()})
    assert (fault.reason, fault.value) == ("holds 2 files of the same name", "a.csv")


def test_the_bound_of_an_archive_counts_all_its_members(refused: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four members of 0.4 MB each: none of them is past the bound of one megabyte, all of them are."""
    monkeypatch.setattr("orchestration.readers.streams.BOMB_FLOOR", 1 << 20)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in "abcd":
            archive.writestr(f"{name}.csv", cur("1") + "\n" * 400_000)
    faults = refused(CUR, {"a.zip": buffer.getvalue()})
    assert any("unpacks to more than" in fault.reason for fault in faults)


def test_an_archive_of_very_many_members_is_refused(refused: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.readers.streams.MOST_MEMBERS", 2)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in "abc":
            archive.writestr(f"{name}.csv", cur("1"))
    [fault] = refused(CUR, {"a.zip": buffer.getvalue()})
    assert "holds 3 files" in fault.reason


def test_amounts_that_no_money_column_can_add_up_are_refused(refused: Callable) -> None:
    [fault] = refused(CUR, {"a.csv": cur(*["9" * 26] * 3)})
    assert fault.column == "line_item_unblended_cost"
    assert "add up to more than 26 digits" in fault.reason


def test_sums_of_more_than_28_digits_are_kept_exactly(deliver: Callable) -> None:
    """Python rounds a sum to 28 digits unless told otherwise: this one has 20 before the point and 12 behind."""
    large = "12345678901234567890.000000000001"
    read = deliver(CUR, {"a.csv": cur(large, "1"), "b.csv": cur("1")})
    assert read.report.files[0].amount_totals == {"USD": Decimal("12345678901234567891.000000000001")}


def test_a_cell_that_swallowed_lines_is_told(deliver: Callable) -> None:
    """Three lines of 1, 2 and 4 dollars; a mark that was never meant makes one row of the first two."""
    text = 'line_item_usage_account_id,mine,line_item_unblended_cost\n1,"a,1\n1,b",2\n1,c,4\n'
    read = deliver(CUR, {"a.csv": text})
    assert sum(read.column("line_item_unblended_cost")) == 6
    assert "a.csv: line 2: the cell spans 2 lines (column mine)" in read.report.notes


def test_a_cell_of_very_many_characters_is_told_but_json_is_not(deliver: Callable) -> None:
    long, tags = "x" * 5000, json.dumps({"tag": "y" * 5000}).replace('"', '""')
    read = deliver(
        CUR, {"a.csv": cur("1,").replace("cost\n", "cost,mine,tags\n").replace("1,1,\n", f'1,1,{long},"{tags}"\n')}
    )
    assert [note for note in read.report.notes if "characters" in note] == [
        "a.csv: line 2: the cell holds 5000 characters (column mine)"
    ]


def parquet(tmp_path: Path, **columns: pa.Array) -> Path:
    """An AWS file of one line, some of its columns of other types."""
    path = tmp_path / "odd.parquet"
    pq.write_table(pa.table({"line_item_usage_account_id": ["1"], "line_item_unblended_cost": ["1"]} | columns), path)
    return path


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
@pytest.mark.parametrize("year", [-5000, 500, 10_000, 200_000])
def test_a_time_beyond_the_years_of_four_digits_is_refused_by_column(
    refused: Callable, tmp_path: Path, unit: str, year: int
) -> None:
    stored = int((year - 1970) * 365.2425) * 86_400 * {"s": 1, "ms": 10**3, "us": 10**6}[unit]
    when = pa.array([stored], pa.int64()).cast(pa.timestamp(unit))
    [fault] = refused(CUR, {"a.parquet": parquet(tmp_path, line_item_usage_start_date=when)})
    assert (fault.line, fault.column) == (1, "line_item_usage_start_date")
    assert "between the years 1000 and 9999" in fault.reason


@pytest.mark.parametrize(
    "cell",
    [
        pa.array([timedelta(days=1)]),
        pa.array([1], pa.int64()).cast(pa.time64("us")),
        pa.array([19_000], pa.int32()).cast(pa.date32()),
        pa.array([True]),
    ],
)
def test_money_of_another_type_is_refused_by_column(refused: Callable, tmp_path: Path, cell: pa.Array) -> None:
    [fault] = refused(CUR, {"a.parquet": parquet(tmp_path, line_item_unblended_cost=cell)})
    assert (fault.line, fault.column) == (1, "line_item_unblended_cost")
    assert "not of the type money" in fault.reason


def test_durations_and_far_dates_that_nobody_asked_for_are_kept_as_text(deliver: Callable, tmp_path: Path) -> None:
    far = pa.array([2**31 - 1], pa.int32()).cast(pa.date32())
    read = deliver(CUR, {"a.parquet": parquet(tmp_path, mine=pa.array([timedelta(days=1)]), far=far)})
    assert read.frame.select("mine", "far").rows() == [("P1D", str(2**31 - 1))]
