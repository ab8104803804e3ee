"""The answer: what was seeded, written beside the inbox and never inside it.

Lives here: one record per seeded leak, and its file. Does not: any amount's formula (leaks).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from orchestration.simulator import calendar
from orchestration.simulator.documents import Document
from orchestration.simulator.files.tables import Csv
from orchestration.simulator.rates import Rates

COLUMNS = ("period", "class_code", "subscription_id", "amount", "currency", "amount_usd", "invoice_id", "unit", "note")


@dataclass(slots=True)
class Truth:
    """One seeded leak. The amount is signed: + the reseller loses."""

    class_code: str
    subscription_id: str
    amount: Decimal
    currency: str
    document: Document | None = None
    """The document whose issue date fixes the dollar rate, and whose number is reported."""
    note: str = ""
    unit: str = ""
    """The atom, where it is not the subscription: a payment, a provider invoice, a file."""


class Truths:
    """truth.csv."""

    def __init__(self, home: Path, rates: Rates):
        self._csv, self._rates = Csv(home / "truth.csv", COLUMNS), rates
        self.count = 0

    def add(self, period: str, truth: Truth) -> None:
        """One row; dollars at the country rule's rate on the document's issue date, else on the month's last day."""
        on = truth.document.issued if truth.document else calendar.last(period)
        self._csv.row(
            {
                "period": period,
                "class_code": truth.class_code,
                "subscription_id": truth.subscription_id,
                "amount": truth.amount,
                "currency": truth.currency,
                "amount_usd": truth.amount / self._per_dollar(truth, on),
                "invoice_id": truth.document.id if truth.document else None,
                "unit": truth.unit or (f"subscription:{truth.subscription_id}" if truth.subscription_id else ""),
                "note": truth.note,
            }
        )
        self.count += 1

    def _per_dollar(self, truth: Truth, on: date) -> Decimal:
        return self._rates.per_dollar(truth.currency, on)

    def close(self) -> None:
        """Finish the file; a clean run leaves the header alone."""
        self._csv.close()
        if not self.count:
            self._csv.path.parent.mkdir(parents=True, exist_ok=True)
            self._csv.path.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
