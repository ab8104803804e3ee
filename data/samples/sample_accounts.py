"""What was sold on the accounts of the real provider files, and the cash of the month before.

Lives here: price bases for real FOCUS and CUR accounts, computed from what the files charge. Does not: change those
files; it only reads them. Standard library only.
"""

import csv
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import sample_facts as facts
from sample_month import ISSUED, fx, identify, in_cents, invoice, subscription, whole_month

HERE = Path(__file__).resolve().parent
FOCUS_FILE = HERE / "inbox/focus/2024-09/focus_sample.csv"
CUR_FILE = HERE / "inbox/aws_cur/2023-11/sample-anonymous-aws-export-dataset.csv"
EMPTY = {"", "NULL"}


def real_focus_accounts():
    """What the real FOCUS file charges each account: {(provider, account): (billed, list)}."""
    accounts = defaultdict(lambda: [Decimal(0), Decimal(0)])
    with FOCUS_FILE.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            account = accounts[row["ProviderName"].lower(), row["SubAccountId"]]
            account[0] += Decimal(row["BilledCost"])
            account[1] += Decimal(0) if row["ListCost"] in EMPTY else Decimal(row["ListCost"])
    return sorted(accounts.items(), key=lambda item: (-item[1][0], item[0]))


def terms_for(rank, billed, listed):
    """Price basis, CRM price columns and expected revenue in USD of a real account, by rank and size."""
    if billed == 0:
        return "passthrough", {}, Decimal(0)
    if listed > billed:
        return "discount_off_list", {"price_value": "0.05"}, listed * Decimal("0.95")
    if billed < Decimal("0.01"):
        small = ("markup_pct_on_cost", {"price_value": "0.12", "min_commit_amount": "5.00"}, Decimal("5.00"))
        return small if rank % 2 else ("fixed_fee", {"unit_price": "10.00", "price_period": "month"}, Decimal("10.00"))
    if billed < Decimal("0.2") and rank % 3 == 0:
        return "fixed_fee", {"unit_price": "25.00", "price_period": "month"}, Decimal("25.00")
    if rank % 2:
        return "markup_pct_on_cost", {"price_value": "0.12"}, billed * Decimal("1.12")
    return "passthrough", {}, billed


def focus_contracts(month):
    """Contracts and invoices for the real accounts; five of them go wrong."""
    family = {"aws": "aws", "microsoft": "azure", "oracle": "oracle"}
    system = {"aws": "aws_account_id", "microsoft": "vendor_account", "oracle": "vendor_account"}
    customers, together = list(facts.CUSTOMERS), defaultdict(list)
    for rank, ((provider, account), (billed, listed)) in enumerate(real_focus_accounts()):
        customer_id, fee, seeded = facts.SPECIAL_ACCOUNTS.get(account, (customers[rank % len(customers)], None, None))
        identify(month, customer_id, system[provider], account)
        if seeded == "EX01":
            month.seed("EX01", billed, account)
            continue
        basis, columns, revenue = (
            ("fixed_fee", {"unit_price": fee, "price_period": "month"}, fee) if fee else terms_for(rank, billed, listed)
        )
        sid, product = f"S-F{rank:02d}", f"{provider}_consumption"
        subscription(month, sid, customer_id, provider, account, product, family[provider], basis, **columns)
        line = whole_month(month, sid, product, revenue)
        if not seeded:
            if revenue:
                together[customer_id, provider].append(line)
        elif seeded == "EX03":
            month.seed("EX03", revenue, sid)
        elif seeded == "FX01":
            used, due = fx("CL", date(2024, 8, 15)), fx("CL", ISSUED[month.period])
            month.seed("FX01", fee * (due - used) / due, sid, invoice(month, customer_id, [line], rate=used))
        elif seeded == "BL01":
            invoice(month, customer_id, [line])
            month.seed("BL01", -fee, sid, invoice(month, customer_id, [line]))
        elif seeded == "CR05":
            invoice(month, customer_id, [line])
            credit = (sid, product, Decimal("0.25"), fee, 1, 30, Decimal(1))
            month.seed("CR05", Decimal("120.00"), sid, invoice(month, customer_id, [credit], doc_class="credit_note"))
    for (customer_id, _), lines in together.items():
        invoice(month, customer_id, lines)
    subscription(
        month,
        "S-X01",
        "C-BR-4",
        "aws",
        "70000000001",
        "aws_consumption",
        "aws",
        "markup_pct_on_cost",
        price_value="0.12",
    )
    identify(month, "C-BR-4", "aws_account_id", "70000000001")
    month.seed(
        "EX05",
        Decimal("-320.00"),
        "S-X01",
        invoice(month, "C-BR-4", [whole_month(month, "S-X01", "aws_consumption", Decimal("320.00"))]),
    )
    month.seed(
        "EX04",
        Decimal("-230.00"),
        "",
        invoice(month, "C-BR-3", [whole_month(month, None, "SERVICIO-VARIOS", Decimal("230.00"))]),
    )


def august(month):
    """Five August documents and how they were paid in September, one of them short."""
    subscriptions = {row["subscription_id"]: row for row in month.tables["crm/subscriptions"]}
    for n, (sid, seats, price, kept, short) in enumerate(facts.AUGUST, 1):
        sold = subscriptions[sid]
        line = (sid, sold["product_code"], Decimal(seats), Decimal(price), 1, 31, Decimal(1))
        invoice_id = invoice(month, sold["customer_id"], [line], period="2024-08", contract_currency=sold["currency"])
        document = month.tables["erp/invoices"][-1]
        due, company, currency = document["total_amount"], document["company_id"], document["currency"]
        if kept:
            kind, code, base, share, decimals = kept
            deducted = in_cents(document[f"{base}_amount"] * share, decimals)
            month.add(
                "erp/payment_applications",
                application_id=f"AP-{n}-2",
                company_id=company,
                invoice_id=invoice_id,
                kind=kind,
                tax_code=code,
                certificate_no=f"CERT-{n:04d}",
                applied_on="2024-09-18",
                amount=deducted,
            )
            due -= deducted
        paid = due - short
        month.add(
            "erp/payments",
            payment_id=f"PAGO-{n}",
            customer_id=sold["customer_id"],
            payment_date="2024-09-18",
            method="transferencia",
            currency=currency,
            amount=paid,
            fx_rate=1,
            reference=invoice_id,
            status="received",
        )
        month.add(
            "erp/payment_applications",
            application_id=f"AP-{n}-1",
            payment_id=f"PAGO-{n}",
            company_id=company,
            invoice_id=invoice_id,
            kind="cash",
            applied_on="2024-09-18",
            amount=paid,
        )
        document["open_amount"] = short
        if short:
            month.seed("CO01", short / fx(document["country"], ISSUED["2024-08"]), "", invoice_id)


def aws_2023(month):
    """The real CUR of 2023-11: one account, resold at cost + 15 %; its Tax lines are not resold."""
    with CUR_FILE.open(newline="") as stream:
        cost = sum(
            (
                Decimal(row["lineItem/UnblendedCost"])
                for row in csv.DictReader(stream)
                if row["lineItem/LineItemType"] != "Tax"
            ),
            Decimal(0),
        )
    subscription(
        month,
        "S-W01",
        "C-PE-1",
        "aws",
        "123412340534",
        "aws_consumption",
        "aws",
        "markup_pct_on_cost",
        price_value="0.15",
    )
    identify(month, "C-PE-1", "aws_account_id", "123412340534")
    invoice(month, "C-PE-1", [whole_month(month, "S-W01", "aws_consumption", cost * Decimal("1.15"))])
