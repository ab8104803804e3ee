"""The vocabulary of leaks keeps its word: a class names the model that computes it, or the evidence that it waits for.

Lives here: the reference rows themselves. Does not: what any class computes.
"""

from __future__ import annotations

import csv
import re

import pytest

from orchestration.contracts import SOURCES
from orchestration.settings import dbt_project

with (dbt_project() / "seeds/reference/leak_classes.csv").open(encoding="utf-8", newline="") as file:
    CLASSES = list(csv.DictReader(file))

MODELS = {model.stem: model.read_text(encoding="utf-8") for model in (dbt_project() / "models").rglob("*.sql")}

_REF = re.compile(r"ref\('(\w+)'\)")


def names(model: str, code: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a model, or one that it is made from, writes this class."""
    if model in seen or model not in MODELS:
        return False
    text = MODELS[model]
    return f"'{code}'" in text or any(names(above, code, seen | {model}) for above in _REF.findall(text))


def is_read(evidence: str) -> bool:
    """Whether a contract of this version reads `source.table`, or `source.table.column`."""
    source, table, *column = evidence.split(".")
    tables = {each.name: each for each in SOURCES[source].tables} if source in SOURCES else {}
    return table in tables and (not column or column[0] in {each.name for each in tables[table].columns})


def test_there_are_ninety_nine_classes_and_each_code_is_one() -> None:
    assert len({row["code"] for row in CLASSES}) == len(CLASSES) == 99


@pytest.mark.parametrize("row", CLASSES, ids=lambda row: row["code"])
def test_a_class_names_the_model_that_writes_it_or_none(row) -> None:
    code, detector = row["code"], row["detector"]
    if detector == "none":
        written_by = [model for model in MODELS if model.startswith("int_leak") and f"'{code}'" in MODELS[model]]
        assert not written_by, f"{code} is computed by {written_by}: name the model as its detector"
    else:
        assert names(detector, code), f"{code}: {detector} does not write it; name the model that does"


@pytest.mark.parametrize("row", CLASSES, ids=lambda row: row["code"])
def test_a_class_waits_only_for_evidence_that_nothing_delivers(row) -> None:
    missing = row["missing_evidence"].split("; ") if row["missing_evidence"] else []
    assert not (missing and row["detector"] != "none"), f"{row['code']} is computed and says that it cannot be"
    assert [evidence for evidence in missing if is_read(evidence)] == []


@pytest.mark.parametrize("row", CLASSES, ids=lambda row: row["code"])
def test_a_person_is_told_what_to_do_in_three_languages(row) -> None:
    said = [row[f"resolution_{language}"] for language in ("es", "pt", "en")]
    assert len(set(said)) == 3
    assert all(sentence.endswith(".") and len(sentence) > 15 for sentence in said)


@pytest.mark.parametrize("model", sorted(m for m in MODELS if m.startswith("int_leak__") and "_columns(" in MODELS[m]))
def test_a_detector_is_named_by_a_class_or_gathers_others(model) -> None:
    named = {row["detector"] for row in CLASSES}
    assert model in named or "union all" in MODELS[model], f"{model} computes no class of the vocabulary"
