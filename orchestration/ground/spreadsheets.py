"""Text that a spreadsheet opens as text: the one guard against formulas, and the one writer of CSV files for people.

Lives here: what a spreadsheet would run, and how that is disarmed. Does not: choosing what is written.

A file of ours is opened by programs that cut it otherwise than we wrote it: an Excel in Spanish or Portuguese cuts at `;` and takes no
notice of our quotation marks, others cut at tabs or `|`. So a formula is disarmed wherever any of them would see a cell begin, behind
whatever blanks, and in every form of its sign. The library defusedcsv (3.0) looks at a cell's first character alone.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

SIGNS = "=+-@" + "＝﹦⁼₌⩵⩶＋﹢⁺₊﬩－﹣⁻₋−＠﹫"
"""What opens a formula, and the characters that some spreadsheets read as one of those."""

SEPARATORS = ";|\t\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""Where another program may begin a new cell or a new row. Commas are ours: what holds one is quoted."""

BLANKS = '"\u115f\u1160\u2800\u3164\uffa0' + "".join(
    sign
    for sign in map(chr, (*range(0x3001), 0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB))
    if unicodedata.category(sign) in {"Cc", "Cf", "Zs", "Zl", "Zp"} and sign not in SEPARATORS
)
"""What may stand before a sign without being seen: blanks, controls, marks of direction, and quotation marks."""

_SKIPPED = re.escape(SEPARATORS + BLANKS)
_RUN = re.compile(f"(?<![{_SKIPPED}])[{_SKIPPED}]+(?=[{re.escape(SIGNS)}])")
_OPENING = re.compile(f"[{_SKIPPED}]*(?=[{re.escape(SIGNS)}])")
_HARMLESS = re.compile(f"(?![\t\r\n])[^{re.escape(SIGNS)}]*|[^{re.escape(SIGNS)}{_SKIPPED}][^{_SKIPPED}]*")
"""Nearly every cell: without any sign, or one word that does not begin with one."""
_A_SEPARATOR = re.compile(f"[{SEPARATORS}]")
_NUMBER = re.compile(
    rf"[-+](?:[0-9]+|[0-9]{{1,3}}(?:[.,][0-9]{{3}})+)(?:[.,][0-9]+)?(?:[eE][-+]?[0-9]{{1,3}})?(?=[{re.escape(BLANKS)}]*(?:\Z|[{SEPARATORS}]))"
)


def safe_cell(value: object) -> str:
    """A value as text that no spreadsheet runs: an apostrophe before each sign that would open a formula. Numbers stay numbers.

    Safe text comes back as it is, so that doing it twice changes nothing more. Linear in the length of the text.
    """
    text = "" if value is None else str(value)
    if _HARMLESS.fullmatch(text):
        return text
    text = _RUN.sub(
        lambda run: run[0] + _mark(text, run) if run.start() and _A_SEPARATOR.search(run[0]) else run[0], text
    )
    if (opening := _OPENING.match(text)) is not None:
        text = opening[0] + _mark(text, opening) + text[opening.end() :]
    return "'" + text if text[:1] in {"\t", "\r", "\n"} else text


def write_csv(
    file: Path, header: Iterable[object], rows: Iterable[Iterable[object]], *, encoding: str = "utf-8"
) -> Path:
    """Write rows for a person to open, each cell safe, whole or not at all. Returns the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(file.name + ".part")
    # What has no form in Unicode, such as half of a file name's bytes, is shown by its number instead of ending the run.
    with unfinished.open("w", encoding=encoding, errors="backslashreplace", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([safe_cell(name) for name in header])
        writer.writerows([safe_cell(value) if value else value for value in row] for row in rows)
    return unfinished.replace(file)


def _mark(text: str, before: re.Match[str]) -> str:
    return "" if _NUMBER.match(text, before.end()) else "'"
