"""A small month written by a test: a few rows of each extract, reconciled by the real models.

Lives here: the shape of a licence subscription, its charges and its invoices as extracts, and the building of the floors.
Does not: any expectation.
"""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from orchestration.close import steps
from orchestration.close.identity import identify
from orchestration.contracts import SOURCES
from orchestration.intake import receive
from orchestration.settings import Paths
from orchestration.warehouse import database, transform

PERIOD = "2026-09"
RATES = Path(__file__).parents[2] / "conformance" / "inbox" / "fx"
COUNTRIES = {"PE": ("PEN", 2), "CL": ("CLP", 0), "AR": ("ARS", 2), "CO": ("COP", 2), "BR": ("BRL", 2)}
ISSUED = date(2026, 9, 23)
RATE = {"PE": "3.5007", "CL": "969.7448", "AR": "1379.1325", "CO": "3953.7805", "BR": "5.6102"}
"""What each country's rule says on 23 September, from the conformance month's rates."""


@dataclass
class Month:
    """Rows by `source/table`; every extract has the columns that its rows name."""

    rows: dict[str, list[dict[str, object]]] = field(default_factory=lambda: defaultdict(list))

    def customer(self, customer_id: str, country: str, **more: object) -> None:
        row = {
            "customer_id": customer_id,
            "legal_name": customer_id,
            "country": country,
            "fiscal_id": f"X{customer_id}",
        }
        self.rows["crm/customers"].append(row | {"status": "active"} | more)
        self.rows["crm/contracts"].append(
            {
                "contract_id": f"K{customer_id}",
                "customer_id": customer_id,
                "start_date": "2025-01-01",
                "status": "active",
            }
            | {"currency": "USD", "country": country}
        )

    def subscription(self, subscription_id: str, customer_id: str, **terms: object) -> None:
        """A licence of the vendor Atalaya at a price per unit, unless `terms` say otherwise."""
        row = {"subscription_id": subscription_id, "contract_id": f"K{customer_id}", "customer_id": customer_id}
        row |= {"provider": "atalaya", "provider_subscription_id": f"L-{subscription_id}", "product_code": "AT-1"}
        row |= {"family": "cybersecurity", "price_basis": "per_unit", "price_period": "month", "currency": "USD"}
        row |= {
            "billing_frequency": "monthly",
            "start_date": "2025-01-01",
            "valid_from": "2025-01-01",
            "status": "active",
        }
        self.rows["crm/subscriptions"].append(row | terms)

    def charge(
        self, licence: str, quantity: object, starts: date, ends: date, cost: object, kind: str = "cycle"
    ) -> None:
        """One line of Atalaya's file; `ends` is inclusive."""
        lines = self.rows["vendor/licence_charges"]
        row = {"vendor": "atalaya", "invoice_id": "AT1", "line_no": len(lines) + 1, "licence_id": licence}
        row |= {"product_code": "AT-1", "charge_type": kind, "quantity": quantity, "unit_price": 1, "amount": cost}
        lines.append(row | {"currency": "USD", "period_from": starts, "period_to": ends})

    def invoice(
        self, invoice_id: str, customer_id: str, country: str, lines: Iterable[Mapping[str, object]], **header: object
    ) -> None:
        """One posted document; each line says subscription_id, quantity, unit_price and net_amount in document currency."""
        lines = list(lines)
        net = sum((Decimal(str(line["net_amount"])) for line in lines), Decimal(0))
        row = {"company_id": f"{country}01", "invoice_id": invoice_id, "doc_class": "invoice", "status": "posted"}
        row |= {"customer_id": customer_id, "issue_date": ISSUED, "currency": COUNTRIES[country][0], "fx_rate": 1}
        row |= {
            "reference_fx_rate": RATE[country],
            "net_amount": net,
            "tax_amount": 0,
            "total_amount": net,
            "country": country,
        }
        self.rows["erp/invoices"].append(row | {"applies_to_invoice_id": ""} | header)
        for number, line in enumerate(lines, 1):
            key = {"company_id": f"{country}01", "invoice_id": invoice_id, "line_no": number, "product_code": "AT-1"}
            self.rows["erp/invoice_lines"].append(
                key | {"period_from": "2026-09-01", "period_to": "2026-09-30"} | dict(line)
            )

    def write(self, inbox: Path) -> None:
        """Every extract as CSV, and the conformance month's exchange rates."""
        shutil.copytree(RATES, inbox / "fx", dirs_exist_ok=True)
        for name, rows in self.rows.items():
            source, table = name.split("/")
            folder = inbox / source / PERIOD
            folder.mkdir(parents=True, exist_ok=True)
            columns = list(dict.fromkeys(column for row in rows for column in row))
            with (folder / f"{table}.csv").open("w", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="")
                writer.writeheader()
                writer.writerows(rows)


def reconcile(month: Month, home: Path) -> Paths:
    """Take the month in, build the floors up to the reconciled one, and give the home back."""
    shutil.rmtree(home / "inbox", ignore_errors=True)
    paths = Paths(home=home, inbox=home / "inbox")
    month.write(paths.inbox)
    for source in SOURCES.values():
        found = receive.prepare(paths, source, PERIOD)
        if isinstance(found, receive.Candidate):
            receive.accept(paths, found)
    steps.open_warehouse(paths, identify(paths, PERIOD))
    for floor in ("staging", "focus", "reconciled"):
        transform.build_floor(paths, floor, PERIOD)
    return paths


def ask(paths: Paths, question: str) -> list[tuple]:
    """Rows of the built warehouse."""
    with database.open_warehouse(paths, PERIOD, read_only=True) as connection:
        return connection.execute(question).fetchall()


def leaks(paths: Paths) -> dict[str, dict[str, Decimal]]:
    """Dollars by class of each unit's bridge findings, rounding left out."""
    found: dict[str, dict[str, Decimal]] = defaultdict(dict)
    question = "select unit_id, class_code, sum(amount_usd) from reconciled.int_leaks where is_bridge and class_code <> 'BL02' group by all"
    for unit_id, class_code, amount in ask(paths, question):
        found[unit_id.split(":", 1)[1]][class_code] = amount
    return found


__all__ = ["COUNTRIES", "ISSUED", "PERIOD", "RATE", "Month", "ask", "leaks", "reconcile"]
