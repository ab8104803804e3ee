"""Write the synthetic half of the bundled sample: `python data/samples/make_samples.py [FOLDER]`.

Lives here: how contracts become provider files, invoices, cash and the truth about the seeded leaks. Does not: hold the
facts (`sample_facts.py`), or touch the real provider files, which it only reads to price what they charge. It uses the
standard library alone and shares no code with the product, so that what it calls right is a second opinion. The same
input gives the same bytes.
"""

import csv
import io
import json
import sys
from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal as D, getcontext
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import sample_facts as facts

getcontext().prec = 60
HERE = Path(__file__).resolve().parent
FOCUS_FILE = HERE / "inbox/focus/2024-09/focus_sample.csv"
CUR_FILE = HERE / "inbox/aws_cur/2023-11/sample-anonymous-aws-export-dataset.csv"
ISSUED = {"2023-11": date(2023, 11, 22), "2024-08": date(2024, 8, 22), "2024-09": date(2024, 9, 26)}
LAST_DAY = {"2023-11": 30, "2024-08": 31, "2024-09": 30}
EMPTY = {"", "NULL"}


def guid(name):
    """A guid that is the same in every run."""
    return str(uuid5(NAMESPACE_URL, f"https://example.invalid/muestra/{name}"))


def fx(country, day):
    """Local currency per US dollar; one value from Tuesday to Monday."""
    base = facts.COUNTRIES[country][5][0 if day.year == 2023 else 1]
    weeks = (day - facts.FX_WEEKS[day.year]).days // 7
    return (base * (1 + facts.COUNTRIES[country][6] * weeks)).quantize(D("0.0001"), ROUND_HALF_UP)


def in_cents(amount, decimals):
    """Round half up to the currency's subunit, as the ERPs do."""
    return amount.quantize(D(1).scaleb(-decimals), ROUND_HALF_UP)


def plain(value):
    """A decimal without exponent and without idle zeros; anything else as it is."""
    if not isinstance(value, D):
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
        self.truth.append((code, subscription_id, plain(amount_usd), invoice_id, notes[code]))


def identify(month, customer_id, id_system, id_value):
    month.add("crm/customer_xref", id_system=id_system, id_value=id_value, customer_id=customer_id, valid_from="2023-01-01",
              match_method="tenant", approved_by="operaciones", approved_at="2023-01-02T10:00:00")


def contract(month, customer_id, provider, currency="USD"):
    """The agreement of a customer about one provider in one currency; written once."""
    contract_id = f"K-{customer_id[2:]}-{provider.upper()}-{currency}"
    if not any(row["contract_id"] == contract_id for row in month.tables["crm/contracts"]):
        month.add("crm/contracts", contract_id=contract_id, customer_id=customer_id, signed_at="2023-01-02", activated_at="2023-01-02",
                  start_date="2023-01-01", status="active", approved_by="gerencia", currency=currency, country=customer_id[2:4])
    return contract_id


def subscription(month, subscription_id, customer_id, provider, psid, product, family, basis, **more):
    """A row of the CRM. Its prices are in the contract's currency."""
    currency, start = more.pop("currency", "USD"), more.pop("start", date(2023, 1, 1))
    month.add("crm/subscriptions", subscription_id=subscription_id, contract_id=contract(month, customer_id, provider, currency),
              customer_id=customer_id, provider=provider, provider_subscription_id=psid, product_code=product, family=family,
              price_basis=basis, currency=currency, billing_frequency="monthly", start_date=start, valid_from=start,
              **{"status": "active", "auto_renew": "true", **more})


