"""Consumption of one month: Azure meters, AWS usage, Google and Oracle lines.

Lives here: quantities and costs of metered cloud services. Does not: what the customer pays for them (story).

Readings: an Azure amount is a multiple of 0.20, so that 15 % partner earned credit leaves whole cents and rounding never hides
in it. An Azure plan has one to three entitlements that share its meters, used on six days; the credit is earned by entitlement and
day, and a day on which it was not blends into the meter's one invoice line, cut to the cent as the provider cuts. AWS margin (SPP) and tax come as lines of their own; Google's reseller margin is a credit inside the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from orchestration.simulator import calendar
from orchestration.simulator.catalogue import AWS, AWS_MARKET, AZURE, AZURE_MARKET, GCP, ORACLE, Meter
from orchestration.simulator.chance import Chance
from orchestration.simulator.charges import Charge
from orchestration.simulator.money import CENT, ONE, ZERO, cut, places

if TYPE_CHECKING:
    from orchestration.simulator.people import Agreement
    from orchestration.simulator.story import Story

METERS = {"azure": AZURE, "aws": AWS, "gcp": GCP, "oracle": ORACLE}
MARKET = {"azure": AZURE_MARKET, "aws": AWS_MARKET}
PEC, SPP, GOOGLE_MARGIN, ORACLE_DISCOUNT = Decimal("0.15"), Decimal("0.03"), Decimal("0.08"), Decimal("0.05")
DAYS = 6
"""On how many days of a month an Azure meter is used."""


def charge(story: Story, chance: Chance, usage_lines: int) -> None:
    """Add the month's usage, and now and then a marketplace line, a credit, a margin line, a tax line."""
    family, period = story.agreement.family, story.period
    meters, closes = METERS[family], calendar.last(period).day
    if family == "azure":
        picked = [meters[(chance.below(4) + n) % 4] for n in range(1)] + [
            meters[n] for n in range(chance.between(1, 3))
        ]
        for meter in dict.fromkeys(picked):
            story.charges.append(azure(story, meter, chance.between(20, 2500)))
    else:
        for _ in range(usage_lines):
            story.charges.append(usage(story, chance.pick(meters), chance.between(1, 3000), chance.between(1, closes)))
    if family in MARKET and chance.hit(15):
        story.charges.append(market(story, chance.between(10, 200)))
    if family in MARKET and story.agreement.basis == "passthrough" and chance.hit(20):
        story.charges.append(credit(story, places(min(story.cost / 10, Decimal(chance.between(5, 60))), 2)))
    if family == "aws":
        used = sum((charge.cost for charge in story.charges if charge.kind == "usage"), ZERO)
        story.charges.append(_lump(story, "margin", "SppDiscount", -places(used * SPP, 10)))
        if chance.hit(10):
            story.charges.append(_lump(story, "tax", "Tax", places(used * Decimal("0.05"), 2)))


def azure(story: Story, meter: Meter, steps: int, *, earns: bool = True) -> Charge:
    """One meter of an Azure plan over the whole month; `steps` of 0.20 each."""
    made = _make(story, "usage", meter, Decimal(steps * meter.step), 1, calendar.last(story.period).day)
    made.margin = made.cost * PEC if earns else ZERO
    return made


def entitlements(agreement: Agreement) -> int:
    """How many Azure subscriptions one plan holds."""
    return 1 + agreement.number % 3


def daily(story: Story, charge: Charge) -> Iterator[tuple[int, int, date, Decimal]]:
    """(entitlement, number of the day, day, quantity) of one Azure meter; together its quantity."""
    count, closes, left = entitlements(story.agreement), calendar.last(story.period).day, charge.quantity
    share = (charge.quantity / (DAYS * count)).quantize(ONE)
    for n in range(DAYS):
        for entitlement in range(count):
            is_last = n == DAYS - 1 and entitlement == count - 1
            quantity = left if is_last else min(share, left)
            left -= quantity
            yield entitlement, n, calendar.on(story.period, 1 + n * (closes - 1) // (DAYS - 1)), quantity


def unearn(story: Story, charge: Charge, lost: Iterable[tuple[int, int]]) -> Decimal:
    """Take the credit of some (entitlement, day) out of one meter's line; returns the credit that is gone, uncut."""
    charge.unearned = charge.unearned | frozenset(lost)
    gone = sum((q for e, n, _, q in daily(story, charge) if (e, n) in charge.unearned), ZERO) * charge.price * PEC
    charge.margin = charge.cost - cut(charge.cost - charge.cost * PEC + gone)
    return gone


def usage(story: Story, meter: Meter, quantity: int, day: int) -> Charge:
    """One usage line of one day."""
    made = _make(story, "usage", meter, Decimal(quantity) / 10, day, day)
    if story.agreement.family == "gcp":
        made.margin = places(made.cost * GOOGLE_MARGIN, 6)
    if story.agreement.family == "oracle":
        made.list_price = places(meter.price / (1 - ORACLE_DISCOUNT), 10)
        made.list_cost = places(made.quantity * made.list_price, 10)
    return made


def market(story: Story, quantity: int) -> Charge:
    """One third-party line of the provider's marketplace; earns the reseller nothing."""
    return _make(story, "market", MARKET[story.agreement.family], Decimal(quantity), 1, calendar.last(story.period).day)


def credit(story: Story, amount: Decimal) -> Charge:
    """A provider's credit, negative."""
    return _lump(
        story, "credit", {"aws": "Credit", "azure": "customerCredit"}[story.agreement.family], -max(amount, CENT)
    )


def _make(story: Story, kind: str, meter: Meter, quantity: Decimal, start: int, end: int) -> Charge:
    cost = places(quantity * meter.price, 10)
    period = story.period
    return Charge(
        kind, "new", quantity, meter.price, meter.price, cost, calendar.on(period, start), calendar.on(period, end), meter.code, meter,
        list_cost=cost,
    )  # fmt: skip


def _lump(story: Story, kind: str, word: str, amount: Decimal) -> Charge:
    opens, closes = calendar.first(story.period), calendar.last(story.period)
    meter = METERS[story.agreement.family][0]
    sign = -1 if amount < 0 else 1
    return Charge(kind, word, Decimal(sign), abs(amount), abs(amount), amount, opens, closes, meter.code, meter)
