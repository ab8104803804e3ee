"""From what a cell says to the contract's type, exactly.

Lives here: one function per type, from a Polars column of text (or of a typed format) to the typed column, NULL where the
cell cannot be read. Does not: deciding what to do about such a cell.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from itertools import islice

import msgspec
import polars as pl

from orchestration.contracts.model import DECIMALS, Column, Table
from orchestration.readers.dialect import Dialect
from orchestration.readers.names import once

MONEY = pl.Decimal(38, 12)
TYPES: dict[str, pl.DataType] = {
    **dict.fromkeys(DECIMALS, MONEY),
    "integer": pl.Int64(),
    "date": pl.Date(),
    "timestamp": pl.Datetime("us"),
    "boolean": pl.Boolean(),
    "text": pl.String(),
    "json": pl.String(),
}
BOOLEANS = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False, "t": True, "f": False}
MARK = "\ue000"
"""Stands before a number with a fraction or an exponent while JSON is parsed, so that it keeps its digits. Whole numbers are
whole numbers, however long."""
JSON = msgspec.json.Decoder(float_hook=MARK.__add__)
PADDING = " \t\r\n\u00a0'"
"""Around numbers and dates: spaces, and the apostrophe with which Excel guards them."""

CLOCKS = ("%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p")
OLDEST_YEAR, LAST_YEAR = 1000, 9999
"""Anything older is a two-digit year, whose century would be a guess; anything later cannot be written as a date."""
EXACT = Context(prec=76)
"""Adds amounts of 38 digits without rounding them to Python's usual 28."""
ORDERS = {"YMD": "%Y{0}%m{0}%d", "DMY": "%d{0}%m{0}%Y", "MDY": "%m{0}%d{0}%Y"}


@dataclass(frozen=True)
class Rules:
    """How text becomes values in one delivery: the contract's rules with the dialect's on top."""

    decimal: str
    thousands: str | None
    dates: tuple[str, ...]

    @classmethod
    def of(cls, table: Table, dialect: Dialect) -> Rules:
        """The rules of `table` in `dialect`."""
        return cls(dialect.decimal, dialect.thousands, formats(dialect.date_order or table.date_order))


@dataclass(frozen=True)
class Typed:
    """A typed column, and how many of its values lost digits beyond the twelfth decimal."""

    values: pl.Series
    rounded: int = 0


def formats(order: str) -> tuple[str, ...]:
    """Every accepted way of writing a date or timestamp: ISO always, and `order` with its usual separators."""
    local = [ORDERS[order].format(mark) for mark in ("/", ".", "-") if (order, mark) != ("YMD", "-")]
    return (
        *(f"%Y-%m-%d{gap}%H:%M:%S{zone}" for gap in "T " for zone in ("Z", "")),  # the common ones, parsed fastest
        "%Y-%m-%d",
        *local,
        *(f"%Y-%m-%d{gap}%H:%M:%S%.f{zone}" for gap in "T " for zone in ("Z", "", "%:z", "%#z", " UTC")),
        *(f"%Y-%m-%dT%H:%M{zone}" for zone in ("Z", "", "%:z")),
        "%Y-%m-%d %H:%M",
        *(f"{day} {clock}" for day in local for clock in CLOCKS),
    )


def typed(series: pl.Series, column: Column, rules: Rules) -> Typed:
    """The column in its contract type; cells that cannot be read are NULL and were not before."""
    if column.type in DECIMALS:
        return decimals(series, rules)
    if column.type == "integer":
        return Typed(_integers(series, rules))
    if column.type in ("date", "timestamp"):
        return Typed(_times(series, rules).cast(TYPES[column.type]))
    if column.type == "boolean":
        return Typed(_booleans(series))
    return Typed(_words(texts(series), column))


def texts(series: pl.Series) -> pl.Series:
    """Any column as text: numbers by their shortest exact text, whole floats without a fraction."""
    if series.dtype == pl.String:
        return series
    if series.dtype.is_float():
        return series.cast(pl.String).str.replace(r"^(-?\d+)\.0$", "$1")
    if series.dtype == pl.Date or isinstance(series.dtype, pl.Datetime):
        written = series.set(~_can_be_written(series), None).dt.to_string("iso:strict")
        return written.fill_null(series.to_physical().cast(pl.String))
    if series.dtype == pl.Duration:
        return series.dt.to_string("iso")
    return series.cast(pl.String)