def invoice(month, customer_id, lines, *, period=None, doc_class="invoice", contract_currency="USD", contract_id=None, rate=None):
    """Post one document. A line is (subscription, product, quantity, price in contract currency, first day, last day, months)."""
    period = period or month.period
    issued, country = ISSUED[period], customer_id[2:4]
    company, local, decimals, tax_pct, *_ = facts.COUNTRIES[country]
    currency = "USD" if customer_id in facts.BILLED_IN_USD else local
    decimals = 2 if currency == "USD" else decimals
    rate = rate or (D(1) if currency == contract_currency else fx(country, issued))
    month.numbers[country] += 1
    number = month.numbers[country]
    invoice_id = f"{country}-{period[2:4]}{period[5:]}-{number:04d}"
    first = date.fromisoformat(f"{period}-01")
    net_total = tax_total = D(0)
    for line_no, (subscription_id, product, quantity, price, start, end, months) in enumerate(lines, 1):
        unit_price = (price * rate).quantize(D("1E-12"))
        net = in_cents(quantity * unit_price * months, decimals)
        tax = in_cents(net * tax_pct / 100, decimals)
        net_total, tax_total = net_total + net, tax_total + tax
        month.add("erp/invoice_lines", company_id=company, invoice_id=invoice_id, line_no=line_no, subscription_id=subscription_id,
                  product_code=product, description=f"{product} {period}", quantity=plain(D(quantity)), unit_price=plain(unit_price),
                  net_amount=net, tax_code="GEN", tax_rate_pct=tax_pct, tax_amount=tax,
                  period_from=first + timedelta(start - 1), period_to=first + timedelta(end - 1))
    total = net_total + tax_total
    month.add("erp/invoices", company_id=company, invoice_id=invoice_id, doc_class=doc_class,
              fiscal_doc_type=facts.DOCUMENT_TYPES[country][doc_class == "credit_note"], fiscal_number=f"F001-{number:08d}",
              legal_status="accepted", status="posted", customer_id=customer_id, customer_fiscal_id=facts.CUSTOMERS[customer_id][2],
              issue_date=issued, due_date=issued + timedelta(30), currency=currency,
              fx_rate=fx(country, issued) if currency != local else 1, reference_fx_rate=rate if currency != contract_currency else None,
              net_amount=net_total, tax_amount=tax_total, total_amount=total, open_amount=total, contract_id=contract_id,
              created_by="facturacion", country=country)
    return invoice_id


def whole_month(month, subscription_id, product, price):
    return (subscription_id, product, D(1), price, 1, LAST_DAY[month.period], D(1))


def base_tables(month):
    """Customers and rates: what every month needs."""
    for customer_id, (name, country, fiscal_id) in facts.CUSTOMERS.items():
        month.add("crm/customers", customer_id=customer_id, legal_name=name, country=country, fiscal_id=fiscal_id,
                  email_domain=f"{customer_id.lower()}.example", segment="ABC"[int(customer_id[-1]) % 3], status="active",
                  withholding_agent="true" if country in ("PE", "CO", "AR") else "false", owner=f"comercial-{country.lower()}")
    first, last = facts.FX_DAYS[month.period]
    for country, (_, currency, _, _, (source, series, side), *_) in facts.COUNTRIES.items():
        for day in (first + timedelta(n) for n in range((last - first).days + 1)):
            if day.weekday() < 5 or source == "TRM":
                month.add("fx/fx_rates", source=source, series=series, base_currency="USD", quote_currency=currency, side=side,
                          rate=fx(country, day), rate_date=day, valid_from=day, valid_to=day)


def real_focus_accounts():
    """What the real FOCUS file charges each account: {(provider, account): (billed, list)}."""
    accounts = defaultdict(lambda: [D(0), D(0)])
    with FOCUS_FILE.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            account = accounts[row["ProviderName"].lower(), row["SubAccountId"]]
            account[0] += D(row["BilledCost"])
            account[1] += D(0) if row["ListCost"] in EMPTY else D(row["ListCost"])
    return sorted(accounts.items(), key=lambda item: (-item[1][0], item[0]))


def terms_for(rank, billed, listed):
    """Price basis, CRM price columns and expected revenue in USD of a real account, by rank and size."""
    if billed == 0:
        return "passthrough", {}, D(0)
    if listed > billed:
        return "discount_off_list", {"price_value": "0.05"}, listed * D("0.95")
    if billed < D("0.01"):
        small = ("markup_pct_on_cost", {"price_value": "0.12", "min_commit_amount": "5.00"}, D("5.00"))
        return small if rank % 2 else ("fixed_fee", {"unit_price": "10.00", "price_period": "month"}, D("10.00"))
    if billed < D("0.2") and rank % 3 == 0:
        return "fixed_fee", {"unit_price": "25.00", "price_period": "month"}, D("25.00")
    if rank % 2:
        return "markup_pct_on_cost", {"price_value": "0.12"}, billed * D("1.12")
    return "passthrough", {}, billed


