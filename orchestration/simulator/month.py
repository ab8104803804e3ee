"""One month's inbox: every source's files, open together.

Lives here: which form each provider sends in which month, and where each story's rows go. Does not: the stories.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from orchestration.simulator import calendar
from orchestration.simulator.documents import Document
from orchestration.simulator.files import ledger, staff
from orchestration.simulator.files.aws import PAYER, Report
from orchestration.simulator.files.canonical import Extracts
from orchestration.simulator.files.google import Export
from orchestration.simulator.files.microsoft import Partner
from orchestration.simulator.files.oracle import TENANCY, Focus
from orchestration.simulator.known import known
from orchestration.simulator.money import ZERO
from orchestration.simulator.people import XREF_SYSTEM, Customer, tenant
from orchestration.simulator.rates import Rates
from orchestration.simulator.story import Story

VENDOR_WORDS = {"cycleCharge": "cycle", "addQuantity": "add", "removeQuantity": "remove", "cancelImmediate": "credit"}

LATE = 8 * calendar.DAY
"""Rates are delivered until the day the provider's invoice comes, for documents issued after the month's end."""


class Month:
    """The inbox of one period. Even months are sent as CSV and CUR 2.0, odd ones as Graph, legacy CUR, Parquet and from Windows."""

    def __init__(self, home: Path, seed: int, period: str, number: int, rates: Rates):
        inbox, odd = home / "inbox", number % 2 == 1
        self.period, self._seed, self._rates = period, seed, rates
        self.extracts = Extracts(inbox, period, from_windows=odd)
        self.microsoft = Partner(inbox, seed, period, as_graph=odd)
        self.aws = Report(inbox, seed, period, is_legacy=odd)
        self.google = Export(inbox, period, as_parquet=odd)
        self.oracle = Focus(inbox, period, zipped=odd)
        self._vendors: dict[str, Decimal] = {}
        self.lines = 0
        self.header_adjustments: dict[str, Decimal] = {}
        self.extra_headers: list[dict[str, object]] = []

    def story(self, story: Story) -> None:
        """One subscription: its provider's lines, its readings, its CRM rows."""
        agreement = story.agreement
        self.lines += len(story.charges)
        if story.charges:
            writer = {
                "csp_licence": self.microsoft.write,
                "azure": self.microsoft.write,
                "aws": self.aws.write,
                "gcp": self.google.write,
                "oracle": self.oracle.write,
                "cybersecurity": self._vendor,
            }[agreement.family]
            writer(story)
        for reading in story.readings:
            self.extracts.row(
                "meters/readings",
                meter_id=agreement.provider_id,
                counter="total",
                read_at=f"{reading.day}T{reading.hour}",
                value=reading.value,
                unit="page",
                reading_kind=reading.kind,
                customer_ref=agreement.customer.id,
            )
        for row in (*story.crm, *story.extra_crm):
            self.extracts.row("crm/subscriptions", **row)
        if story.contract:
            self.extracts.row("crm/contracts", **story.contract)
        if story.crm:
            self._renewal(story)
            staff.operations(self.extracts, story, self._seed)
        for payment in story.payments:
            self.extracts.row("erp/payments", **payment)

    def customer(self, who: Customer, stories: Iterable[Story], owner: str) -> None:
        """The customer and every identity by which a provider knows it."""
        self.extracts.row(
            "crm/customers",
            customer_id=who.id,
            customer_code=f"{who.country.code}-{who.number}",
            legal_name=who.name,
            country=who.country.code,
            fiscal_id=who.fiscal_id,
            email_domain=who.domain,
            segment=who.segment,
            status="internal" if who.is_internal else "active",
            withholding_agent=str(who.withholds).lower(),
            owner=owner,
        )
        known: dict[tuple[str, str], Story] = {}
        for story in stories:
            agreement = story.agreement
            system = XREF_SYSTEM.get(agreement.family)
            if system:
                for known_as in filter(None, (agreement.provider_id, story.moved_to)):
                    value = tenant(self._seed, who) if system == "ms_tenant_id" else known_as
                    known.setdefault((system, value), story)
        for (system, value), story in known.items():
            self.extracts.row(
                "crm/customer_xref",
                id_system=system,
                id_value=value,
                customer_id=who.id,
                valid_from="2024-01-01",
                valid_to=story.xref_until,
                match_method="tenant" if system == "ms_tenant_id" else "manual",
                approved_by="operaciones",
                approved_at="2024-01-01T10:00:00",
            )

    def document(self, document: Document) -> None:
        """One document of this month or the one before."""
        ledger.write(self.extracts, document, self.period, self._rates)

    def _vendor(self, story: Story) -> None:
        agreement = story.agreement
        for charge in story.charges:
            vendor = known(agreement.product).vendor
            months = calendar.months_covered(1, charge.start, charge.end)
            self._vendors[vendor] = self._vendors.get(vendor, ZERO) + charge.cost
            self.extracts.row(
                "vendor/licence_charges",
                vendor=vendor,
                invoice_id=self._vendor_invoice(vendor),
                line_no=self.extracts.count("vendor/licence_charges") + 1,
                licence_id=agreement.provider_id,
                customer_ref=agreement.customer.id,
                product_code=charge.code,
                description=known(agreement.product).name,
                charge_type=VENDOR_WORDS.get(charge.word, charge.word),
                quantity=charge.quantity,
                unit_price=charge.cost / charge.quantity,
                list_price=(charge.list_price * months).quantize(Decimal("0.0001")),
                amount=charge.cost,
                currency="USD",
                period_from=charge.start,
                period_to=charge.end,
            )

    def _vendor_invoice(self, vendor: str) -> str:
        return f"{vendor[:2].upper()}-{self.period.replace('-', '')}"

    def _renewal(self, story: Story) -> None:
        agreement = story.agreement
        if (
            agreement.term != "P1Y"
            or agreement.start.month != int(self.period[5:])
            or agreement.start.year >= int(self.period[:4])
        ):
            return
        monthly = (agreement.price or ZERO) * agreement.seats / (12 if agreement.price_period == "year" else 1)
        self.extracts.row(
            "crm/renewals",
            subscription_id=agreement.id,
            customer_id=agreement.customer.id,
            renewal_due_date=calendar.on(self.period, agreement.start.day),
            mrr_due=monthly,
            currency=agreement.currency,
            decision="renewed",
            decided_at=calendar.on(calendar.shift(self.period, -1), 20),
            new_mrr=monthly,
        )
        self.extracts.row(
            "crm/opportunities",
            opportunity_id=f"O{agreement.number:07d}{self.period.replace('-', '')}",
            customer_id=agreement.customer.id,
            name=f"Renovación {agreement.product_code}",
            stage="closed_won",
            status="won",
            amount=monthly * 12,
            currency=agreement.currency,
            quoted_margin_pct=15,
            created_at=f"{calendar.first(calendar.shift(self.period, -2))}T09:00:00",
            closed_at=f"{calendar.on(calendar.shift(self.period, -1), 20)}T17:00:00",
            expected_close=calendar.on(calendar.shift(self.period, -1), 25),
            probability_pct=100,
            country=agreement.customer.country.code,
        )

    def close(self) -> None:
        """Headers, rates and people, then every file."""
        headers = [
            ("microsoft", self.microsoft.number(ccy), self.microsoft.partner, ccy, (net, ZERO))
            for ccy, net in self.microsoft.totals.items()
        ]
        headers += [
            ("aws", self.aws.invoice, PAYER, "USD", self.aws.header),
            ("oracle", self.oracle.invoice, TENANCY, "USD", self.oracle.header),
        ]
        headers += [
            (name.lower(), self._vendor_invoice(name), name, "USD", (net, ZERO))
            for name, net in sorted(self._vendors.items())
        ]
        issued = calendar.on(calendar.shift(self.period, 1), 8)
        for provider, invoice, account, currency, (net, tax) in headers:
            if net or tax:
                self.header(provider, invoice, account, currency, net, tax, self.header_adjustments.get(provider, ZERO))
        for extra in self.extra_headers:
            self.extracts.row("provider_invoices/headers", issued_on=issued, **extra)
        for row in self._rates.rows(calendar.first(calendar.shift(self.period, -7)), calendar.last(self.period) + LATE):
            self.extracts.row("fx/fx_rates", **row)
        staff.people(self.extracts, self.period, self._seed)
        for file in (self.extracts, self.microsoft, self.aws, self.google, self.oracle):
            file.close()

    def header(
        self, provider: str, invoice: str, account: str, currency: str, net: Decimal, tax: Decimal, adjustments: Decimal
    ) -> None:
        """One provider invoice as its PDF states it."""
        issued = calendar.on(calendar.shift(self.period, 1), 8)
        self.extracts.row(
            "provider_invoices/headers",
            provider=provider,
            invoice_id=invoice,
            billing_account_id=account,
            issued_on=issued,
            currency=currency,
            net_total=net,
            tax_total=tax,
            adjustments=adjustments or None,
            total=net + tax + adjustments,
            due_on=calendar.on(calendar.shift(self.period, 3), 8),
        )
