"""Microsoft Partner Center files: invoice reconciliation and daily rated usage, as CSV or as Graph JSON Lines with a manifest.

Lives here: columns and quirks of both forms. Does not: prices.

Quirks kept on purpose: BOM and CRLF, three casings of ChargeType, Excel's apostrophe and scientific zero, M/D/YYYY dates with
inclusive ends, SKU ids with leading zeros, several gzip parts per manifest.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from orchestration.simulator import calendar, consumption
from orchestration.simulator.chance import Chance, guid
from orchestration.simulator.charges import Charge
from orchestration.simulator.files.tables import Csv, Lines
from orchestration.simulator.known import known
from orchestration.simulator.money import ONE, ZERO, places, text
from orchestration.simulator.people import tenant
from orchestration.simulator.story import Story, billing_rate

_INVOICE = (
    "PartnerId CustomerId CustomerName CustomerDomainName CustomerCountry InvoiceNumber MpnId ResellerMpnId OrderId OrderDate ProductId SkuId "
    "AvailabilityId SkuName ProductName ChargeType UnitPrice Quantity Subtotal TaxTotal Total Currency PriceAdjustmentDescription PublisherName "
    "PublisherId SubscriptionDescription SubscriptionId ChargeStartDate ChargeEndDate TermAndBillingCycle EffectiveUnitPrice UnitType AlternateId "
    "BillableQuantity BillingFrequency PricingCurrency PCToBCExchangeRate PCToBCExchangeRateDate MeterDescription ReservationOrderId "
    "CreditReasonCode SubscriptionStartDate SubscriptionEndDate ReferenceId ProductQualifiers PromotionId ProductCategory"
)
INVOICE = _INVOICE.split()
_USAGE = (
    "PartnerId PartnerName CustomerId CustomerName CustomerDomainName CustomerCountry MpnId Tier2MpnId InvoiceNumber ProductId SkuId "
    "AvailabilityId SkuName ProductName PublisherName PublisherId SubscriptionDescription SubscriptionId ChargeStartDate ChargeEndDate UsageDate "
    "MeterType MeterCategory MeterId MeterSubCategory MeterName MeterRegion Unit ResourceLocation ConsumedService ResourceGroup ResourceURI "
    "ChargeType UnitPrice Quantity UnitType BillingPreTaxTotal BillingCurrency PricingPreTaxTotal PricingCurrency ServiceInfo1 ServiceInfo2 Tags "
    "AdditionalInfo EffectiveUnitPrice PCToBCExchangeRate PCToBCExchangeRateDate EntitlementId EntitlementDescription "
    "PartnerEarnedCreditPercentage CreditPercentage CreditType BenefitOrderId BenefitId BenefitType"
)
USAGE = _USAGE.split()
PEC_WORDS = '["15.0% Partner earned credit for services managed"]'
API_NAMES = {
    "PCToBCExchangeRate": "pcToBCExchangeRate",
    "PCToBCExchangeRateDate": "pcToBCExchangeRateDate",
    "Total": "totalForCustomer",
}
PART_ROWS = 250_000
CASES = (str, lambda word: word[:1].upper() + word[1:], str.lower)


class Partner:
    """One month of one partner tenant: an invoice per billing currency, and the daily usage of its Azure plans."""

    def __init__(self, inbox: Path, seed: int, period: str, *, as_graph: bool):
        self._seed, self.period, self._as_graph = seed, period, as_graph
        self.partner = guid(seed, "partner")
        self._invoices: dict[str, _Csv | _Graph] = {}
        self._folder = inbox / "microsoft_csp_invoice" / period
        usage = inbox / "microsoft_csp_usage" / period
        self._usage = (
            _Csv(usage / "daily_rated_usage.csv", USAGE)
            if as_graph
            else _Graph(usage, USAGE, guid(seed, "usage", period))
        )
        self.totals: dict[str, Decimal] = {}

    def number(self, currency: str) -> str:
        """The invoice number: one invoice per billing currency."""
        return f"G{self.period.replace('-', '')}{ {'USD': 1, 'BRL': 2}[currency]:04d}"

    def write(self, story: Story) -> None:
        """All lines of one subscription."""
        currency = story.agreement.cost_currency
        if currency not in self._invoices:
            where = (
                self._folder / self.number(currency)
                if self._as_graph
                else self._folder / f"{self.number(currency)}.csv"
            )
            self._invoices[currency] = (
                _Graph(where, INVOICE, guid(self._seed, "invoice", self.period))
                if self._as_graph
                else _Csv(where, INVOICE)
            )
        for at, charge in enumerate(story.charges):
            row = self._line(story, charge, Chance(self._seed, "line", story.agreement.number, self.period, at))
            self._invoices[currency].row(row)
            self.totals[currency] = self.totals.get(currency, ZERO) + charge.cost - charge.margin
            if charge.kind in {"usage", "market"}:
                self._daily(story, charge, row)

    def _line(self, story: Story, charge: Charge, chance: Chance) -> dict[str, object]:
        agreement, who = story.agreement, story.agreement.customer
        licence = charge.kind == "seat"
        product, sku = charge.code.split(":")
        net = charge.cost - charge.margin
        months = net / charge.quantity if charge.quantity else ZERO
        rate = billing_rate(agreement, story.period, story.rates)
        effective = (
            places(charge.price * calendar.months_covered(agreement.anchor, charge.start, charge.end), 15)
            if licence
            else places(months, 15)
        )
        name = known(agreement.product).name if licence else known(charge.meter).service
        yearly = agreement.term == "P1Y" or charge.is_new_plan
        cycle = "yearly" if agreement.frequency == "annual" else "monthly"
        term = f"{'One-Year' if yearly else 'One-Month'} commitment for {cycle} billing" if licence else ""
        ends = _term_end(agreement.start, charge, 12 if yearly else 1, agreement.anchor)
        is_known = not charge.is_orphan
        return {
            "PartnerId": self.partner,
            "CustomerId": tenant(self._seed, who) if is_known else "",
            "CustomerName": who.name if is_known else "",
            "CustomerDomainName": who.domain.replace(".example", ".onmicrosoft.com") if is_known else "",
            "CustomerCountry": who.country.code,
            "InvoiceNumber": self.number(agreement.cost_currency),
            "MpnId": "6034453",
            "ResellerMpnId": chance.pick(("0", "-1", "6048879")),
            "OrderId": guid(agreement.provider_id, charge.start)[-12:],
            "OrderDate": charge.start,
            "ProductId": product,
            "SkuId": sku,
            "AvailabilityId": "CFQ7TTC0K5RQ" if licence else "DZH318Z08B80",
            "SkuName": name,
            "ProductName": name,
            "ChargeType": chance.pick(CASES)(charge.word),
            "UnitPrice": charge.list_price,
            "Quantity": abs(charge.quantity) if licence else charge.quantity,
            "Subtotal": net,
            "TaxTotal": ZERO,
            "Total": net,
            "Currency": agreement.cost_currency,
            "PriceAdjustmentDescription": PEC_WORDS if charge.margin else "",
            "PublisherName": charge.meter.publisher if charge.meter else "Microsoft",
            "PublisherId": "NA",
            "SubscriptionDescription": name if licence else "Azure plan",
            "SubscriptionId": agreement.provider_id if is_known else "",
            "ChargeStartDate": charge.start,
            "ChargeEndDate": charge.end,
            "TermAndBillingCycle": term,
            "EffectiveUnitPrice": effective,
            "UnitType": "Licenses" if licence else known(charge.meter).unit,
            "AlternateId": guid(agreement.provider_id)[-12:],
            "BillableQuantity": charge.quantity,
            "BillingFrequency": "Annual" if agreement.frequency == "annual" else "Monthly",
            "PricingCurrency": "USD",
            "PCToBCExchangeRate": rate,
            "PCToBCExchangeRateDate": calendar.first(story.period),
            "MeterDescription": "" if licence else known(charge.meter).name,
            "CreditReasonCode": "Azure Credit Offer" if charge.kind == "credit" else "",
            "SubscriptionStartDate": agreement.start
            if licence
            else calendar.on(calendar.period_of(agreement.start), 1),
            "SubscriptionEndDate": ends if licence else "",
            "ProductCategory": "license-based" if licence else "azure-plan",
        }

    def _daily(self, story: Story, charge: Charge, row: dict[str, object]) -> None:
        """The meter again, by entitlement and day; prices unrounded, as the daily file has them."""
        meter = known(charge.meter)
        for entitlement, n, day, quantity in consumption.daily(story, charge):
            earned = charge.margin > 0 and (entitlement, n) not in charge.unearned
            effective = charge.list_price * (1 - consumption.PEC if earned else ONE)
            total = places(quantity * effective, 10)
            identity = guid("entitlement", row["SubscriptionId"], *([entitlement] if entitlement else []))
            self._usage.row(
                {name: row[name] for name in USAGE if name in row and not name.startswith(("Charge", "Quantity"))}
                | {
                    "PartnerName": "Distribuidora Ejemplo",
                    "Tier2MpnId": "0",
                    "ChargeStartDate": calendar.first(story.period),
                    "ChargeEndDate": calendar.last(story.period),
                    "UsageDate": day,
                    "MeterType": meter.unit,
                    "MeterCategory": meter.service,
                    "MeterId": guid("meter", charge.code),
                    "MeterSubCategory": meter.service,
                    "MeterName": meter.name,
                    "MeterRegion": "BR South",
                    "Unit": meter.unit,
                    "ResourceLocation": "brazilsouth",
                    "ConsumedService": "Microsoft.Compute",
                    "ResourceGroup": "RG-PROD",
                    "ResourceURI": f"/subscriptions/{identity}/resourceGroups/RG-PROD",
                    "ChargeType": "new",
                    "Quantity": quantity,
                    "BillingPreTaxTotal": total,
                    "BillingCurrency": row["Currency"],
                    "PricingPreTaxTotal": total,
                    "EffectiveUnitPrice": effective,
                    "EntitlementId": identity,
                    "EntitlementDescription": f"Azure subscription {entitlement + 1}",
                    "PartnerEarnedCreditPercentage": 15 if earned else 0,
                    "CreditPercentage": 0,
                }
            )

    def close(self) -> None:
        """Finish the files."""
        for file in (*self._invoices.values(), self._usage):
            file.close()


def _term_end(start: date, charge: Charge, months: int, anchor: int) -> date:
    """The last day of the commitment that a charge belongs to."""
    end = charge.end
    if months == 1:
        return calendar.window(anchor, charge.start)[1]
    ends = start
    while ends <= end:
        ends = calendar.add_months(ends, 12)
    return ends - timedelta(days=1)


class _Csv:
    """The portal's CSV: BOM, CRLF, US dates, and now and then a guarded or scientific zero."""

    def __init__(self, path: Path, columns: Sequence[str]):
        self._csv, self._columns = Csv(path, columns, bom=True, end="\r\n"), columns

    def row(self, values: dict[str, object]) -> None:
        self._csv.cells([self._cell(name, values.get(name)) for name in self._columns])

    def _cell(self, name: str, value: object) -> object:
        if isinstance(value, date):
            return f"{value.month}/{value.day}/{value.year}"
        if name == "TaxTotal" and self._csv.count % 3 == 1:
            return "'0E-20"
        if name == "UnitPrice" and self._csv.count % 5 == 2 and isinstance(value, Decimal):
            return f"'{value:f}"
        return value

    def close(self) -> None:
        """Finish the files."""
        self._csv.close()