def focus_contracts(month):
    """Contracts and invoices for the real accounts; five of them go wrong."""
    family = {"aws": "aws", "microsoft": "azure", "oracle": "oracle"}
    system = {"aws": "aws_account_id", "microsoft": "ms_tenant_id", "oracle": "vendor_account"}
    customers, together = list(facts.CUSTOMERS), defaultdict(list)
    for rank, ((provider, account), (billed, listed)) in enumerate(real_focus_accounts()):
        customer_id, fee, seeded = facts.SPECIAL_ACCOUNTS.get(account, (customers[rank % len(customers)], None, None))
        identify(month, customer_id, system[provider], account)
        if seeded == "EX01":
            month.seed("EX01", billed, account)
            continue
        basis, columns, revenue = ("fixed_fee", {"unit_price": fee, "price_period": "month"}, fee) if fee else terms_for(rank, billed, listed)
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
            agreement = contract(month, customer_id, provider)
            invoice(month, customer_id, [line], contract_id=agreement)
            month.seed("BL01", -fee, sid, invoice(month, customer_id, [line], contract_id=agreement))
        elif seeded == "CR05":
            invoice(month, customer_id, [line])
            credit = (sid, product, D("0.25"), fee, 1, 30, D(1))
            month.seed("CR05", D("120.00"), sid, invoice(month, customer_id, [credit], doc_class="credit_note"))
    for (customer_id, _), lines in together.items():
        invoice(month, customer_id, lines)
    subscription(month, "S-X01", "C-BR-4", "aws", "70000000001", "aws_consumption", "aws", "markup_pct_on_cost", price_value="0.12")
    identify(month, "C-BR-4", "aws_account_id", "70000000001")
    month.seed("EX05", D("-320.00"), "S-X01", invoice(month, "C-BR-4", [whole_month(month, "S-X01", "aws_consumption", D("320.00"))]))
    month.seed("EX04", D("-230.00"), "", invoice(month, "C-BR-3", [whole_month(month, None, "SERVICIO-VARIOS", D("230.00"))]))


def billed_lines(subscription_id, product, lines, days=30):
    """Invoice lines for seats; day 39 is the ninth of the next month, and 30 days are one month either way."""
    return [(subscription_id, product, D(seats), D(price), start, end, D(end - start + 1) / days) for seats, price, start, end in lines]


CSP_COLUMNS = """PartnerId CustomerId CustomerName CustomerDomainName CustomerCountry InvoiceNumber MpnId ResellerMpnId OrderId OrderDate
ProductId SkuId AvailabilityId SkuName ProductName ChargeType UnitPrice Quantity Subtotal TaxTotal Total Currency PriceAdjustmentDescription
PublisherName PublisherId SubscriptionDescription SubscriptionId ChargeStartDate ChargeEndDate TermAndBillingCycle EffectiveUnitPrice UnitType
AlternateId BillableQuantity BillingFrequency PricingCurrency PCToBCExchangeRate PCToBCExchangeRateDate MeterDescription ReservationOrderId
CreditReasonCode SubscriptionStartDate SubscriptionEndDate ReferenceId ProductQualifiers PromotionId""".split()


def us_date(day):
    return f"{day.month}/{day.day}/{day.year}"


def csp_line(number, customer_id, product, name, psid, charge_type, unit_price, quantity, effective, subtotal, start, end, **more):
    """One line of the reconciliation file, with the quirks of the portal's export: guards, scientific zero, no fixed case."""
    product_id, sku_id = product.split(":")
    guarded = number % 3 == 0
    return {
        "PartnerId": guid("partner"), "CustomerId": guid(customer_id), "CustomerName": facts.CUSTOMERS[customer_id][0],
        "CustomerDomainName": f"{customer_id.lower()}.example", "CustomerCountry": customer_id[2:4], "InvoiceNumber": "G024090099",
        "MpnId": "6034453", "ResellerMpnId": "0", "OrderId": f"orden{number:04d}", "OrderDate": us_date(start), "ProductId": product_id,
        "SkuId": sku_id, "AvailabilityId": "DZH318Z08B80", "SkuName": name, "ProductName": name, "ChargeType": charge_type,
        "UnitPrice": plain(unit_price), "Quantity": f"'{D(quantity):.18f}" if guarded else plain(D(quantity)), "Subtotal": subtotal,
        "TaxTotal": "'0E-20" if guarded else "0", "Total": subtotal, "Currency": "USD", "PublisherName": "Microsoft", "PublisherId": "NA",
        "SubscriptionDescription": name, "SubscriptionId": psid, "ChargeStartDate": us_date(start), "ChargeEndDate": us_date(end),
        "EffectiveUnitPrice": f"'{effective:.15f}" if guarded else plain(effective), "UnitType": "Licenses",
        "BillableQuantity": plain(D(quantity)), "BillingFrequency": "Monthly", "PricingCurrency": "USD", "PCToBCExchangeRate": "1",
        "PCToBCExchangeRateDate": "9/30/2024", **more,
    }


