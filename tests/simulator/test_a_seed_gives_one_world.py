"""The simulator is a function of its arguments, and shares nothing with the detectors."""

import ast
import csv
import hashlib
import sys
import tracemalloc
from pathlib import Path

import pytest

import orchestration.simulator as simulator
from orchestration.simulator import simulate

WORLD = {"months": 2, "subscriptions": 60, "leak_rate": 0.3}


def bytes_of(home: Path) -> dict[str, str]:
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    simulate(tmp_path / "one", seed=5, **WORLD)
    simulate(tmp_path / "two", seed=5, **WORLD)
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")


def test_another_seed_writes_another_world(tmp_path):
    simulate(tmp_path / "one", seed=5, **WORLD)
    simulate(tmp_path / "two", seed=6, **WORLD)
    assert bytes_of(tmp_path / "one") != bytes_of(tmp_path / "two")


def test_a_second_run_replaces_the_first_and_leaves_nothing_of_it(tmp_path):
    simulate(tmp_path / "fresh", seed=6, **WORLD)
    simulate(tmp_path / "again", seed=5, **WORLD)
    simulate(tmp_path / "again", seed=6, **WORLD)
    assert bytes_of(tmp_path / "again") == bytes_of(tmp_path / "fresh")


def test_deliveries_that_nobody_simulated_are_never_replaced(tmp_path):
    real = tmp_path / "inbox" / "erp" / "2026-09" / "invoices.csv"
    real.parent.mkdir(parents=True)
    real.write_text("company_id\n")
    with pytest.raises(FileExistsError, match="not written by a simulation"):
        simulate(tmp_path, seed=1, subscriptions=5)
    assert real.exists()


def test_clean_months_have_an_empty_truth(tmp_path):
    made = simulate(tmp_path, seed=5, months=2, subscriptions=60)
    assert made.truths == 0
    assert (tmp_path / "truth.csv").read_text().count("\n") == 1


def test_every_class_can_be_seeded_and_only_wanted_ones_are(tmp_path):
    simulate(tmp_path / "all", seed=1, months=3, subscriptions=2000, leak_rate=0.15)
    assert {row["class_code"] for row in truth(tmp_path / "all")} == set(simulator.leaks.CLASSES)
    simulate(tmp_path / "two", seed=1, subscriptions=200, leak_rate=0.5, classes=["EX03", "PR01"])
    assert {row["class_code"] for row in truth(tmp_path / "two")} == {"EX03", "PR01"}


def test_a_class_that_nobody_can_seed_is_refused_by_name(tmp_path):
    with pytest.raises(ValueError, match="cannot seed ZZ99"):
        simulate(tmp_path, seed=1, classes=["ZZ99"])


def test_the_simulator_imports_only_the_standard_library_polars_and_itself():
    allowed = {*sys.stdlib_module_names, "polars"}
    for path in Path(simulator.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] in allowed or name.startswith("orchestration.simulator"), (
                    f"{path.name} imports {name}"
                )


def truth(home: Path) -> list[dict[str, str]]:
    with (home / "truth.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_memory_does_not_grow_with_the_number_of_subscriptions(tmp_path):
    def peak(subscriptions: int) -> int:
        tracemalloc.start()
        simulate(tmp_path / str(subscriptions), seed=5, subscriptions=subscriptions, leak_rate=0.1)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    peak(100)  # the first run fills caches and imports
    assert peak(2000) < 1.5 * peak(400)
