"""What a checklist is made of, and what judging it says.

Lives here: frozen data classes and their vocabulary. Does not: any rule (expectations), nor how one is judged (judge).
Great Expectations is not imported here, so that a process that only shows verdicts does not pay for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from orchestration.errors import Fault
from orchestration.floors import Floor

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

Severity = Literal["block", "warn", "report"]
SEVERITIES: tuple[Severity, ...] = ("block", "warn", "report")
STAGES = (1, 2, 3, 4, 5, 6)
CAUSES = {
    "MO": "mano de obra",
    "ME": "método",
    "MQ": "máquina",
    "MT": "materiales (datos)",
    "MD": "medición",
    "MA": "medio ambiente (proveedor, regulación)",
    "MG": "management",
    "AU": "automatización",
}
OWNERS = ("data_team", "billing_analyst", "finance_lead", "sales_operations", "provider_manager", "tax_lead")


@dataclass(frozen=True)
class Item:
    """One line of a checklist that a controller could sign."""

    item_id: str
    expectation: Expectation
    title_es: str
    title_pt: str
    title_en: str
    why: str
    stage: int
    cause_7m: str
    owner_role: str
    severity: Severity
    remedy: str
    priced_by: tuple[str, str] | None = None
    """Amount and currency expressions: the money of the rows that fail is summed per currency and shown."""


@dataclass(frozen=True)
class Suite:
    """One checklist over one relation of one floor."""

    floor: Floor
    name: str
    relation: str
    """`schema.table` in the database being judged."""
    items: tuple[Item, ...]
    source: str | None = None
    may_be_empty: bool = False
    """Whether a relation without rows is a fact (nothing was delivered) and not a loss."""


@dataclass(frozen=True)
class ItemResult:
    """One item, judged once, in one run: a row of `fct_checklist_item`, in its column order, and the remedy."""

    run_id: str
    judged_at: datetime
    close_period: str
    floor: str
    suite: str
    item_id: str
    title_es: str
    title_pt: str
    title_en: str
    why: str
    stage: int
    cause_7m: str
    owner_role: str
    severity: str
    source: str | None
    country: str | None
    passed: bool
    evaluated_count: int
    failed_count: int
    observed: str
    expected: str
    evidence_path: str | None
    remedy: str


@dataclass(frozen=True)
class Verdict:
    """What a floor's checklists said. Passed only when every blocking item was judged and held."""

    floor: str
    close_period: str
    run_id: str
    items: tuple[ItemResult, ...]

    @property
    def blocking(self) -> tuple[ItemResult, ...]:
        """The failed items that keep the floor shut."""
        return tuple(item for item in self.items if item.severity == "block" and not item.passed)

    @property
    def passed(self) -> bool:
        """Whether something was judged and nothing blocks."""
        return bool(self.items) and not self.blocking

    def faults(self, place: str) -> list[Fault]:
        """The failed blocking items as faults of what was judged, for the folder of what was refused."""
        return [
            Fault(item.evidence_path or place, f"{item.item_id}: {item.title_en}, {item.observed}", item.remedy)
            for item in self.blocking
        ]

    @property
    def refused_reason(self) -> str:
        """Item ids, counts and remedies, one line each; empty when passed."""
        if not self.items:
            return f"The {self.floor} gate of {self.close_period} judged nothing: it has no checklist."
        if self.passed:
            return ""
        lines = [f"The {self.floor} gate of {self.close_period} refused:"]
        for item in self.blocking:
            where = f" Rows: {item.evidence_path}." if item.evidence_path else ""
            lines.append(f"  {item.item_id}: {item.title_en}. {item.observed}.{where} {item.remedy}")
        return "\n".join(lines)