def microsoft(month):
    """Seats and an Azure plan: the reconciliation file, the contracts and the invoices."""
    first, rows = date.fromisoformat(f"{month.period}-01"), []
    for sid, customer_id, product, price, currency, term, start, charges, billed, seeded in facts.CSP:
        name, unit_price, cost = facts.PRODUCTS[product]
        term_start = start if term == "P1Y" else first
        term_end = date(start.year + 1, start.month, start.day) - timedelta(1) if term == "P1Y" else date(2024, 9, 30)
        for charge_type, seats, day, last in charges:
            effective = cost * (last - day + 1) / 30
            subtotal = effective.quantize(D("0.01"), ROUND_DOWN) * seats
            rows.append(csp_line(len(rows) + 1, customer_id, product, name, guid(sid), charge_type, unit_price, seats, effective, subtotal,
                                 first + timedelta(day - 1), first + timedelta(last - 1), TermAndBillingCycle=facts.CSP_TERMS[term],
                                 SubscriptionStartDate=us_date(term_start), SubscriptionEndDate=us_date(term_end)))
        ended = {"status": "terminated", "end_date": "2024-08-31", "auto_renew": "false"} if seeded == "TP01" else {}
        subscription(month, sid, customer_id, "microsoft", guid(sid), product, "csp_licence", "per_unit", quantity=charges[-1][1],
                     unit_price=price, price_period="month", currency=currency, term=term, start=start, **ended)
        amount = {"QT01": 5 * price, "QT03": 6 * price * 20 / 30, "PR01": 50 * (price - D("21.50")), "TP01": 25 * cost}.get(seeded)
        if seeded:
            month.seed(seeded, amount, sid)
        if billed:
            invoice(month, customer_id, billed_lines(sid, product, billed), contract_currency=currency)
    gross, product = D(0), "DZH318Z0BPS6:006G"
    for meter, unit, unit_price, quantity in facts.AZURE:
        subtotal = (unit_price * quantity * D("0.85")).quantize(D("0.01"), ROUND_DOWN)
        gross += unit_price * quantity
        rows.append(csp_line(len(rows) + 1, "C-CL-4", product, "Azure plan", guid("S-A01"), "new", unit_price, quantity, subtotal / quantity,
                             subtotal, first, date(2024, 9, 30), TermAndBillingCycle=meter, MeterDescription=meter, UnitType=unit,
                             PriceAdjustmentDescription='["15.0% Partner earned credit for services managed"]'))
    subscription(month, "S-A01", "C-CL-4", "microsoft", guid("S-A01"), product, "azure", "markup_pct_on_cost", price_value="0.08")
    invoice(month, "C-CL-4", [whole_month(month, "S-A01", product, gross * D("1.08"))])
    for customer_id in sorted({row[1] for row in facts.CSP} | {"C-CL-4"}):
        identify(month, customer_id, "ms_tenant_id", guid(customer_id))
    header(month, "microsoft", "G024090099", guid("partner"), sum(row["Subtotal"] for row in rows))
    return rows


def header(month, provider, invoice_id, account, total):
    month.add("provider_invoices/headers", provider=provider, invoice_id=invoice_id, billing_account_id=account,
              issued_on="2023-12-08" if month.period == "2023-11" else "2024-10-08", currency="USD", net_total=in_cents(total, 2), tax_total="0.00",
              total=in_cents(total, 2))


