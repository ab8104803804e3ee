"""Google's reseller export (Channel Services): nested rows as gzip JSON Lines or as Parquet, by month.

Lives here: the export's shape. Does not: prices. The reseller's margin is a credit inside each row and never the customer's.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import polars as pl
from polars._typing import PolarsDataType

from orchestration.simulator import calendar
from orchestration.simulator.charges import Charge
from orchestration.simulator.files.tables import Lines
from orchestration.simulator.known import known
from orchestration.simulator.money import text
from orchestration.simulator.story import Story

PAYER = "0153AE-7A2B9C-3D4E5F"
MONEY = pl.Decimal(38, 9)
CREDIT = {
    "name": pl.String,
    "amount": MONEY,
    "full_name": pl.String,
    "id": pl.String,
    "type": pl.String,
    "customer_amount": MONEY,
}
SCHEMA = {
    "billing_account_id": pl.String,
    "payer_billing_account_id": pl.String,
    "invoice": pl.Struct({"month": pl.String}),
    "cost_type": pl.String,
    "service": pl.Struct({"id": pl.String, "description": pl.String}),
    "sku": pl.Struct({"id": pl.String, "description": pl.String}),
    "usage_start_time": pl.Datetime("us", "UTC"),
    "usage_end_time": pl.Datetime("us", "UTC"),
    "project": pl.Struct({"id": pl.String, "number": pl.String, "name": pl.String}),
    "location": pl.Struct({"location": pl.String, "country": pl.String, "region": pl.String}),
    "cost": MONEY,
    "currency": pl.String,
    "currency_conversion_rate": pl.Decimal(38, 9),
    "usage": pl.Struct(
        {"amount": MONEY, "unit": pl.String, "amount_in_pricing_units": MONEY, "pricing_unit": pl.String}
    ),
    "credits": pl.List(pl.Struct(CREDIT)),
    "export_time": pl.Datetime("us", "UTC"),
    "customer_name": pl.String,
    "customer_cost": MONEY,
    "cost_at_list": MONEY,
    "customer_repricing_config_name": pl.String,
    "customer_correlation_id": pl.String,
    "transaction_type": pl.String,
}
BATCH = 50_000


class Export:
    """One month of one payer billing account."""

    def __init__(self, inbox: Path, period: str, *, as_parquet: bool):
        self.period, self._as_parquet = period, as_parquet
        self._folder = inbox / "gcp_billing" / period
        self._lines: Lines | None = None
        self._rows: list[dict[str, object]] = []
        self._parts = 0

    def write(self, story: Story) -> None:
        """All lines of one project."""
        for charge in story.charges:
            row = self._row(story, charge)
            if self._as_parquet:
                self._rows.append(row)
                if len(self._rows) >= BATCH:
                    self._flush()
            else:
                if self._lines is None:
                    self._lines = Lines(self._folder / "reseller_billing_detailed_export_v1.jsonl.gz")
                self._lines.write(json.dumps(row, ensure_ascii=False))

    def _row(self, story: Story, charge: Charge) -> dict[str, object]:
        agreement, meter, who = story.agreement, known(charge.meter), story.agreement.customer
        correction = charge.kind == "correction"
        margin = {
            "name": "Reseller margin",
            "amount": text(-charge.margin),
            "full_name": "Partner Advantage reseller margin",
            "id": "RESELLER_MARGIN",
            "type": "RESELLER_MARGIN",
            "customer_amount": "0",
        }
        return {
            "billing_account_id": PAYER
            if charge.is_orphan
            else f"01{agreement.number:06d}-0000AA-{agreement.number % 1000:06d}",
            "payer_billing_account_id": PAYER,
            "invoice": {"month": self.period.replace("-", "")},
            "cost_type": "adjustment" if correction else "regular",
            "service": {"id": meter.code, "description": meter.service},
            "sku": {"id": meter.code, "description": meter.name},
            "usage_start_time": f"{charge.start}T00:00:00Z",
            "usage_end_time": f"{charge.start}T01:00:00Z",
            "project": None
            if charge.is_orphan
            else {
                "id": agreement.provider_id,
                "number": f"{agreement.number:012d}",
                "name": agreement.provider_id,
            },
            "location": {"location": "southamerica-east1", "country": "BR", "region": "southamerica-east1"},
            "cost": text(charge.cost),
            "currency": "USD",
            "currency_conversion_rate": "1",
            "usage": {
                "amount": text(charge.quantity),
                "unit": meter.unit,
                "amount_in_pricing_units": text(charge.quantity),
                "pricing_unit": meter.unit,
            },
            "credits": [margin] if charge.margin else [],
            "export_time": f"{calendar.last(self.period)}T20:00:00Z",
            "customer_name": None if charge.is_orphan else f"accounts/C0reseller/customers/S{who.number:07d}",
            "customer_cost": text(charge.cost),
            "cost_at_list": text(charge.list_cost or charge.cost),
            "customer_repricing_config_name": f"accounts/C0reseller/customers/S{who.number:07d}/customerRepricingConfigs/1",
            "customer_correlation_id": None if charge.is_orphan else who.id,
            "transaction_type": "GOOGLE",
        }

    def _flush(self) -> None:
        """Write the rows at hand as one typed part; decimals go through text, never through a float."""
        if not self._rows:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in self._rows).encode()
        loose = {name: _as_text(kind) for name, kind in SCHEMA.items()}
        frame = pl.read_ndjson(io.BytesIO(lines), schema=loose)
        typed = frame.select(_typed(name, kind) for name, kind in SCHEMA.items())
        typed.write_parquet(
            self._folder / f"reseller_billing_detailed_export_v1_{self._parts:012d}.parquet", compression="snappy"
        )
        self._rows, self._parts = [], self._parts + 1

    def close(self) -> None:
        """Finish the files."""
        if self._lines is not None:
            self._lines.close()
        self._flush()


def _as_text(kind: PolarsDataType) -> PolarsDataType:
    """The same shape with text where the value is typed."""
    if isinstance(kind, pl.Struct):
        return pl.Struct({field.name: _as_text(field.dtype) for field in kind.fields})
    if isinstance(kind, pl.List):
        return pl.List(_as_text(kind.inner))
    return pl.String


def _typed(name: str, kind: PolarsDataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(kind, pl.Datetime):
        return column.str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us", time_zone="UTC")
    return column.cast(kind)
