"""Money is exact: whatever a sender writes as a number is that number, to twelve decimals, rounded half to even."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.contracts import Column, Table
from orchestration.readers import Dialect
from orchestration.readers.values import Rules, decimals, formats, typed

WIDE = Context(prec=200, rounding=ROUND_HALF_EVEN)
UNIT = Decimal(1).scaleb(-12)
COMMON = Rules(".", None, formats("YMD"))
COMMA = Rules(",", ".", formats("DMY"))

digits = st.text("0123456789", min_size=1, max_size=26)
fraction = st.text("0123456789", max_size=30)
sign = st.sampled_from(["", "-", "+"])


def one(text: str, rules: Rules = COMMON) -> tuple[Decimal | None, int]:
    """One cell, and how many values were rounded."""
    found = decimals(pl.Series("x", [text], pl.String), rules)
    return found.values[0], found.rounded


@given(sign, digits, fraction)
def test_any_decimal_text_is_read_exactly(sign: str, whole: str, part: str) -> None:
    text = f"{sign}{whole}.{part}" if part else f"{sign}{whole}"
    exact = Decimal(text)
    value, rounded = one(text)
    expected = exact.quantize(UNIT, context=WIDE)
    if abs(expected) >= Decimal(10) ** 26:
        assert value is None, "rounding up to a 27th digit does not fit"
    else:
        assert value == expected
        assert rounded == (expected != exact)


@given(
    sign,
    st.text("0123456789", min_size=1, max_size=12),
    st.text("0123456789", max_size=20),
    st.integers(-40, 13),
    st.sampled_from("eE"),
)
def test_exponents_are_read_exactly(sign: str, whole: str, part: str, power: int, e: str) -> None:
    exact = Decimal(f"{sign}{whole}.{part or 0}e{power}")
    value, rounded = one(f"{sign}{whole}.{part or 0}{e}{power}")
    expected = exact.quantize(UNIT, context=WIDE)
    assert value == expected
    assert rounded == (expected != exact)


@given(st.decimals(min_value=-(10**20), max_value=10**20, places=12, allow_nan=False))
def test_twelve_decimals_survive_the_round_trip(amount: Decimal) -> None:
    assert one(format(amount, "f")) == (amount, 0)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_a_double_is_read_by_its_shortest_decimal_text(double: float) -> None:
    found = decimals(pl.Series("x", [double]), COMMON).values[0]
    assert found == Decimal(repr(double)).quantize(UNIT, context=WIDE)


@given(sign, st.integers(0, 10**15), st.integers(0, 99))
def test_decimal_comma_and_thousands_dot_mean_what_the_dialect_says(sign: str, whole: int, cents: int) -> None:
    text = f"{sign}{whole:,}".replace(",", ".") + f",{cents:02d}"
    assert one(text, COMMA) == (Decimal(f"{sign}{whole}.{cents:02d}"), 0)


@given(st.text(max_size=30))
@settings(max_examples=300)
def test_what_is_not_a_number_is_never_read_as_one(text: str) -> None:
    value, _ = one(text)
    if value is not None:
        bare = text.strip(" \t\r\n\u00a0'")
        assert value == Decimal(bare).quantize(UNIT, context=WIDE)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("'22.000000000000000000", "22"),  # Excel's guard
        ("'0E-20", "0"),
        (" 12.50 ", "12.5"),
        ("\u00a07", "7"),
        ("4.0E-8", "0.00000004"),
        ("-.5", "-0.5"),
        ("1E+2", "100"),
        ("0.0000000000005", "0"),  # half way, to even
        ("0.0000000000015", "0.000000000002"),
        ("99999999999999999999999999.999999999999", "99999999999999999999999999.999999999999"),
    ],
)
def test_the_ways_senders_write_numbers(written: str, read: str) -> None:
    assert one(written)[0] == Decimal(read)


@pytest.mark.parametrize(
    "written", ["1,5", "1.234,56", "1 000", "(5)", "NaN", "inf", "1_000", "0x10", "5-", "$5", "9" * 27, "1e26", "-"]
)
def test_what_is_refused_in_the_common_form(written: str) -> None:
    assert one(written)[0] is None


@pytest.mark.parametrize("written", ["12.5", "1,234.50", "1.23,4", "1.2345,6", "1,2,3"])
def test_a_number_that_contradicts_the_dialect_is_refused(written: str) -> None:
    assert one(written, COMMA)[0] is None


def test_whole_numbers_are_whole() -> None:
    column = Column("n", "integer")
    read = typed(pl.Series("n", ["7", "7.0", "-3", "7.5", "9223372036854775808"]), column, COMMON).values.to_list()
    assert read == [7, 7, -3, None, None]


STAMPS = Table("s", "t", "g", 1, (Column("at", "timestamp"),))


@pytest.mark.parametrize(
    ("order", "written", "read"),
    [
        (None, "2026-09-01T10:00:00Z", "2026-09-01 10:00:00"),
        (None, "2026-09-01 10:00:00", "2026-09-01 10:00:00"),
        (None, "2026-09-01T10:00:00.000Z", "2026-09-01 10:00:00"),
        (None, "2021-05-20T18:30:06.6045692Z", "2021-05-20 18:30:06.604569"),  # Microsoft writes seven decimals
        (None, "2019-02-04T09:22:40.1767993-08:00", "2019-02-04 17:22:40.176799"),
        (None, "2020-11-10 05:49:32.199000+00:00", "2020-11-10 05:49:32.199"),
        (None, "2020-11-09 23:00:00 UTC", "2020-11-09 23:00:00"),
        (None, "2023-11-13T10:00Z", "2023-11-13 10:00:00"),
        (None, " 2026-09-01 ", "2026-09-01 00:00:00"),
        ("MDY", "9/1/2026", "2026-09-01 00:00:00"),
        ("MDY", "9/30/2026 11:59:00 PM", "2026-09-30 23:59:00"),
        ("MDY", "2026-09-01", "2026-09-01 00:00:00"),
        ("DMY", "1/9/2026", "2026-09-01 00:00:00"),
        ("DMY", "01.09.2026 08:30", "2026-09-01 08:30:00"),
        (None, "9/1/2026", None),
        (None, "2026-02-30", None),
        ("MDY", "13/1/2026", None),
        ("DMY", "1/13/2026", None),
        ("MDY", "9/1/26", None),  # the century would be a guess
    ],
)
def test_dates_are_read_in_the_declared_order_and_turned_to_utc(
    order: str | None, written: str, read: str | None
) -> None:
    rules = Rules.of(STAMPS, Dialect(date_order=order))
    found = typed(pl.Series("at", [written]), STAMPS.columns[0], rules).values
    expected = pl.Series([read], dtype=pl.String).str.to_datetime(time_unit="us")
    assert found.to_list() == expected.to_list()


def test_a_column_may_mix_several_forms() -> None:
    written = ["2026-09-01", "2026-09-01T10:00:00Z", None, "not a date", "9/2/2026", "2026-09-03 00:00:00"]
    found = typed(pl.Series("at", written), Column("at", "date"), Rules.of(STAMPS, Dialect(date_order="MDY"))).values
    assert [str(day) for day in found] == ["2026-09-01", "2026-09-01", "None", "None", "2026-09-02", "2026-09-03"]
