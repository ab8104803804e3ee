"""One subscription in one month: what the provider charges, what the CRM says, what the ERP invoices. Clean.

Lives here: what a story is made of, and its single charges and invoice lines. Does not: what happens in a month (events), leaks,
file formats.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from orchestration.simulator import calendar
from orchestration.simulator.calendar import months_covered
from orchestration.simulator.charges import Charge
from orchestration.simulator.crm import uplift_on
from orchestration.simulator.documents import Document, Line
from orchestration.simulator.known import known
from orchestration.simulator.money import ONE, ZERO, cut, places
from orchestration.simulator.people import Agreement
from orchestration.simulator.rates import Rates


@dataclass(slots=True)
class Reading:
    """One counter reading."""

    day: date
    value: int
    kind: str = "actual"
    hour: str = "00:00:00"


@dataclass(slots=True)
class Life:
    """What carries over from month to month."""

    seats: int
    counter: int = 0


@dataclass(slots=True)
class Story:
    """One subscription, one month."""

    agreement: Agreement
    period: str
    rates: Rates
    crm: list[dict[str, object]]
    contract: dict[str, object] | None
    charges: list[Charge] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    """What is credited to the customer, each line by a note of its own."""
    documents: list[Document] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    extra_crm: list[dict[str, object]] = field(default_factory=list)
    payments: list[dict[str, object]] = field(default_factory=list)
    xref_until: date | None = None
    moved_to: str = ""
    """The provider's id of the subscription from some day of the month on, where it changed."""
    shape: str = ""
    """What is odd about this month, although it is clean (shapes)."""
    base: Line | None = None
    """The line that covers the whole anniversary month, when seats did not change in it."""
    added: Line | None = None
    removed: bool = False

    @property
    def expected(self) -> Decimal:
        """R in contract currency: the clean lines, less the clean notes."""
        return self._expected

    _expected: Decimal = ZERO

    @property
    def cost(self) -> Decimal:
        """C: what the provider charges for the customer, apart from margin and tax."""
        return sum((charge.cost for charge in self.charges if charge.kind not in {"margin", "tax"}), ZERO)

    @property
    def margin(self) -> Decimal:
        """What the reseller keeps of the provider's charges, positive."""
        inside = sum((charge.margin for charge in self.charges), ZERO)
        return inside - sum((charge.cost for charge in self.charges if charge.kind == "margin"), ZERO)

    @property
    def invoice(self) -> Document | None:
        """The month's invoice, if there is one."""
        return self.documents[0] if self.documents else None


def price_on(agreement: Agreement, day: date) -> Decimal:
    """Contract price per seat and month on a day, renewals up to that day included."""
    if agreement.repriced_on and day >= agreement.repriced_on:
        return known(agreement.new_price)
    price = known(agreement.price) / (12 if agreement.price_period == "year" else 1)
    return price * uplift_on(agreement, day)


def discount_on(agreement: Agreement, day: date) -> Decimal:
    """The promotion's percent for coverage that starts on a day."""
    return known(agreement.promo_pct) if agreement.promo_end and day <= agreement.promo_end else ZERO


def billing_rate(agreement: Agreement, period: str, rates: Rates) -> Decimal:
    """Microsoft's exchange rate of the month: pricing currency into billing currency."""
    return (
        ONE if agreement.cost_currency == "USD" else rates.per_dollar(agreement.cost_currency, calendar.first(period))
    )


def seat(
    agreement: Agreement,
    word: str,
    quantity: int,
    start: date,
    end: date,
    rates: Rates,
    period: str,
    price: Decimal | None = None,
) -> Charge:
    """One seat line, prorated by the day and cut the way the provider cuts."""
    price = known(agreement.product).cost if price is None else price
    months = months_covered(agreement.anchor, start, end)
    if agreement.family == "csp_licence":
        each = cut(places(price * months, 15) * billing_rate(agreement, period, rates))
    else:
        each = places(price * months, 4)
    return Charge(
        "seat",
        word,
        Decimal(quantity),
        price,
        known(agreement.product).list_price,
        each * quantity,
        start,
        end,
        agreement.product_code,
    )


def line(agreement: Agreement, quantity: int, start: date, end: date, price: Decimal | None = None) -> Line:
    """One invoice line for seats over a span."""
    return Line(
        agreement.id,
        agreement.product_code,
        known(agreement.product).name,
        Decimal(quantity),
        months_covered(agreement.anchor, start, end),
        price_on(agreement, start) if price is None else price,
        start,
        end,
        months_per_price=12 if agreement.price_period == "year" else 1,
        discount_pct=discount_on(agreement, start),
    )


def lump(agreement: Agreement, amount: Decimal, period: str, code: str = "", words: str = "") -> Line:
    """One invoice line for an amount of the whole month."""
    return Line(
        agreement.id,
        code or agreement.product_code,
        words or agreement.family,
        ONE,
        ONE,
        amount,
        calendar.first(period),
        calendar.last(period),
    )
