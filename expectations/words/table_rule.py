"""One rule of one table, before the table's checklist adds what all its items share.

Lives here: its data class. Does not: any rule (floors), nor the finished item (orchestration/quality/model.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from great_expectations.expectations.expectation import Expectation

from orchestration.quality.model import Severity


@dataclass(frozen=True)
class TableRule:
    """Name, severity, expectation, title in three languages, why it matters, and what releases a refusal."""

    name: str
    severity: Severity
    expectation: Expectation
    title_es: str
    title_pt: str
    title_en: str
    why: str
    remedy: str
    cause_7m: str = "ME"
    owner_role: str | None = None
    """By default the owner of the table."""
    priced_by: tuple[str, str] | None = None
