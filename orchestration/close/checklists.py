"""Which checklists there are and what each of them judges, known without importing Great Expectations.

Lives here: the list, kept beside dbt's manifest and made anew when a rule changed. Does not: any rule (expectations), nor judging
(quality). Dagster wants to know its checks before anything runs, and importing the rules takes seconds.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestration.contracts import SOURCES
from orchestration.floors import IN_WAREHOUSE
from orchestration.settings import Paths
from orchestration.warehouse.transform import rules_version


@dataclass(frozen=True)
class Checklist:
    """One suite of a floor, as far as it is known before it judges."""

    floor: str
    suite: str
    relation: str
    """`schema.table` that it judges."""
    items: int
    blocking: int
    """How many of its items keep the floor shut when they fail."""


def of_floor(paths: Paths, floor: str) -> tuple[Checklist, ...]:
    """The checklists of one floor, in the order in which they judge."""
    file = paths.dbt_target / "checklists.json"
    mark = hashlib.sha256(f"{rules_version()} {SOURCES!r}".encode()).hexdigest()
    known = _kept(file, mark) or _listed(file, mark)
    return tuple(one for one in known if one.floor == floor)


def _kept(file: Path, mark: str) -> list[Checklist]:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [Checklist(**one) for one in kept["checklists"]] if kept["rules"] == mark else []


def _listed(file: Path, mark: str) -> list[Checklist]:
    found = [
        Checklist(
            floor, suite.name, suite.relation, len(suite.items), sum(item.severity == "block" for item in suite.items)
        )
        for floor in IN_WAREHOUSE  # the raw floor has one checklist a table and needs no list
        for suite in importlib.import_module(f"expectations.floors.{floor}").suites()
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    unfinished.write_text(json.dumps({"rules": mark, "checklists": [asdict(one) for one in found]}), encoding="utf-8")
    unfinished.replace(file)
    return found