def google(month):
    """The reseller export as JSON Lines: reseller margin is a credit that the customer never sees."""
    rows, cost, listed = [], defaultdict(D), defaultdict(D)
    for project, customer_id, service, sku, usage, list_cost, own_cost, discount, margin, cost_type in facts.GCP:
        credits = [{"id": None, "full_name": "Sustained Usage Discount", "type": "SUSTAINED_USAGE_DISCOUNT", "name": "Sustained Usage Discount",
                    "amount": discount, "channel_partner_amount": discount, "customer_amount": discount}] if discount else []
        if margin:
            credits.append({"id": None, "full_name": "Reseller margin", "type": "RESELLER_MARGIN", "name": "Reseller margin", "amount": margin,
                            "channel_partner_amount": "0", "customer_amount": "0"})
        if cost_type != "tax":
            cost[project] += D(own_cost) + D(discount or 0)
            listed[project] += D(list_cost)
        code = guid(service + sku).upper()
        rows.append({
            "billing_account_id": f"01{guid(project)[:4].upper()}-AAAAAA-BBBBBB", "payer_billing_account_id": "01MUES-TRA000-000001",
            "invoice": {"month": "202409"}, "cost_type": cost_type, "service": {"id": code[:14], "description": service},
            "sku": {"id": code[24:], "description": sku}, "usage_start_time": "2024-09-01T07:00:00Z", "usage_end_time": "2024-09-30T07:00:00Z",
            "project": {"id": project, "number": "1000000000", "name": project, "labels": [{"key": "origen", "value": "sintetico"}]},
            "labels": [], "system_labels": [], "location": {"location": "southamerica-east1", "country": "BR", "region": "southamerica-east1"},
            "cost": own_cost, "currency": "USD", "currency_conversion_rate": 1, "usage": {"amount": usage, "unit": "hour", "pricing_unit": "hour",
            "amount_in_pricing_units": usage}, "credits": credits, "adjustmentsInfo": [], "export_time": "2024-10-03T04:10:00Z",
            "entitlement_name": f"accounts/A000/customers/{customer_id}/entitlements/{project}", "customer_name": f"accounts/A000/customers/{customer_id}",
            "customer_cost": own_cost, "cost_at_list": list_cost if cost_type != "tax" else own_cost, "customer_repricing_config_name": None,
            "customer_correlation_id": customer_id, "transaction_type": "GOOGLE", "seller_name": None,
        })
    for n, (project, (basis, value)) in enumerate(facts.GCP_PRICES.items(), 1):
        customer_id = next(row[1] for row in facts.GCP if row[0] == project)
        identify(month, customer_id, "gcp_project", project)
        revenue = cost[project] * (1 + value) if basis == "markup_pct_on_cost" else listed[project] * (1 - value)
        subscription(month, f"S-G0{n}", customer_id, "gcp", project, "gcp_consumption", "gcp", basis, price_value=value, pass_credits="true")
        invoice(month, customer_id, [whole_month(month, f"S-G0{n}", "gcp_consumption", revenue)])
    return rows


def vendor(month):
    """Licences of the made-up security vendor."""
    total, charge_no = D(0), 0
    for period, sid, customer_id, product, seats, listed, cost, price, billed, seeded in facts.LICENCES:
        if period != month.period:
            continue
        licence, charge_no = f"LIC-{sid[2:]}", charge_no + 1
        total += seats * D(cost)
        invoice_no = f"MUR-{period.replace('-', '')}"
        month.add("vendor/licence_charges", vendor="muralla", invoice_id=invoice_no, line_no=charge_no, licence_id=licence,
                  customer_ref=customer_id, product_code=product, description=f"{product} sintetico", charge_type="cycle", quantity=seats,
                  unit_price=cost, list_price=listed, amount=seats * D(cost), currency="USD", period_from=f"{period}-01", period_to=f"{period}-30")
        identify(month, customer_id, "vendor_account", licence)
        subscription(month, sid, customer_id, "muralla", licence, product, "cybersecurity", "per_unit", quantity=seats, unit_price=price,
                     price_period="month", term="P1M")
        invoice(month, customer_id, billed_lines(sid, product, billed))
        amount = {"PR02": -150 * (D("4.95") - D(price)), "TP06": 80 * D(price) * 10 / 30, "QT02": -2 * D(price)}.get(seeded)
        if seeded:
            month.seed(seeded, amount, sid)
    header(month, "muralla", invoice_no, "MUR", total)


