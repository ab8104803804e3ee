"""One rule of one table, before the table's checklist adds what all its items share."""

from __future__ import annotations

from dataclasses import dataclass

from great_expectations.expectations.expectation import Expectation

from orchestration.quality.model import Severity


@dataclass(frozen=True)
class Entry:
    """Rule, grade, expectation, title in three languages, why it matters, and what releases a refusal."""

    rule: str
    severity: Severity
    expectation: Expectation
    es: str
    pt: str
    en: str
    why: str
    remedy: str
    cause: str = "ME"
    owner: str | None = None
    """By default the owner of the table."""
    priced_by: tuple[str, str] | None = None
