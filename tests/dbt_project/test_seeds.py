"""No dead reference data: every seed, column and named row is read by a model or by the code.

Lives here: who reads a seed. Does not: whether its facts are right (each row says how well it was checked).
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from orchestration.settings import PROJECT, dbt_project

WHERE_A_FACT_COMES_FROM = {
    "basis",
    "checked_on",
    "legal_basis",
    "meaning",
    "note",
    "source",
    "status",
    "valid_from_status",
    "unit",
}
"""Columns for the person who checks a row; no figure depends on them."""

READERS = {
    path: path.read_text(encoding="utf-8")
    for path in [
        *(dbt_project() / "models").rglob("*.sql"),
        *(dbt_project() / "macros").rglob("*.sql"),
        *(PROJECT / "orchestration").rglob("*.py"),
    ]
}


def read(seed: Path) -> list[dict[str, str]]:
    with seed.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SEEDS = {seed.stem: read(seed) for seed in sorted((dbt_project() / "seeds").rglob("*.csv"))}


def readers_of(seed: str) -> list[str]:
    return [
        text
        for path, text in READERS.items()
        if (f"ref('{seed}')" in text if path.suffix == ".sql" else f"{seed}.csv" in text or f"seeds.{seed}" in text)
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_column_of_a_seed_is_read(seed: str) -> None:
    readers = readers_of(seed)
    unread = [
        column
        for column in SEEDS[seed][0]
        if column not in WHERE_A_FACT_COMES_FROM and not any(re.search(rf"\b{column}\b", text) for text in readers)
    ]
    assert readers, f"nothing reads the seed {seed}: read it or remove it"
    assert unread == [], f"nothing reads these columns of {seed}: read them or remove them"


@pytest.mark.parametrize(
    ("seed", "column"), [("tolerances", "tolerance"), ("legal_overlay", "rule_code"), ("legal_overlay", "effect")]
)
def test_every_row_that_models_choose_by_name_is_chosen_by_one(seed: str, column: str) -> None:
    readers = readers_of(seed)
    unread = {row[column] for row in SEEDS[seed] if not any(f"'{row[column]}'" in text for text in readers)}
    assert unread == set(), f"no model names these rows of {seed}: read them or remove them"
