"""The gate table: every item's last verdict, kept apart from any run.

Lives here: writing, reading and asking it. Does not: judge. One JSON file per suite, so that a floor judged again
replaces exactly what it judged; same verdict, same bytes.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from orchestration.floors import JUDGED, Floor
from orchestration.quality.model import ItemResult, Verdict
from orchestration.settings import Paths

_COLUMNS = tuple(field.name for field in dataclasses.fields(ItemResult) if field.name != "remedy")
_SCHEMA = {
    **dict.fromkeys(_COLUMNS, pl.String),
    "judged_at": pl.Datetime("us"),
    "stage": pl.String,
    "passed": pl.Boolean,
    "evaluated_count": pl.Int64,
    "failed_count": pl.Int64,
}


def write_items(paths: Paths, verdict: Verdict) -> list[Path]:
    """Keep a verdict: each suite's file replaces what that suite said before about the period."""
    suites: dict[str, list[ItemResult]] = {}
    for item in verdict.items:
        suites.setdefault(item.suite, []).append(item)
    written = []
    for suite, items in sorted(suites.items()):
        path = _folder(paths, verdict.close_period, verdict.floor) / f"{suite}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [dataclasses.asdict(item) | {"judged_at": item.judged_at.isoformat()} for item in items]
        part = path.with_suffix(".part")
        part.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        part.replace(path)
        written.append(path)
    return written


def forget_items(paths: Paths, period: str, floor: Floor) -> None:
    """Drop a floor's verdicts on a period, before it is judged anew with other suites."""
    for path in _folder(paths, period, floor).glob("*.json"):
        path.unlink()


def load_items(paths: Paths, period: str) -> pl.DataFrame:
    """Every item of a period, in the columns of `fct_checklist_item`, ordered by floor, suite and place in the suite."""
    rows = [row for floor in JUDGED for row in _rows(paths, period, floor)]
    for row in rows:
        row["judged_at"] = datetime.fromisoformat(row["judged_at"]).replace(tzinfo=None)
        row["stage"] = str(row["stage"])
    return pl.DataFrame([{name: row[name] for name in _COLUMNS} for row in rows], schema=_SCHEMA)


def kept_items(paths: Paths, period: str, floor: Floor, run_id: str) -> tuple[ItemResult, ...]:
    """What a floor's checklists said when `run_id` asked; nothing where they were asked by another run since."""
    rows = [row for row in _rows(paths, period, floor) if row["run_id"] == run_id]
    return tuple(ItemResult(**dict(row, judged_at=datetime.fromisoformat(row["judged_at"]))) for row in rows)


def gate_passed(paths: Paths, period: str, floor: Floor, run_id: str | None = None) -> bool:
    """Whether the floor was judged (in this run, where one is named) and no blocking item failed."""
    rows = _rows(paths, period, floor)
    if run_id is not None:
        rows = [row for row in rows if row["run_id"] == run_id]
    return bool(rows) and all(row["passed"] for row in rows if row["severity"] == "block")


def raw_judged(paths: Paths, period: str, suites: Sequence[str], run_id: str) -> bool:
    """Whether each of these raw checklists already passed what `run_id` names, so that it need not be judged again."""
    rows = [row for row in _rows(paths, period, "raw") if row["run_id"] == run_id and row["suite"] in suites]
    judged = {row["suite"] for row in rows}
    return judged == set(suites) and all(row["passed"] for row in rows if row["severity"] == "block")


def _rows(paths: Paths, period: str, floor: str) -> list[dict[str, Any]]:
    files = sorted(_folder(paths, period, floor).glob("*.json"))
    return [row for file in files for row in json.loads(file.read_text(encoding="utf-8"))]


def _folder(paths: Paths, period: str, floor: str) -> Path:
    return paths.quality / "items" / period / floor
