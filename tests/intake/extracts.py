"""Tiny deliveries in the senders' own formats."""

from __future__ import annotations

import csv
import io
import json


def cur(*costs: str, month: str = "2026-10", legacy: bool = False, currency: str = "USD") -> str:
    """AWS lines of these costs, in the words of CUR 2.0 or of the legacy report."""
    header = (
        "bill/BillingPeriodStartDate,lineItem/UsageAccountId,lineItem/LineItemType,lineItem/CurrencyCode,lineItem/UnblendedCost"
        if legacy
        else "bill_billing_period_start_date,line_item_usage_account_id,line_item_line_item_type,line_item_currency_code,"
        "line_item_unblended_cost"
    )
    return "\n".join([header, *(f"{month}-01T00:00:00Z,111122223333,Usage,{currency},{cost}" for cost in costs), ""])


def graph_lines(*subtotals: str) -> str:
    """Microsoft invoice lines of these subtotals, as JSON Lines."""
    line = {"customerId": "b0d70a69", "currency": "USD", "chargeType": "new", "chargeStartDate": "2026-10-01T00:00:00Z"}
    return "".join(json.dumps(line | {"subtotal": float(subtotal)}) + "\n" for subtotal in subtotals)


def customers(*names: str) -> str:
    """A customers extract with one row a name."""
    rows = [
        {"customer_id": name, "legal_name": name, "country": "PE", "fiscal_id": "20131312955", "status": "active"}
        for name in names
    ]
    return _csv(rows)


def rates(*values: str, month: str = "2026-10") -> str:
    """Exchange rates, one a day from the first of the month."""
    fixed = {
        "source": "SBS_BCRP",
        "series": "PD04640PD",
        "base_currency": "USD",
        "quote_currency": "PEN",
        "side": "sell",
    }
    return _csv([fixed | {"rate": value, "rate_date": f"{month}-{day:02}"} for day, value in enumerate(values, 1)])


def _csv(rows: list[dict]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