def meter(month):
    """Printers of C-PE-3: 6,800 pages read, 5,000 included, 0.012 each beyond: 120.00 + 1,800 x 0.012 = 141.60 USD."""
    for read_at, value in (("2024-09-01T00:00:00", "41200"), ("2024-09-30T23:00:00", "48000")):
        month.add("meters/readings", meter_id="MED-001", counter="paginas", read_at=read_at, value=value, unit="pagina", reading_kind="actual",
                  customer_ref="C-PE-3")
    identify(month, "C-PE-3", "meter_id", "MED-001")
    subscription(month, "S-P01", "C-PE-3", "own", "MED-001", "IMPRESION-A4", "metered", "metered", unit_price="120.00", price_period="month",
                 included_quantity="5000", overage_price="0.012")
    invoice(month, "C-PE-3", [whole_month(month, "S-P01", "IMPRESION-A4", D("141.60"))])


def august(month):
    """Five August documents and how they were paid in September, one of them short."""
    subscriptions = {row["subscription_id"]: row for row in month.tables["crm/subscriptions"]}
    for n, (sid, seats, price, kept, short) in enumerate(facts.AUGUST, 1):
        sold = subscriptions[sid]
        line = (sid, sold["product_code"], D(seats), D(price), 1, 31, D(1))
        invoice_id = invoice(month, sold["customer_id"], [line], period="2024-08", contract_currency=sold["currency"])
        document = month.tables["erp/invoices"][-1]
        due, company, currency = document["total_amount"], document["company_id"], document["currency"]
        if kept:
            kind, code, base, share, decimals = kept
            deducted = in_cents(document[f"{base}_amount"] * share, decimals)
            month.add("erp/payment_applications", application_id=f"AP-{n}-2", company_id=company, invoice_id=invoice_id, kind=kind, tax_code=code,
                      certificate_no=f"CERT-{n:04d}", applied_on="2024-09-18", amount=deducted)
            due -= deducted
        paid = due - short
        month.add("erp/payments", payment_id=f"PAGO-{n}", customer_id=sold["customer_id"], payment_date="2024-09-18", method="transferencia",
                  currency=currency, amount=paid, fx_rate=1, reference=invoice_id, status="received")
        month.add("erp/payment_applications", application_id=f"AP-{n}-1", payment_id=f"PAGO-{n}", company_id=company, invoice_id=invoice_id,
                  kind="cash", applied_on="2024-09-18", amount=paid)
        document["open_amount"] = short
        if short:
            month.seed("CO01", short / fx(document["country"], ISSUED["2024-08"]), "", invoice_id)


def aws_2023(month):
    """The real CUR of 2023-11: one account, resold at cost + 15 %; its Tax lines are not resold."""
    with CUR_FILE.open(newline="") as stream:
        cost = sum((D(row["lineItem/UnblendedCost"]) for row in csv.DictReader(stream) if row["lineItem/LineItemType"] != "Tax"), D(0))
    subscription(month, "S-W01", "C-PE-1", "aws", "123412340534", "aws_consumption", "aws", "markup_pct_on_cost", price_value="0.15")
    identify(month, "C-PE-1", "aws_account_id", "123412340534")
    invoice(month, "C-PE-1", [whole_month(month, "S-W01", "aws_consumption", cost * D("1.15"))])


