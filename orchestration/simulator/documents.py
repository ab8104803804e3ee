"""What the reseller invoices: documents, lines, and the money that comes back.

Lives here: lines priced from contract terms, documents, payments with legal deductions. Does not: what should be invoiced.

Readings: a line's net is round(q · months · unit price · (1 − discount)) half up at the document's subunit, from the unit price as
printed (8 decimals unless the line says fewer). Tax is on the net, per line. A credit note has the rate of the document it applies to. Customers pay every
open document in the next month, some a part of it before, all on time: cash = total − notes − deductions that the country's law lets them keep, each with a certificate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from orchestration.simulator.calendar import DAY, first, on, shift
from orchestration.simulator.known import known
from orchestration.simulator.money import HUNDRED, ONE, ZERO, places, rounded, subunit
from orchestration.simulator.people import Customer


@dataclass(slots=True)
class Line:
    """One line in contract terms; the document's rate turns it into document currency."""

    subscription_id: str
    product_code: str
    description: str
    quantity: Decimal
    months: Decimal
    price: Decimal
    """Contract currency, per month."""
    start: date
    end: date
    months_per_price: int = 1
    """12 where the contract states yearly prices."""
    discount_pct: Decimal = ZERO
    billed_months: Decimal | None = None
    """What the net was computed on, where it is not what the period says (TP05)."""
    override_user: str = ""
    decimals: int = 8
    """How many decimals of the unit price are printed; the net is computed from what is printed."""
    states_period: bool = True
    """Whether the printed line says from when to when it bills; else its document's date says the month."""
    net: Decimal | None = None

    @property
    def amount(self) -> Decimal:
        """Contract currency, before any rounding."""
        months = self.months if self.billed_months is None else self.billed_months
        return self.quantity * months * self.price * (1 - self.discount_pct / HUNDRED)

    def unit_price(self, rate: Decimal) -> Decimal:
        """As printed: document currency, so many decimals."""
        return places(self.price * self.months_per_price * rate, self.decimals)

    def settle(self, rate: Decimal, currency: str) -> Decimal:
        """The printed net."""
        months = self.months if self.billed_months is None else self.billed_months
        exact = (
            self.quantity * months * self.unit_price(rate) / self.months_per_price * (1 - self.discount_pct / HUNDRED)
        )
        return rounded(exact, currency)


@dataclass(slots=True)
class Application:
    """Money or a deduction applied to one document."""

    kind: str
    applied_on: date
    amount: Decimal
    tax_code: str = ""
    certificate: str = ""
    approved_by: str = ""


@dataclass(slots=True)
class Document:
    """One invoice or note."""

    customer: Customer
    issued: date
    currency: str
    rate: Decimal
    """Document currency per unit of contract currency, as used."""
    stated_rate: Decimal | None
    """What the document says it used; None where it says nothing."""
    lines: list[Line] = field(default_factory=list)
    doc_class: str = "invoice"
    applies_to: Document | None = None
    stands_alone: bool = False
    """Never shares a document with the customer's other subscriptions."""
    header_loses: Line | None = None
    """A line that the header's sum forgot (BL05)."""
    is_unpaid: bool = False
    legal_status: str = "accepted"
    status: str = "posted"
    is_seeded: bool = False
    """Whether its cash has already been tampered with."""
    number: str = ""
    merged_into: Document | None = None
    notes: list[Document] = field(default_factory=list)
    payments: list[Application] = field(default_factory=list)
    net: Decimal = ZERO
    tax: Decimal = ZERO

    @property
    def id(self) -> str:
        """The number, or that of the document that took these lines in."""
        return self.merged_into.id if self.merged_into else self.number

    @property
    def total(self) -> Decimal:
        """Net and tax."""
        return self.net + self.tax

    @property
    def sign(self) -> int:
        """−1 for a note, +1 for an invoice."""
        return -1 if self.doc_class == "credit_note" else 1

    def line_tax(self, line: Line) -> Decimal:
        """The country's tax on one line's net."""
        return rounded(known(line.net) * self.customer.country.tax_pct / HUNDRED, self.currency)

    def settle(self) -> None:
        """Fix the printed amounts: lines first, then the header as their sum."""
        for line in self.lines:
            if line.net is None:
                line.net = line.settle(self.rate, self.currency)
        counted = [line for line in self.lines if line is not self.header_loses]
        self.net = sum((known(line.net) for line in counted), ZERO)
        self.tax = sum((self.line_tax(line) for line in counted), ZERO)

    def note(self, issued: date, lines: list[Line], *, references: bool = True) -> Document:
        """A credit note over the same customer, currency and rate."""
        made = Document(
            self.customer,
            issued,
            self.currency,
            self.rate,
            self.stated_rate,
            lines,
            "credit_note",
            self if references else None,
            True,
        )
        if references:
            self.notes.append(made)
        return made

    def debit(self, line: Line) -> Document:
        """A debit note over one line that the invoice forgot."""
        return Document(
            self.customer, self.issued, self.currency, self.rate, self.stated_rate, [line], "debit_note", self, True
        )


def deductions(document: Document, paid_on: date) -> list[Application]:
    """What the customer may keep by law, each documented by a certificate."""
    who, total, net, tax = document.customer, document.total, document.net, document.tax
    country, local = who.country.code, document.currency == who.country.currency
    kept: list[tuple[str, str, Decimal]] = []
    if country == "PE" and local and total > 700:
        if document.issued.day % 2:
            kept.append(("detraccion", "SPOT_037", (total * Decimal("0.12")).quantize(ONE, ROUND_HALF_UP)))
        elif who.withholds:
            kept.append(("withholding", "IGV_RETENCION", rounded(total * Decimal("0.03"), document.currency)))
    elif country == "CO" and who.withholds:
        kept.append(("withholding", "RETEFUENTE_SOFTWARE", rounded(net * Decimal("0.035"), document.currency)))
        kept.append(("withholding", "RETEIVA", rounded(tax * Decimal("0.15"), document.currency)))
    elif country == "AR" and who.withholds:
        kept.append(("withholding", "RET_GANANCIAS_RG830", rounded(net * Decimal("0.02"), document.currency)))
    elif country == "BR" and who.withholds and all(line.product_code.startswith("OS-") for line in document.lines):
        kept.append(("withholding", "CSRF", rounded(net * Decimal("0.0465"), document.currency)))
    return [
        Application(kind, paid_on, amount, code, f"{code}-{document.id}") for kind, code, amount in kept if amount > 0
    ]


def collect(document: Document, period: str) -> None:
    """Settle an invoice in the month after the one it belongs to; now and then a part of it comes before, and is not due yet."""
    issued_in = f"{document.issued:%Y-%m}"
    paid_on = max(on(shift(period, 1), document.customer.pay_day), document.issued + DAY)
    for note in document.notes:
        document.payments.append(Application("credit_note", max(note.issued, first(issued_in)), note.total))
    open_amount = document.total - sum((note.total for note in document.notes), ZERO)
    if open_amount <= 0:
        return
    kept = [] if document.notes else deductions(document, paid_on)
    pennies = 50 * subunit(document.currency)
    if document.customer.number % 23 == 0 and open_amount > 1000 * pennies:
        kept.append(Application("write_off", paid_on, pennies, approved_by="tesoreria"))
    cash = open_amount - sum((entry.amount for entry in kept), ZERO)
    instalment = rounded(cash / 3, document.currency)
    if document.customer.number % 11 == 0 and instalment > 0 and not document.notes:
        document.payments.append(Application("cash", document.issued + DAY, instalment))
        cash -= instalment
    document.payments += [*kept, Application("cash", paid_on, cash)]
