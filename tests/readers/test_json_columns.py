"""Objects taken apart together say what each says alone.

Lives here: the columns of JSON objects against a plain reading of one object after the other. Does not: files (test_providers).
"""

from __future__ import annotations

import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from orchestration.contracts import SOURCES
from orchestration.readers.names import vocabulary
from orchestration.readers.nested import Columns
from orchestration.readers.values import decode

GOOGLE = SOURCES["gcp_billing"].tables[0]
WORDS = vocabulary(GOOGLE)

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**25), 10**25),
    st.decimals(allow_nan=False, allow_infinity=False, places=15),
    st.text(st.characters(codec="utf-8", exclude_characters="\ue000"), max_size=4),
)
values = st.one_of(scalars, st.lists(scalars, max_size=2))
fields = st.fixed_dictionaries({}, optional={"id": values, "description": values, "odd": values})
objects = st.fixed_dictionaries(
    {},
    optional={
        "cost": values,
        "currency": values,
        "service": st.one_of(fields, st.none()),
        "sku": fields,
        "service_id": values,
        "unheard of": values,
    },
)


def written(value: object) -> str:
    """JSON with every decimal as it is, which the standard library cannot write."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    return f"{value:f}" if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def alone(item: dict, prefix: str = "") -> dict[str, str | None]:
    """One object's cells, by the rules as they are told: the first leaf that says something gives a name its cell."""
    cells: dict[str, str | None] = {}
    for key, value in item.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict) and WORDS.is_branch(path):
            found = alone(value, f"{path}.")
        else:
            text = value if value is None or isinstance(value, str) else written(value)
            found = {WORDS.name(path): text or None}
        for name, cell in found.items():
            cells[name] = cells.get(name) or cell
    return cells


@given(st.lists(objects, min_size=1, max_size=30), st.integers(1, 7))
def test_columns_say_of_every_object_what_it_says_alone(items, together) -> None:
    columns = Columns(WORDS)
    read = [decode(written(item)) for item in items]
    for start in range(0, len(read), together):
        columns.add(read[start : start + together])

    cells = {name: series.to_list() for name, series in columns.series().items()}

    one_by_one = [alone(item) for item in items]
    assert {name for row in one_by_one for name in row} == set(cells)
    assert cells == {name: [row.get(name) for row in one_by_one] for name in cells}


def test_an_absent_leaf_says_what_the_contract_says_and_a_null_says_nothing() -> None:
    columns = Columns(WORDS, {"currency": "USD"})
    columns.add([{"cost": "1"}, {"cost": "2", "currency": None}, {}, {"cost": "3", "currency": "PEN"}])

    assert columns.series()["currency"].to_list() == ["USD", None, None, "PEN"]


def test_a_number_keeps_every_digit_it_was_written_with() -> None:
    line = b'{"cost": 0.1234567890123456789012, "credits": [{"amount": -1.10}], "project": {"number": 123456789012345678901234}}'
    columns = Columns(WORDS)
    columns.add([decode(line)])

    cells = {name: series.to_list()[0] for name, series in columns.series().items()}

    assert cells == {
        "cost": "0.1234567890123456789012",
        "credits": '[{"amount":-1.10}]',
        "project_number": "123456789012345678901234",
    }
