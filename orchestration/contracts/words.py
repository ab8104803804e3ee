"""The notation in which contracts list their columns.

Lives here: the parser of a column list, and the columns that every canonical table may carry. Does not: any contract.

One column a line, in the words of the sender:

    charge_type  text! new|renew|credit  = tipo, kind   ~ what its absence means   # note

`!` is required, `!?` required as a column while a row may leave it empty, `a|b` the only values allowed, `=` other header names, `~` what the rows mean when a file lacks the
column altogether, `#` the source of a rule that is not obvious.
"""

from __future__ import annotations

import re
from typing import cast, get_args

from orchestration.contracts.model import Column, Type

SHORT = {"int": "integer", "qty": "quantity", "bool": "boolean", "ccy": "text", "country": "text"}
"""How the published contracts abbreviate a type."""

LINE = re.compile(
    r"(?P<name>\w+)\s+(?P<type>[a-z]+)(?P<required>!?)(?P<blank>(?:(?<=!)\?)?)"
    r"(?:\s+(?P<one_of>[^\s=~#]+))?(?:\s+=\s*(?P<aliases>[\w, ]+?))?"
    r"(?:\s+~\s*(?P<absent>[^#]+?))?(?:\s+#\s*(?P<note>.+))?"
)

COMMON = ("source_system text", "company_id text  # legal entity", "extracted_at timestamp")
"""Every canonical table may carry these."""


def columns(text: str, *, canonical: bool = False) -> tuple[Column, ...]:
    """Reads a column list; `canonical` appends the columns every canonical table may carry."""
    listed = [_column(line) for line in map(str.strip, text.splitlines()) if line]
    names = {column.name for column in listed}
    if len(names) != len(listed):
        raise ValueError(f"a column is listed twice: {sorted(c.name for c in listed)}")
    extra = [_column(line) for line in COMMON if canonical and line.split()[0] not in names]
    return tuple(listed + extra)


def _column(line: str) -> Column:
    match = LINE.fullmatch(line)
    if match is None:
        raise ValueError(f"not a column: {line!r}")
    type_ = SHORT.get(match["type"], match["type"])
    if type_ not in get_args(Type):
        raise ValueError(f"no such type: {line!r}")
    return Column(
        name=match["name"],
        type=cast(Type, type_),
        required=bool(match["required"]),
        may_be_blank=bool(match["blank"]),
        one_of=tuple(match["one_of"].split("|")) if match["one_of"] else (),
        aliases=tuple(alias.strip() for alias in match["aliases"].split(",")) if match["aliases"] else (),
        absent_means=match["absent"],
        note=match["note"] or "",
    )
