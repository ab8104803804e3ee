"""The vocabulary of leaks keeps its word: a class names the model that computes it, or says why none does.

Lives here: the reference rows themselves. Does not: what any class computes.
"""

from __future__ import annotations

import csv

import pytest

from orchestration.settings import dbt_project

with (dbt_project() / "seeds/reference/leak_classes.csv").open(encoding="utf-8", newline="") as file:
    CLASSES = list(csv.DictReader(file))

MODELS = {model.stem: model.read_text(encoding="utf-8") for model in (dbt_project() / "models").rglob("*.sql")}


def test_there_are_ninety_nine_classes_and_each_code_is_one() -> None:
    assert len({row["code"] for row in CLASSES}) == len(CLASSES) == 99


@pytest.mark.parametrize("row", CLASSES, ids=lambda row: row["code"])
def test_a_class_names_a_model_that_exists_or_says_why_none_computes_it(row) -> None:
    detector = row["detector"]
    if detector.startswith("int_"):
        assert detector in MODELS, f"{row['code']}: {detector} is not a model; name the one that computes it"
    else:
        assert detector.startswith(("none: ", "checklists of the gates"))


@pytest.mark.parametrize("row", CLASSES, ids=lambda row: row["code"])
def test_a_person_is_told_what_to_do_in_three_languages(row) -> None:
    said = [row[f"resolution_{language}"] for language in ("es", "pt", "en")]
    assert len(set(said)) == 3
    assert all(sentence.endswith(".") and len(sentence) > 15 for sentence in said)


@pytest.mark.parametrize("model", sorted(name for name in MODELS if name.startswith("int_leak__")))
def test_a_detector_is_named_by_a_class_or_gathers_others(model) -> None:
    named = {row["detector"] for row in CLASSES}
    assert model in named or "union all" in MODELS[model], f"{model} computes no class of the vocabulary"
