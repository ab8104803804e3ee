"""One month of the made-up house: contracts, identities, documents and the truth about them.

Lives here: the rows that every kind of sale needs, and how they are written down. Does not: know which provider sold
what (`sample_providers.py`, `sample_accounts.py`). Standard library only.
"""

import csv
import io
from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, getcontext
from uuid import NAMESPACE_URL, uuid5

import sample_facts as facts

getcontext().prec = 60
ISSUED = {"2023-11": date(2023, 11, 22), "2024-08": date(2024, 8, 22), "2024-09": date(2024, 9, 26)}
LAST_DAY = {"2023-11": 30, "2024-08": 31, "2024-09": 30}


def guid(name):
    """A guid that is the same in every run."""
    return str(uuid5(NAMESPACE_URL, f"https://example.invalid/muestra/{name}"))


def fx(country, day):
    """Local currency per US dollar; one value from Tuesday to Monday."""
    base = facts.COUNTRIES[country][5][0 if day.year == 2023 else 1]
    weeks = (day - facts.FX_WEEKS[day.year]).days // 7
    return (base * (1 + facts.COUNTRIES[country][6] * weeks)).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def in_cents(amount, decimals):
    """Round half up to the currency's subunit, as the ERPs do."""
    return amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def plain(value):
    """A decimal without exponent and without idle zeros; anything else as it is."""
    if not isinstance(value, Decimal):
        return "" if value is None else str(value)
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class Month:
    """Everything that one inbox month will hold: the rows of each table, and the truth about what is wrong in them."""

    def __init__(self, period):
        self.period, self.tables, self.truth, self.numbers = period, defaultdict(list), [], defaultdict(int)

    def add(self, table, **row):
        self.tables[table].append({**row, "source_system": "synthetic"})

    def seed(self, code, amount_usd, subscription_id="", invoice_id=""):
        notes = facts.SEEDED_2023_11 if self.period == "2023-11" else facts.SEEDED_2024_09
        self.truth.append((code, subscription_id, plain(in_cents(amount_usd, 12)), invoice_id, notes[code]))


def identify(month, customer_id, id_system, id_value):
    month.add(
        "crm/customer_xref",
        id_system=id_system,
        id_value=id_value,
        customer_id=customer_id,
        valid_from="2023-01-01",
        match_method="tenant",
        approved_by="operaciones",
        approved_at="2023-01-02T10:00:00",
    )


def contract(month, customer_id, provider, currency="USD"):
    """The agreement of a customer about one provider in one currency; written once."""
    contract_id = f"K-{customer_id[2:]}-{provider.upper()}-{currency}"
    if not any(row["contract_id"] == contract_id for row in month.tables["crm/contracts"]):
        month.add(
            "crm/contracts",
            contract_id=contract_id,
            customer_id=customer_id,
            signed_at="2023-01-02",
            activated_at="2023-01-02",
            start_date="2023-01-01",
            status="active",
            approved_by="gerencia",
            currency=currency,
            country=customer_id[2:4],
        )
    return contract_id


def subscription(month, subscription_id, customer_id, provider, psid, product, family, basis, **more):
    """A row of the CRM. Its prices are in the contract's currency."""
    currency, start = more.pop("currency", "USD"), more.pop("start", date(2023, 1, 1))
    month.add(
        "crm/subscriptions",
        subscription_id=subscription_id,
        contract_id=contract(month, customer_id, provider, currency),
        customer_id=customer_id,
        provider=provider,
        provider_subscription_id=psid,
        product_code=product,
        family=family,
        price_basis=basis,
        currency=currency,
        billing_frequency="monthly",
        start_date=start,
        valid_from=start,
        **{"status": "active", "auto_renew": "true", **more},
    )


