"""How a sender departs from the common rules, when it says so.

Lives here: the declared dialect and its file, `dialect.toml`, beside the delivered files. Does not: any guessing.
"""

from __future__ import annotations

import codecs
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

from orchestration.errors import Fault, InputUnusable, relative_to

FILE = "dialect.toml"


@dataclass(frozen=True)
class Dialect:
    """The common rules, unless a sender declares otherwise."""

    delimiter: str = ","
    decimal: Literal[".", ","] = "."
    thousands: str | None = None
    """The mark between thousands; none by default, because `1.234` and `1,234` would then be ambiguous."""
    date_order: Literal["YMD", "DMY", "MDY"] | None = None
    """None leaves it to the contract. ISO dates are understood in every dialect."""
    encoding: str = "utf-8"
    sheet: str | None = None
    """The worksheet to read; by default the workbook must hold one."""


ALLOWED = {
    "delimiter": {",", ";", "\t", "|"},
    "decimal": {".", ","},
    "thousands": {".", ",", " ", "'", "\u00a0"},
    "date_order": {"YMD", "DMY", "MDY"},
}


def load_dialect(folder: Path, root: Path | None = None) -> Dialect:
    """The dialect declared in `folder`, or the common rules when none is.

    Raises:
        InputUnusable: the file is not TOML, names an unknown setting or an impossible value.
    """
    path = folder / FILE
    if not path.exists():
        return Dialect()
    name = relative_to(path, root or folder)
    try:
        declared = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputUnusable([Fault(name, f"is not TOML: {error}", 'Write lines such as decimal = ",".')]) from error
    known = [field.name for field in fields(Dialect)]
    faults = [
        Fault(name, problem, f"Settings are {', '.join(known)}.", column=key, value=str(value))
        for key, value in declared.items()
        if (problem := _problem(key, value, known))
    ]
    if not faults and declared.get("thousands") == declared.get("decimal", "."):
        faults = [Fault(name, "decimal and thousands are the same mark", "Declare two different marks.")]
    if faults:
        raise InputUnusable(faults)
    return Dialect(**declared)


def _problem(key: str, value: object, known: list[str]) -> str | None:
    if key not in known:
        return "is not a setting"
    if not isinstance(value, str):
        return "must be text"
    if key in ALLOWED and value not in ALLOWED[key]:
        return f"must be one of {sorted(ALLOWED[key])}"
    if key == "encoding":
        try:
            codec = codecs.lookup(value)
        except (LookupError, ValueError):
            return "is not an encoding"
        if not _is_of_text(codec):
            return "is not an encoding that text files have"
    return None


def _is_of_text(codec: codecs.CodecInfo) -> bool:
    """Python also calls ways of packing bytes and of spelling host names encodings."""
    if codec.name in ("idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"):
        return False
    try:
        return "1,5\n".encode(codec.name).decode(codec.name) == "1,5\n"
    except (LookupError, ValueError):
        return False