def decimals(series: pl.Series, rules: Rules) -> Typed:
    """DECIMAL(38,12), rounded half to even beyond the twelfth decimal. A float is read by its shortest decimal text."""
    if series.dtype.is_integer() or isinstance(series.dtype, pl.Decimal) and series.dtype.scale <= MONEY.scale:
        return Typed(series.cast(MONEY, strict=False))
    if series.dtype == pl.Boolean or series.dtype.is_temporal():
        return Typed(pl.Series(series.name, [None] * len(series), MONEY))
    text = series if series.dtype == pl.String else series.cast(pl.String)
    if series.dtype == pl.String and (rules.decimal, rules.thousands) != (".", None):
        text = _pointed(text, rules)
    values = text.cast(MONEY, strict=False)
    if values.null_count() != text.null_count():
        text = text.str.strip_chars(PADDING)
        values = text.cast(MONEY, strict=False)
    return Typed(values, _rounded(text, values))


def _pointed(text: pl.Series, rules: Rules) -> pl.Series:
    """Text of the declared dialect in common form; what does not follow the dialect becomes unreadable, not guessed."""
    mark, group = re.escape(rules.decimal), re.escape(rules.thousands or "")
    whole = rf"(?:\d{{1,3}}(?:{group}\d{{3}})+|\d+)" if group else r"\d+"
    pattern = rf"^[+-]?(?:{whole}(?:{mark}\d*)?|{mark}\d+)(?:[eE][+-]?\d+)?$"
    bare = text.str.strip_chars(PADDING)
    common = bare.str.replace_all(rules.thousands, "", literal=True) if rules.thousands else bare
    common = common.str.replace(rules.decimal, ".", literal=True)
    follows = bare.str.contains(pattern)
    return (
        pl.select(pl.when(follows).then(common).otherwise(pl.when(bare.is_not_null()).then(pl.lit("?"))))
        .to_series()
        .alias(text.name)
    )


def _rounded(text: pl.Series, values: pl.Series) -> int:
    """How many values have more digits than twelve decimals can hold."""
    powers = text.str.contains_any(["e", "E"])
    if not (text.str.len_bytes() > 13).any() and not powers.any():
        return 0  # a point and twelve digits at most
    plain_long = text.str.contains(r"\.\d{12}\d*[1-9]")
    count = int(plain_long.sum() or 0)
    if powers.any():
        some = pl.DataFrame({"text": text, "value": values}).filter(powers & values.is_not_null() & ~plain_long)
        count += sum(Decimal(written) != value for written, value in some.iter_rows())
        also = pl.DataFrame({"text": text, "value": values}).filter(powers & values.is_not_null() & plain_long)
        count -= sum(Decimal(written) == value for written, value in also.iter_rows())
    return count


def _integers(series: pl.Series, rules: Rules) -> pl.Series:
    if series.dtype.is_integer():
        return series.cast(pl.Int64, strict=False)
    values = decimals(series, rules).values
    whole = values.cast(pl.Int64, strict=False)
    return whole.set(whole.cast(MONEY) != values, None)


def _times(series: pl.Series, rules: Rules) -> pl.Series:
    """UTC without a zone, to the microsecond; a date is its midnight."""
    if series.dtype == pl.Date or isinstance(series.dtype, pl.Datetime):
        series = series.set(~_can_be_written(series), None)
    if isinstance(series.dtype, pl.Datetime):
        return (
            series.dt.convert_time_zone("UTC").dt.replace_time_zone(None).dt.cast_time_unit("us")
            if series.dtype.time_zone
            else series.dt.cast_time_unit("us")
        )
    if series.dtype == pl.Date:
        return series.cast(TYPES["timestamp"])
    if series.dtype != pl.String:
        return pl.Series(series.name, [None] * len(series), TYPES["timestamp"])
    values = _with(series, rules.dates)
    if values.null_count() != series.null_count():
        values = values.fill_null(_with(series.set(values.is_not_null(), None).str.strip_chars(PADDING), rules.dates))
    return values


def _can_be_written(series: pl.Series) -> pl.Series:
    """Which dates and times lie in a year of four digits. Asked of the numbers they are stored as: a later one has no parts."""
    per_second = {"ms": 10**3, "us": 10**6, "ns": 10**9}
    day = 86_400 * per_second[series.dtype.time_unit] if isinstance(series.dtype, pl.Datetime) else 1
    epoch, first, last = (
        date(*written).toordinal() for written in ((1970, 1, 1), (OLDEST_YEAR, 1, 1), (LAST_YEAR, 12, 31))
    )
    stored = series.to_physical().cast(pl.Int128)  # nanoseconds of all these years do not fit into 64 bits
    return ((stored >= (first - epoch) * day) & (stored < (last + 1 - epoch) * day)).fill_null(True)


