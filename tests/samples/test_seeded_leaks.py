"""The truth beside the sample: what is wrong on purpose, computed here by hand."""

from __future__ import annotations

import csv
from decimal import Decimal

from orchestration.settings import samples

# Class: (country, amount in USD), each with its arithmetic.
SEPTEMBER = {
    "EX01": ("PE", "13.6165"),  # the whole cost of the account: 13.61648254970
    "EX03": ("AR", "350.00"),  # the whole fee
    "EX04": ("BR", "-230.00"),  # the whole line
    "EX05": ("BR", "-320.00"),  # the whole line
    "QT01": ("AR", "117.50"),  # (45 - 40) x 23.50
    "QT03": ("BR", "42.00"),  # 6 x 20/30 x 10.50
    "TP01": ("CL", "467.50"),  # 25 x 18.70, at cost: no contract is live
    "TP06": ("CL", "400.00"),  # 80 x 15.00 x 10/30
    "PR01": ("CO", "100.00"),  # 50 x (23.50 - 21.50)
    "PR02": ("PE", "-67.50"),  # 150 x (4.50 - 4.95)
    "FX01": ("CL", "23.4556"),  # 900 x (964.7232 - 939.5808) / 964.7232
    "CR05": ("PE", "120.00"),  # 0.25 x 480.00
    "BL01": ("AR", "-275.00"),  # the second of two
    "CO01": ("CO", "84.9666"),  # 350000 / 4119.2645
}


def truth(name: str) -> dict[str, dict[str, str]]:
    with (samples() / name).open(encoding="utf-8", newline="") as stream:
        return {row["class_code"]: row for row in csv.DictReader(stream)}


def table(name: str) -> list[dict[str, str]]:
    with (samples() / "inbox" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_september_holds_fourteen_leaks_of_fourteen_classes_in_five_countries() -> None:
    found = {code: Decimal(row["amount_usd"]).quantize(Decimal("0.0001")) for code, row in truth("truth.csv").items()}

    assert found == {code: Decimal(amount).quantize(Decimal("0.0001")) for code, (_, amount) in SEPTEMBER.items()}
    assert {country for country, _ in SEPTEMBER.values()} == {"PE", "CL", "AR", "CO", "BR"}


def test_november_holds_one_leak() -> None:
    # two licences billed beyond the 18 charged: -2 x 15.00
    assert {code: row["amount_usd"] for code, row in truth("truth-2023-11.csv").items()} == {"QT02": "-30"}


def test_each_leak_lies_in_the_country_that_the_readme_names() -> None:
    customers = {row["subscription_id"]: row["customer_id"] for row in table("crm/2024-09/subscriptions.csv")}
    customers |= {row["invoice_id"]: row["customer_id"] for row in table("erp/2024-09/invoices.csv")}
    customers |= {row["id_value"]: row["customer_id"] for row in table("crm/2024-09/customer_xref.csv")}
    countries = {row["customer_id"]: row["country"] for row in table("crm/2024-09/customers.csv")}
    readme = (samples() / "README.md").read_text(encoding="utf-8")

    for code, row in truth("truth.csv").items():
        country = countries[customers[row["subscription_id"] or row["invoice_id"]]]
        assert country == SEPTEMBER[code][0], code
        amount = f"{Decimal(row['amount_usd']):.2f}".replace("-", "−")
        assert f"| {code} | {country} | {amount} |" in readme


def test_every_price_basis_is_sold_and_the_unbundled_ones_in_several_countries() -> None:
    countries: dict[str, set[str]] = {}
    for row in table("crm/2024-09/subscriptions.csv"):
        countries.setdefault(row["price_basis"], set()).add(row["customer_id"][2:4])

    assert set(countries) == {
        "per_unit",
        "markup_pct_on_cost",
        "discount_off_list",
        "passthrough",
        "fixed_fee",
        "metered",
    }
    assert all(len(countries[basis]) == 5 for basis in ("per_unit", "markup_pct_on_cost", "passthrough", "fixed_fee"))


def test_the_truth_lies_outside_the_inbox() -> None:
    assert not list((samples() / "inbox").rglob("*truth*"))