def operations_and_people(month):
    """A little of the rest of the house, so that its marts are not empty."""
    month.add("crm/opportunities", opportunity_id="OP-1", customer_id="C-CO-1", name="Ampliacion de asientos", stage="propuesta", status="open",
              amount="1900.80", currency="USD", created_at="2024-09-03T14:00:00", expected_close="2024-11-15", probability_pct="60", country="CO")
    month.add("crm/opportunities", opportunity_id="OP-2", customer_id="C-PE-4", name="Business Premium", stage="ganada", status="won",
              amount="9757.20", currency="USD", quoted_margin_pct="20", created_at="2024-08-05T15:00:00", closed_at="2024-08-28T17:30:00", country="PE")
    month.add("crm/renewals", subscription_id="S-M10", customer_id="C-AR-4", renewal_due_date="2025-07-10", mrr_due="210.00", currency="USD", decision="pending")
    month.add("crm/renewals", subscription_id="S-V03", customer_id="C-AR-2", renewal_due_date="2024-09-01", mrr_due="900.00", currency="USD",
              decision="renewed", decided_at="2024-08-20", new_subscription_id="S-V03", new_mrr="900.00")
    for n, (customer_id, sid, priority, kind, hours) in enumerate((("C-PE-1", "S-M01", "P2", "incident", 3), ("C-CL-2", "S-M03", "P3", "request", 20),
                                                                  ("C-PE-3", "S-P01", "P3", "consumable", 26), ("C-CO-3", "S-G01", "P1", "incident", 2)), 1):
        month.add("operations/tickets", ticket_id=f"T-{n}", customer_id=customer_id, subscription_id=sid, priority=priority, kind=kind,
                  created_at=f"2024-09-0{n + 1}T13:00:00", first_response_at=f"2024-09-0{n + 1}T13:20:00",
                  resolved_at=f"2024-09-{n + 1 + hours // 24:02d}T{13 + hours % 24 if hours % 24 < 11 else 23}:00:00", reopened_count=0,
                  sla_response_minutes=60, sla_resolution_minutes=1440, status="closed")
    month.add("operations/deliveries", delivery_id="E-1", contract_id=contract(month, "C-PE-4", "microsoft"), customer_id="C-PE-4",
              subscription_id="S-M11", milestone="alta de licencias", planned_on="2024-09-02", provisioned_at="2024-09-01T15:00:00",
              delivered_at="2024-09-02T16:00:00", accepted_at="2024-09-03T18:00:00", acceptance_doc="ACTA-1", training_done="true")
    month.add("operations/timesheets", timesheet_id="H-1", customer_id="C-PE-3", subscription_id="S-P01", worked_on="2024-09-12", hours="2", billable="false")
    for country in facts.COUNTRIES:
        for week in (2, 9, 16, 23):
            month.add("people/roster", analyst_id=f"AN-{country}-1", country=country, week=f"2024-09-{week:02d}", planned_hours="40", available_hours="36")
        month.add("people/certifications", analyst_id=f"AN-{country}-1", skill="nce_licence", valid_from="2024-01-01", valid_to="2024-12-31")
    month.add("people/improvement_spend", spend_id="G-1", spent_on="2024-09-10", pillar="automatizacion", kind="opex", amount="1200.00", currency="USD",
              country="PE", approved_by="gerencia")


def csv_text(rows, columns=None, newline="\n"):
    columns = columns or list(dict.fromkeys(name for row in rows for name in row if name != "source_system")) + ["source_system"]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, restval="", lineterminator=newline)
    writer.writeheader()
    writer.writerows({name: plain(value) if isinstance(value, D) and value.as_tuple().exponent < -4 else value for name, value in row.items()} for row in rows)
    return stream.getvalue()


def make(folder):
    """Write every synthetic file of the sample below `folder`."""
    september, november = Month("2024-09"), Month("2023-11")
    files = {}
    for month in (september, november):
        base_tables(month)
        if month is september:
            focus_contracts(month)
            files["inbox/microsoft_csp_invoice/2024-09/reconciliation_synthetic.csv"] = "\ufeff" + csv_text(microsoft(month), CSP_COLUMNS, "\r\n")
            lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in google(month)]
            files["inbox/gcp_billing/2024-09/reseller_export_synthetic.jsonl"] = "\n".join(lines) + "\n"
        else:
            aws_2023(month)
        vendor(month)
        if month is september:
            meter(month)
            august(month)
            operations_and_people(month)
        for name, rows in month.tables.items():
            source, table = name.split("/")
            files[f"inbox/{source}/{month.period}/{table}.csv"] = csv_text(rows)
    for name, month in (("truth.csv", september), ("truth-2023-11.csv", november)):
        body = [dict(zip(("class_code", "subscription_id", "amount_usd", "invoice_id", "note"), row)) for row in sorted(month.truth)]
        files[name] = csv_text(body, ["class_code", "subscription_id", "amount_usd", "invoice_id", "note"])
    for name, text in sorted(files.items()):
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return sorted(files)


if __name__ == "__main__":
    print("\n".join(make(sys.argv[1] if len(sys.argv) > 1 else HERE)))
