"""AWS Cost and Usage Reports: the legacy tree and CUR 2.0, gzip CSV in parts, read by the manifest's list.

Lives here: both layouts. Does not: prices. Legacy months use 'lineItem/UnblendedCost' headers, others 'line_item_unblended_cost'.
Amounts have ten decimals; the partner discount (SppDiscount) and taxes are lines of their own.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

from orchestration.simulator import calendar
from orchestration.simulator.chance import digest, guid
from orchestration.simulator.charges import Charge
from orchestration.simulator.files.tables import Csv
from orchestration.simulator.known import known
from orchestration.simulator.money import ZERO, places
from orchestration.simulator.story import Story

_LEGACY = (
    "identity/LineItemId identity/TimeInterval bill/InvoiceId bill/InvoicingEntity bill/BillingEntity bill/BillType bill/PayerAccountId "
    "bill/BillingPeriodStartDate bill/BillingPeriodEndDate lineItem/UsageAccountId lineItem/LineItemType lineItem/UsageStartDate "
    "lineItem/UsageEndDate lineItem/ProductCode lineItem/UsageType lineItem/Operation lineItem/AvailabilityZone lineItem/ResourceId "
    "lineItem/UsageAmount lineItem/CurrencyCode lineItem/UnblendedRate lineItem/UnblendedCost lineItem/BlendedRate lineItem/BlendedCost "
    "lineItem/LineItemDescription lineItem/TaxType lineItem/LegalEntity product/ProductName pricing/publicOnDemandCost "
    "pricing/publicOnDemandRate pricing/term pricing/unit"
)
LEGACY = _LEGACY.split()
PAYER = "999900001111"
PART_ROWS = 250_000


def cur2(name: str) -> str:
    """The CUR 2.0 name of a legacy column."""
    table, column = name.split("/")
    column = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column).lower()
    return f"{re.sub(r'(?<=[a-z])(?=[A-Z])', '_', table).lower()}_{column}"


class Report:
    """One month of one payer account."""

    def __init__(self, inbox: Path, seed: int, period: str, *, is_legacy: bool):
        self._seed, self.period, self._is_legacy = seed, period, is_legacy
        self._root = inbox / "aws_cur" / period
        self._assembly = guid(seed, "assembly", period)
        self._parts: list[Csv] = []
        self.invoice = f"INV{period.replace('-', '')}01"
        self.total, self.tax = ZERO, ZERO
        first, after = calendar.first(period), calendar.first(calendar.shift(period, 1))
        self._span = f"{first:%Y%m%d}-{after:%Y%m%d}"
        self._bill = (f"{first}T00:00:00.000Z", f"{after}T00:00:00.000Z")

    def _part(self) -> Csv:
        # The first part is closed early, so that every delivery has more than one.
        if not self._parts or self._parts[-1].count >= (PART_ROWS if len(self._parts) > 1 else 60):
            n = len(self._parts) + 1
            if self._is_legacy:
                path, columns = self._root / self._span / self._assembly / f"reventa-{n}.csv.gz", LEGACY
            else:
                path = self._root / "data" / f"BILLING_PERIOD={self.period}" / f"reventa-{n:05d}.csv.gz"
                columns = [cur2(name) for name in LEGACY]
            if self._parts:
                self._parts[-1].close()
            self._parts.append(Csv(path, columns))
        return self._parts[-1]

    def write(self, story: Story) -> None:
        """All lines of one usage account."""
        for at, charge in enumerate(story.charges):
            self._part().cells(self._cells(story, charge, at))
            if charge.kind == "tax":
                self.tax += charge.cost
            else:
                self.total += charge.cost

    def _cells(self, story: Story, charge: Charge, at: int) -> list[object]:
        agreement, meter = story.agreement, known(charge.meter)
        type_ = {"usage": "Usage", "market": "Usage", "correction": "Usage"}.get(charge.kind, charge.word)
        starts = charge.start if charge.kind == "usage" else calendar.first(self.period)
        begins = f"{starts}T{at % 23:02d}:00:00Z"
        ends = f"{starts}T{at % 23 + 1:02d}:00:00Z"
        priced = type_ == "Usage"
        cost = f"{charge.cost:.10f}"
        description = (
            f"${charge.price} per {meter.unit} {meter.name}" if priced else "AWS Solution Provider Program Discount"
        )
        if charge.kind in {"credit", "tax"}:
            description = {"credit": "AWS promotional credit", "tax": "Tax for product code AmazonEC2"}[charge.kind]
        return [
            digest(agreement.number, self.period, at, size=16).hex(),
            f"{begins}/{ends}",
            self.invoice,
            "Amazon Web Services, Inc.",
            "AWS Marketplace" if charge.kind == "market" else "AWS",
            "Anniversary",
            PAYER,
            *self._bill,
            "" if charge.is_orphan else agreement.provider_id,
            type_,
            begins,
            ends,
            meter.code,
            meter.name if priced else "",
            "RunInstances" if priced else "",
            "sa-east-1a" if priced else "",
            f"i-{digest(agreement.number, at, size=8).hex()}" if priced else "",
            f"{charge.quantity:f}" if priced else "",
            "USD",
            f"{charge.price:.10f}" if priced else "",
            cost,
            f"{charge.price:.10f}" if priced else "",
            cost,
            description,
            "VAT" if charge.kind == "tax" else "",
            "Amazon Web Services, Inc.",
            meter.service,
            cost if priced else "",
            f"{charge.price:.10f}" if priced else "",
            "OnDemand" if priced else "",
            meter.unit if priced else "",
        ]

    @property
    def header(self) -> tuple[Decimal, Decimal]:
        """Net and tax as the invoice prints them."""
        return places(self.total, 2), places(self.tax, 2)

    def close(self) -> None:
        """Finish the files."""
        if not self._parts:
            return
        self._parts[-1].close()
        if self._is_legacy:
            self._close_legacy()
        else:
            self._close_cur2()

    def _close_legacy(self) -> None:
        keys = [f"cur/reventa/{self._span}/{self._assembly}/{part.path.name}" for part in self._parts]
        manifest = {
            "assemblyId": self._assembly,
            "account": PAYER,
            "columns": [{"category": name.split("/")[0], "name": name.split("/")[1]} for name in LEGACY],
            "charset": "UTF-8",
            "compression": "GZIP",
            "contentType": "text/csv",
            "reportId": guid(self._seed, "report"),
            "reportName": "reventa",
            "billingPeriod": {"start": _stamp(self._bill[0]), "end": _stamp(self._bill[1])},
            "bucket": "example-cur",
            "reportKeys": keys,
        }
        words = json.dumps(manifest, indent=1)
        folder = self._root / self._span
        (folder / "reventa-Manifest.json").write_text(words, encoding="utf-8")
        (folder / self._assembly / "reventa-Manifest.json").write_text(words, encoding="utf-8")

    def _close_cur2(self) -> None:
        folder = self._root / "metadata" / f"BILLING_PERIOD={self.period}"
        folder.mkdir(parents=True, exist_ok=True)
        home = f"s3://example-cur/cur/reventa/data/BILLING_PERIOD={self.period}"
        manifest = {
            "executionId": self._assembly,
            "exportArn": f"arn:aws:bcm-data-exports:us-east-1:{PAYER}:export/reventa-{guid(self._seed, 'report')}",
            "billingPeriod": self.period,
            "columns": [cur2(name) for name in LEGACY],
            "dataFiles": [f"{home}/{part.path.name}" for part in self._parts],
        }
        (folder / "reventa-Manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _stamp(text: str) -> str:
    return text[:10].replace("-", "") + "T000000.000Z"