def invoice(month, customer_id, lines, *, period=None, doc_class="invoice", contract_currency="USD", rate=None):
    """Post one document and give its id.

    A line is (subscription, product, quantity, price in contract currency, first day, last day, months).
    """
    period = period or month.period
    issued, country = ISSUED[period], customer_id[2:4]
    company, local, decimals, tax_pct, *_ = facts.COUNTRIES[country]
    currency = "USD" if customer_id in facts.BILLED_IN_USD else local
    decimals = 2 if currency == "USD" else decimals
    rate = rate or (Decimal(1) if currency == contract_currency else fx(country, issued))
    month.numbers[country] += 1
    number = month.numbers[country]
    invoice_id = f"{country}-{period[2:4]}{period[5:]}-{number:04d}"
    agreements = {row["subscription_id"]: row["contract_id"] for row in month.tables["crm/subscriptions"]}
    first = date.fromisoformat(f"{period}-01")
    net_total = tax_total = Decimal(0)
    for line_no, (subscription_id, product, quantity, price, start, end, months) in enumerate(lines, 1):
        unit_price = (price * rate).quantize(Decimal("1E-12"))
        net = in_cents(quantity * unit_price * months, decimals)
        tax = in_cents(net * tax_pct / 100, decimals)
        net_total, tax_total = net_total + net, tax_total + tax
        month.add(
            "erp/invoice_lines",
            company_id=company,
            invoice_id=invoice_id,
            line_no=line_no,
            subscription_id=subscription_id,
            product_code=product,
            description=f"{product} {period}",
            quantity=plain(Decimal(quantity)),
            unit_price=plain(unit_price),
            net_amount=net,
            tax_code="GEN",
            tax_rate_pct=tax_pct,
            tax_amount=tax,
            period_from=first + timedelta(start - 1),
            period_to=first + timedelta(end - 1),
        )
    total = net_total + tax_total
    month.add(
        "erp/invoices",
        company_id=company,
        invoice_id=invoice_id,
        doc_class=doc_class,
        fiscal_doc_type=facts.DOCUMENT_TYPES[country][doc_class == "credit_note"],
        fiscal_number=f"F001-{number:08d}",
        legal_status="accepted",
        status="posted",
        customer_id=customer_id,
        customer_fiscal_id=facts.CUSTOMERS[customer_id][2],
        issue_date=issued,
        due_date=issued + timedelta(30),
        currency=currency,
        fx_rate=fx(country, issued) if currency != local else 1,
        reference_fx_rate=rate if currency != contract_currency else None,
        net_amount=net_total,
        tax_amount=tax_total,
        total_amount=total,
        open_amount=total,
        contract_id=agreements.get(lines[0][0]),
        created_by="facturacion",
        country=country,
    )
    return invoice_id


def whole_month(month, subscription_id, product, price):
    return (subscription_id, product, Decimal(1), price, 1, LAST_DAY[month.period], Decimal(1))


def billed_lines(subscription_id, product, lines, days=30):
    """Invoice lines for seats; day 39 is the ninth of the next month, and 30 days are one month either way."""
    return [
        (subscription_id, product, Decimal(seats), Decimal(price), start, end, Decimal(end - start + 1) / days)
        for seats, price, start, end in lines
    ]


def header(month, provider, invoice_id, account, total):
    month.add(
        "provider_invoices/headers",
        provider=provider,
        invoice_id=invoice_id,
        billing_account_id=account,
        issued_on="2023-12-08" if month.period == "2023-11" else "2024-10-08",
        currency="USD",
        net_total=in_cents(total, 2),
        tax_total="0.00",
        total=in_cents(total, 2),
    )


def base_tables(month):
    """Customers and rates: what every month needs."""
    for customer_id, (name, country, fiscal_id) in facts.CUSTOMERS.items():
        month.add(
            "crm/customers",
            customer_id=customer_id,
            legal_name=name,
            country=country,
            fiscal_id=fiscal_id,
            email_domain=f"{customer_id.lower()}.example",
            segment="ABC"[int(customer_id[-1]) % 3],
            status="active",
            withholding_agent="true" if country in ("PE", "CO", "AR") else "false",
            owner=f"comercial-{country.lower()}",
        )
    first, last = facts.FX_DAYS[month.period]
    for country, (_, currency, _, _, (source, series, side), *_) in facts.COUNTRIES.items():
        for day in (first + timedelta(n) for n in range((last - first).days + 1)):
            if day.weekday() < 5 or source == "TRM":
                month.add(
                    "fx/fx_rates",
                    source=source,
                    series=series,
                    base_currency="USD",
                    quote_currency=currency,
                    side=side,
                    rate=fx(country, day),
                    rate_date=day,
                    valid_from=day,
                    valid_to=day,
                )


def csv_text(rows, columns=None, newline="\n"):
    columns = columns or list(dict.fromkeys(name for row in rows for name in row if name != "source_system")) + [
        "source_system"
    ]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, restval="", lineterminator=newline)
    writer.writeheader()
    writer.writerows(
        {
            name: plain(value) if isinstance(value, Decimal) and value.as_tuple().exponent < -4 else value
            for name, value in row.items()
        }
        for row in rows
    )
    return stream.getvalue()