def _with(text: pl.Series, candidates: tuple[str, ...]) -> pl.Series:
    """Reads the column in the format of its first cell, then what is left in the format of the next, and so on."""
    values = pl.Series(text.name, [None] * len(text), TYPES["timestamp"])
    left, untried = text, list(candidates)
    while untried and left.null_count() < len(left):
        first = left.drop_nulls().head(1)
        fitting = list(islice((format_ for format_ in untried if not _stamp(first, format_).null_count()), 1))
        for format_ in fitting or untried:  # a cell in no format: one pass over all of them finds the rest
            found = _stamp(left, format_)
            values = values.fill_null(found)
            left = left.set(found.is_not_null(), None)
        untried = [format_ for format_ in untried if format_ not in fitting] if fitting else []
    return values


def _stamp(text: pl.Series, format_: str) -> pl.Series:
    if format_.endswith("z"):
        found = text.str.to_datetime(format_, time_unit="us", time_zone="UTC", strict=False).dt.replace_time_zone(None)
    elif "%H" in format_ or "%I" in format_:
        found = text.str.to_datetime(format_, time_unit="us", strict=False)
    else:
        found = text.str.to_date(format_, strict=False).cast(TYPES["timestamp"])
    return found.set(found.dt.year() < OLDEST_YEAR, None)


def _booleans(series: pl.Series) -> pl.Series:
    if series.dtype == pl.Boolean:
        return series
    words = texts(series).str.strip_chars(PADDING).str.to_lowercase()
    return words.replace_strict(BOOLEANS, default=None, return_dtype=pl.Boolean)


def _words(text: pl.Series, column: Column) -> pl.Series:
    """Text as it stands, without Excel's guard before digits; one_of in the contract's spelling; JSON that parses."""
    if text.str.starts_with("'").any():
        text = text.str.replace(r"^'([\d.,eE+-]+)$", "$1")
    if column.one_of:
        spelling = {value.lower(): value for value in column.one_of}
        return text.str.strip_chars().str.to_lowercase().replace_strict(spelling, default=None, return_dtype=pl.String)
    if column.type == "json":
        distinct = text.unique().drop_nulls().to_list()
        read = {value: as_json(value) for value in distinct if value != "[]"}
        changed = {value: found for value, found in read.items() if found != value}
        return text.replace_strict(changed, default=text, return_dtype=pl.String) if changed else text
    return text


def as_json(value: str) -> str | None:
    """The text when it is JSON; a Python literal (pandas writes nested BigQuery columns so) as the JSON it means; else None."""
    return value if _is_json(value) else _python_literal(value)


def decode(text: str | bytes) -> object:
    """JSON, with numbers that have a fraction or an exponent as marked text.

    Raises:
        ValueError: it is not JSON; `DoubledKey` where an object has a key twice.
    """
    value = JSON.decode(text)
    raw = text.encode() if isinstance(text, str) else text
    # The decoder keeps the last of two. Written again, a value has as many keys as it had, unless one was there twice.
    is_plain = not any(mark in raw for mark in (b" :", b"\t:", b"\n:", b"\r:", b"\\u0022"))
    if not is_plain or raw.count(b'":') != msgspec.json.encode(value).count(b'":'):
        json.loads(text, object_pairs_hook=once, parse_int=str, parse_float=str)
    return value


def _is_json(value: str) -> bool:
    try:
        decode(value)
    except (ValueError, RecursionError):
        return False
    return True


PYTHON_TOKEN = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\b(?:None|True|False)\b""")


def _python_literal(value: str) -> str | None:
    """Rewrites quotes and constants only, so that every number keeps its digits."""
    words = {"None": "null", "True": "true", "False": "false"}

    def token(match: re.Match[str]) -> str:
        found = match[0]
        if found in words:
            return words[found]
        inner = re.sub(r"""\\(['"])""", r"\1", found[1:-1])
        return json.dumps(inner, ensure_ascii=False)

    rewritten = PYTHON_TOKEN.sub(token, value)
    return rewritten if _is_json(rewritten) else None