class _Graph:
    """An export of the Graph API: gzip JSON Lines in parts, named by a manifest that is written last."""

    def __init__(self, folder: Path, columns: Sequence[str], identity: str):
        self._folder, self._columns, self._identity = folder, columns, identity
        self._names = [(name, API_NAMES.get(name, name[:1].lower() + name[1:])) for name in columns]
        self._parts: list[Lines] = []

    def row(self, values: dict[str, object]) -> None:
        if not self._parts or self._parts[-1].count >= (PART_ROWS if len(self._parts) > 1 else 40):
            if self._parts:
                self._parts[-1].close()
            name = f"part-{len(self._parts):05d}-{self._identity}.c000.json.gz"
            self._parts.append(Lines(self._folder / name))
        cells = ((api, _json(name, values.get(name))) for name, api in self._names)
        self._parts[-1].write(json.dumps({api: cell for api, cell in cells if cell is not None}, ensure_ascii=False))

    def close(self) -> None:
        """Finish the files."""
        if not self._parts:
            return
        self._parts[-1].close()
        blobs = [{"name": part.path.name, "partitionValue": "default"} for part in self._parts]
        manifest = {
            "id": self._identity,
            "schemaVersion": "2",
            "dataFormat": "compressedJSONLines",
            "createdDateTime": "2026-01-08T00:00:00Z",
            "eTag": self._identity.replace("-", "")[:16],
            "partnerTenantId": guid("partner", self._identity),
            "rootDirectory": "https://example.invalid/export",
            "sasToken": "",
            "partitionType": "default",
            "blobCount": len(blobs),
            "blobs": blobs,
        }
        (self._folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _json(name: str, value: object) -> object:
    """Amounts travel as text, dates with a time of seven decimals or none."""
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00Z"
    return text(value) if isinstance(value, Decimal) else value
