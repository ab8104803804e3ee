"""Provider files that exist nowhere in public with real rows, made in their exact formats, with what was sold on them.

Lives here: the Microsoft CSP reconciliation file, the Google reseller export, vendor licences, a meter. Does not: hold
the facts. Standard library only.
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

import sample_facts as facts
from sample_month import billed_lines, guid, header, identify, invoice, plain, subscription, whole_month

CSP_COLUMNS = """
PartnerId CustomerId CustomerName CustomerDomainName CustomerCountry InvoiceNumber MpnId ResellerMpnId OrderId
OrderDate ProductId SkuId AvailabilityId SkuName ProductName ChargeType UnitPrice Quantity Subtotal TaxTotal Total
Currency PriceAdjustmentDescription PublisherName PublisherId SubscriptionDescription SubscriptionId ChargeStartDate
ChargeEndDate TermAndBillingCycle EffectiveUnitPrice UnitType AlternateId BillableQuantity BillingFrequency
PricingCurrency PCToBCExchangeRate PCToBCExchangeRateDate MeterDescription ReservationOrderId CreditReasonCode
SubscriptionStartDate SubscriptionEndDate ReferenceId ProductQualifiers PromotionId
""".split()  # noqa: SIM905  a header is copied here as it is published


def us_date(day):
    return f"{day.month}/{day.day}/{day.year}"


def csp_line(
    number, customer_id, product, name, psid, charge_type, unit_price, quantity, effective, subtotal, start, end, **more
):
    """One line of the reconciliation file, with the quirks of the portal's export: guards, scientific zero."""
    product_id, sku_id = product.split(":")
    guarded = number % 3 == 0
    return {
        "PartnerId": guid("partner"),
        "CustomerId": guid(customer_id),
        "CustomerName": facts.CUSTOMERS[customer_id][0],
        "CustomerDomainName": f"{customer_id.lower()}.example",
        "CustomerCountry": customer_id[2:4],
        "InvoiceNumber": "G024090099",
        "MpnId": "6034453",
        "ResellerMpnId": "0",
        "OrderId": f"orden{number:04d}",
        "OrderDate": us_date(start),
        "ProductId": product_id,
        "SkuId": sku_id,
        "AvailabilityId": "DZH318Z08B80",
        "SkuName": name,
        "ProductName": name,
        "ChargeType": charge_type,
        "UnitPrice": plain(unit_price),
        "Quantity": f"'{Decimal(quantity):.18f}" if guarded else plain(Decimal(quantity)),
        "Subtotal": subtotal,
        "TaxTotal": "'0E-20" if guarded else "0",
        "Total": subtotal,
        "Currency": "USD",
        "PublisherName": "Microsoft",
        "PublisherId": "NA",
        "SubscriptionDescription": name,
        "SubscriptionId": psid,
        "ChargeStartDate": us_date(start),
        "ChargeEndDate": us_date(end),
        "EffectiveUnitPrice": f"'{effective:.15f}" if guarded else plain(effective),
        "UnitType": "Licenses",
        "BillableQuantity": plain(Decimal(quantity)),
        "BillingFrequency": "Monthly",
        "PricingCurrency": "USD",
        "PCToBCExchangeRate": "1",
        "PCToBCExchangeRateDate": "9/30/2024",
        **more,
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
            subtotal = effective.quantize(Decimal("0.01"), ROUND_DOWN) * seats
            rows.append(
                csp_line(
                    len(rows) + 1,
                    customer_id,
                    product,
                    name,
                    guid(sid),
                    charge_type,
                    unit_price,
                    seats,
                    effective,
                    subtotal,
                    first + timedelta(day - 1),
                    first + timedelta(last - 1),
                    TermAndBillingCycle=facts.CSP_TERMS[term],
                    SubscriptionStartDate=us_date(term_start),
                    SubscriptionEndDate=us_date(term_end),
                )
            )
        ended = {"status": "terminated", "end_date": "2024-08-31", "auto_renew": "false"} if seeded == "TP01" else {}
        subscription(
            month,
            sid,
            customer_id,
            "microsoft",
            guid(sid),
            product,
            "csp_licence",
            "per_unit",
            quantity=charges[-1][1],
            unit_price=price,
            price_period="month",
            currency=currency,
            term=term,
            start=start,
            **ended,
        )
        amount = {
            "QT01": 5 * price,
            "QT03": 6 * price * 20 / 30,
            "PR01": 50 * (price - Decimal("21.50")),
            "TP01": 25 * cost,
        }.get(seeded)
        if seeded:
            month.seed(seeded, amount, sid)
        if billed:
            invoice(month, customer_id, billed_lines(sid, product, billed), contract_currency=currency)
    gross, product = Decimal(0), "DZH318Z0BPS6:006G"
    for meter, unit, unit_price, quantity in facts.AZURE:
        subtotal = (unit_price * quantity * Decimal("0.85")).quantize(Decimal("0.01"), ROUND_DOWN)
        gross += unit_price * quantity
        rows.append(
            csp_line(
                len(rows) + 1,
                "C-CL-4",
                product,
                "Azure plan",
                guid("S-A01"),
                "new",
                unit_price,
                quantity,
                subtotal / quantity,
                subtotal,
                first,
                date(2024, 9, 30),
                TermAndBillingCycle=meter,
                MeterDescription=meter,
                UnitType=unit,
                PriceAdjustmentDescription='["15.0% Partner earned credit for services managed"]',
            )
        )
    subscription(
        month, "S-A01", "C-CL-4", "microsoft", guid("S-A01"), product, "azure", "markup_pct_on_cost", price_value="0.08"
    )
    invoice(month, "C-CL-4", [whole_month(month, "S-A01", product, gross * Decimal("1.08"))])
    for customer_id in sorted({row[1] for row in facts.CSP} | {"C-CL-4"}):
        identify(month, customer_id, "ms_tenant_id", guid(customer_id))
    header(month, "microsoft", "G024090099", guid("partner"), sum(row["Subtotal"] for row in rows))
    return rows


def google(month):
    """The reseller export as JSON Lines: reseller margin is a credit that the customer never sees."""
    rows, cost, listed = [], defaultdict(Decimal), defaultdict(Decimal)
    for project, customer_id, service, sku, usage, list_cost, own_cost, discount, margin, cost_type in facts.GCP:
        credited = (
            [
                {
                    "id": None,
                    "full_name": "Sustained Usage Discount",
                    "type": "SUSTAINED_USAGE_DISCOUNT",
                    "name": "Sustained Usage Discount",
                    "amount": discount,
                    "channel_partner_amount": discount,
                    "customer_amount": discount,
                }
            ]
            if discount
            else []
        )
        if margin:
            credited.append(
                {
                    "id": None,
                    "full_name": "Reseller margin",
                    "type": "RESELLER_MARGIN",
                    "name": "Reseller margin",
                    "amount": margin,
                    "channel_partner_amount": "0",
                    "customer_amount": "0",
                }
            )
        if cost_type != "tax":
            cost[project] += Decimal(own_cost) + Decimal(discount or 0)
            listed[project] += Decimal(list_cost)
        code = guid(service + sku).upper()
        rows.append(
            {
                "billing_account_id": f"01{guid(project)[:4].upper()}-AAAAAA-BBBBBB",
                "payer_billing_account_id": "01MUES-TRA000-000001",
                "invoice": {"month": "202409"},
                "cost_type": cost_type,
                "service": {"id": code[:14], "description": service},
                "sku": {"id": code[24:], "description": sku},
                "usage_start_time": "2024-09-01T07:00:00Z",
                "usage_end_time": "2024-09-30T07:00:00Z",
                "project": {
                    "id": project,
                    "number": "1000000000",
                    "name": project,
                    "labels": [{"key": "origen", "value": "sintetico"}],
                },
                "labels": [],
                "system_labels": [],
                "location": {"location": "southamerica-east1", "country": "BR", "region": "southamerica-east1"},
                "cost": own_cost,
                "currency": "USD",
                "currency_conversion_rate": 1,
                "usage": {"amount": usage, "unit": "hour", "pricing_unit": "hour", "amount_in_pricing_units": usage},
                "credits": credited,
                "adjustmentsInfo": [],
                "export_time": "2024-10-03T04:10:00Z",
                "entitlement_name": f"accounts/A000/customers/{customer_id}/entitlements/{project}",
                "customer_name": f"accounts/A000/customers/{customer_id}",
                "customer_cost": own_cost,
                "cost_at_list": list_cost if cost_type != "tax" else own_cost,
                "customer_repricing_config_name": None,
                "customer_correlation_id": customer_id,
                "transaction_type": "GOOGLE",
                "seller_name": None,
            }
        )
    for n, (project, (basis, value)) in enumerate(facts.GCP_PRICES.items(), 1):
        customer_id = next(row[1] for row in facts.GCP if row[0] == project)
        identify(month, customer_id, "gcp_project", project)
        revenue = cost[project] * (1 + value) if basis == "markup_pct_on_cost" else listed[project] * (1 - value)
        subscription(
            month,
            f"S-G0{n}",
            customer_id,
            "gcp",
            project,
            "gcp_consumption",
            "gcp",
            basis,
            price_value=value,
            pass_credits="true",
        )
        invoice(month, customer_id, [whole_month(month, f"S-G0{n}", "gcp_consumption", revenue)])
    return rows


def vendor(month):
    """Licences of the made-up security vendor."""
    total, charge_no = Decimal(0), 0
    for period, sid, customer_id, product, seats, listed, cost, price, billed, seeded in facts.LICENCES:
        if period != month.period:
            continue
        licence, charge_no = f"LIC-{sid[2:]}", charge_no + 1
        total += seats * Decimal(cost)
        invoice_no = f"MUR-{period.replace('-', '')}"
        month.add(
            "vendor/licence_charges",
            vendor="muralla",
            invoice_id=invoice_no,
            line_no=charge_no,
            licence_id=licence,
            customer_ref=customer_id,
            product_code=product,
            description=f"{product} sintetico",
            charge_type="cycle",
            quantity=seats,
            unit_price=cost,
            list_price=listed,
            amount=seats * Decimal(cost),
            currency="USD",
            period_from=f"{period}-01",
            period_to=f"{period}-30",
        )
        identify(month, customer_id, "vendor_account", licence)
        subscription(
            month,
            sid,
            customer_id,
            "muralla",
            licence,
            product,
            "cybersecurity",
            "per_unit",
            quantity=seats,
            unit_price=price,
            price_period="month",
            term="P1M",
        )
        invoice(month, customer_id, billed_lines(sid, product, billed))
        amount = {
            "PR02": -150 * (Decimal("4.95") - Decimal(price)),
            "TP06": 80 * Decimal(price) * 10 / 30,
            "QT02": -2 * Decimal(price),
        }.get(seeded)
        if seeded:
            month.seed(seeded, amount, sid)
    header(month, "muralla", invoice_no, "MUR", total)


def meter(month):
    """Printers of C-PE-3: 6,800 pages read, 5,000 included, 0.012 each beyond: 120.00 + 1,800 x 0.012 = 141.60 USD."""
    for read_at, value in (("2024-09-01T00:00:00", "41200"), ("2024-09-30T23:00:00", "48000")):
        month.add(
            "meters/readings",
            meter_id="MED-001",
            counter="paginas",
            read_at=read_at,
            value=value,
            unit="pagina",
            reading_kind="actual",
            customer_ref="C-PE-3",
        )
    identify(month, "C-PE-3", "meter_id", "MED-001")
    subscription(
        month,
        "S-P01",
        "C-PE-3",
        "own",
        "MED-001",
        "IMPRESION-A4",
        "metered",
        "metered",
        unit_price="120.00",
        price_period="month",
        included_quantity="5000",
        overage_price="0.012",
    )
    invoice(month, "C-PE-3", [whole_month(month, "S-P01", "IMPRESION-A4", Decimal("141.60"))])
