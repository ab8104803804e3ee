"""A second opinion on the sample: R − B of every subscription, recomputed from the files alone.

It knows neither the generator nor the product: it reads what senders would have sent, follows the rules of the six
price bases, and must find exactly what the truth files say, and nothing else.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest

from orchestration.settings import samples

INBOX = samples() / "inbox"


def rows_of(source: str, period: str, name: str) -> list[dict[str, str]]:
    """Rows of one delivered file; a column that is not there is empty, a file that is not there has no rows."""
    path = INBOX / source / period / name
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [defaultdict(str, row) for row in csv.DictReader(stream)]


def number(text: str | None) -> Decimal:
    return Decimal((text or "0").lstrip("'"))


def us_date(text: str) -> date:
    month, day, year = (int(part) for part in text.split("/"))
    return date(year, month, day)


def months(first: date, last: date) -> Decimal:
    """Covered days over the days of the anniversary month; every one in these two months has 30."""
    return Decimal((last - first).days + 1) / 30


class Charges:
    """What each provider subscription cost, its list cost, and its seats times months."""

    def __init__(self, period: str) -> None:
        self.cost: dict[str, Decimal] = defaultdict(Decimal)
        self.listed: dict[str, Decimal] = defaultdict(Decimal)
        self.seats: dict[str, Decimal] = defaultdict(Decimal)
        for row in rows_of("focus", period, "focus_sample.csv"):
            self.cost[row["SubAccountId"]] += number(row["BilledCost"])
            self.listed[row["SubAccountId"]] += number(row["ListCost"])
        for row in rows_of("aws_cur", period, "sample-anonymous-aws-export-dataset.csv"):
            if row["lineItem/LineItemType"] != "Tax":
                self.cost[row["lineItem/UsageAccountId"]] += number(row["lineItem/UnblendedCost"])
        for row in rows_of("microsoft_csp_invoice", period, "reconciliation_synthetic.csv"):
            key, subtotal = row["SubscriptionId"], number(row["Subtotal"])
            earned = (
                Decimal("0.15") if "15.0% Partner earned credit" in row["PriceAdjustmentDescription"] else Decimal(0)
            )
            self.cost[key] += subtotal / (1 - earned)
            if row["UnitType"] == "Licenses":
                covered = months(us_date(row["ChargeStartDate"]), us_date(row["ChargeEndDate"]))
                self.seats[key] += number(row["BillableQuantity"]) * covered
        for row in rows_of("vendor", period, "licence_charges.csv"):
            self.cost[row["licence_id"]] += number(row["amount"])
            self.seats[row["licence_id"]] += number(row["quantity"])
        path = INBOX / "gcp_billing" / period / "reseller_export_synthetic.jsonl"
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            row = json.loads(line)
            if row["cost_type"] != "tax":
                credited = [c["amount"] for c in row["credits"] if c["type"] != "RESELLER_MARGIN"]
                self.cost[row["project"]["id"]] += number(row["cost"]) + sum(map(number, credited))
                self.listed[row["project"]["id"]] += number(row["cost_at_list"])


def expected(sold: dict[str, str], charges: Charges, period: str) -> Decimal:
    """R in contract currency; at least the cost where no contract is live."""
    key, basis, value = sold["provider_subscription_id"], sold["price_basis"], number(sold["price_value"])
    cost = charges.cost[key]
    if sold["end_date"] and sold["end_date"] < f"{period}-01":
        return cost
    revenue = {
        "per_unit": number(sold["unit_price"]) * charges.seats[key],
        "markup_pct_on_cost": cost * (1 + value),
        "discount_off_list": charges.listed[key] * (1 - value),
        "passthrough": cost,
        "fixed_fee": number(sold["unit_price"]),
        "metered": number(sold["unit_price"]),
    }[basis]
    if basis == "metered":
        readings = [number(row["value"]) for row in rows_of("meters", period, "readings.csv") if row["meter_id"] == key]
        beyond = max(readings[-1] - readings[0] - number(sold["included_quantity"]), Decimal(0))
        revenue += beyond * number(sold["overage_price"])
    return max(revenue, number(sold["min_commit_amount"]))


class Rates:
    """The rate of the issue date; any other reading of a date rule gives the same number in these files."""

    def __init__(self, period: str) -> None:
        rows = rows_of("fx", period, "fx_rates.csv")
        self.rates = {(row["quote_currency"], row["rate_date"]): Decimal(row["rate"]) for row in rows}

    def on(self, currency: str, day: str) -> Decimal:
        readings = [date.fromisoformat(day) - timedelta(back) for back in (0, 1)]
        found = {self.rates[currency, reading.isoformat()] for reading in readings}
        assert len(found) == 1, (currency, day)
        return found.pop()


def invoiced(period: str) -> dict[str, list[tuple[Decimal, str, str]]]:
    """(signed net, currency, issue date) of every line whose service begins in the month, by subscription."""
    documents = {row["invoice_id"]: row for row in rows_of("erp", period, "invoices.csv")}
    found: dict[str, list[tuple[Decimal, str, str]]] = defaultdict(list)
    for line in rows_of("erp", period, "invoice_lines.csv"):
        document = documents[line["invoice_id"]]
        if line["period_from"].startswith(period):
            sign = -1 if document["doc_class"] == "credit_note" else 1
            amount = sign * number(line["net_amount"])
            found[line["subscription_id"]].append((amount, document["currency"], document["issue_date"]))
    return found


@pytest.mark.parametrize(("period", "truth"), [("2024-09", "truth.csv"), ("2023-11", "truth-2023-11.csv")])
def test_every_subscription_reconciles_but_for_what_the_truth_names(period: str, truth: str) -> None:
    with (samples() / truth).open(encoding="utf-8", newline="") as stream:
        seeded = {
            row["subscription_id"]: Decimal(row["amount_usd"])
            for row in csv.DictReader(stream)
            if row["subscription_id"]
        }
    charges, rates, billed = Charges(period), Rates(period), invoiced(period)

    for sold in rows_of("crm", period, "subscriptions.csv"):
        due, subscription_id = expected(sold, charges, period), sold["subscription_id"]
        lines = billed[subscription_id]
        if not lines:
            assert due == seeded.pop(subscription_id, Decimal(0)), subscription_id
            continue
        (currency,) = {currency for _, currency, _ in lines}
        rate = Decimal(1) if currency == sold["currency"] else rates.on(currency, lines[0][2])
        difference = due * rate - sum(amount for amount, _, _ in lines)
        wanted = seeded.pop(subscription_id, Decimal(0)) * rate
        subunit = Decimal(1) if currency == "CLP" else Decimal("0.01")
        # Each line is rounded once, by half a subunit at most.
        assert abs(difference - wanted) <= len(lines) * subunit / 2, (subscription_id, difference, wanted)

    unmapped = {key: cost for key, cost in charges.cost.items() if key in seeded}
    assert all(seeded.pop(key) == cost for key, cost in unmapped.items())
    assert seeded == {}


@pytest.mark.parametrize("period", ["2024-09", "2023-11"])
def test_every_charge_finds_a_subscription_except_the_one_that_nobody_contracted(period: str) -> None:
    known = {row["provider_subscription_id"] for row in rows_of("crm", period, "subscriptions.csv")}

    assert set(Charges(period).cost) - known == ({"11353890204"} if period == "2024-09" else set())


def test_no_price_lies_below_its_cost() -> None:
    charges, rates = Charges("2024-09"), Rates("2024-09")
    for sold in rows_of("crm", "2024-09", "subscriptions.csv"):
        rate = Decimal(1) if sold["currency"] == "USD" else rates.on(sold["currency"], "2024-09-26")
        assert expected(sold, charges, "2024-09") >= charges.cost[sold["provider_subscription_id"]] * rate, sold[
            "subscription_id"
        ]
