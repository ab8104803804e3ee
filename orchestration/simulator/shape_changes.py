"""How each shape changes a month.

Lives here: one function a shape, which rewrites charges, CRM rows and documents together. Does not: which subscription has which
shape (shapes).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from orchestration.simulator import calendar, consumption
from orchestration.simulator.calendar import DAY
from orchestration.simulator.chance import Chance, guid
from orchestration.simulator.charges import Charge
from orchestration.simulator.documents import Document
from orchestration.simulator.known import known
from orchestration.simulator.leaks.parts import Scene, copied, set_crm
from orchestration.simulator.money import ONE, ZERO
from orchestration.simulator.people import Agreement
from orchestration.simulator.story import Story, billing_rate, line, lump, seat

MIDDLE = 15
"""The last day of the first half of a month."""


def _base(agreement: Agreement, charge: Charge) -> Decimal:
    return charge.list_cost if agreement.basis == "discount_off_list" else charge.cost


def _factor(agreement: Agreement) -> Decimal:
    if agreement.basis == "discount_off_list":
        return 1 - known(agreement.value)
    return 1 + (agreement.value or ZERO)


def _owed(story: Story, start: date, end: date) -> Decimal:
    """What the usage of some days is worth to the customer, in the provider's money."""
    used = (each for each in story.charges if each.kind == "usage" and start <= each.start <= end)
    return sum((_base(story.agreement, each) for each in used), ZERO) * _factor(story.agreement)


def _in_local_money(story: Story) -> str:
    """The contract is in the customer's own currency although the provider charges dollars."""
    local = story.agreement.customer.country.currency
    story.agreement = replace(story.agreement, currency=local)
    set_crm(story, currency=local)
    known(story.contract)["currency"] = local
    return local


def two_dates(story: Story, scene: Scene, chance: Chance) -> None:
    """Two documents a fortnight apart: each half of the cost at the rate of the document that bills it."""
    local, period, who = _in_local_money(story), story.period, scene.customer
    spans = (
        (calendar.on(period, 1), calendar.on(period, MIDDLE), calendar.on(period, chance.between(16, 19))),
        (calendar.on(period, MIDDLE + 1), calendar.last(period), calendar.on(period, chance.between(26, 28))),
    )
    story.documents.clear()
    for start, end, issued in spans:
        amount = _owed(story, start, end) * story.rates.rule(who.country.code, issued)
        if amount:
            billed = copied(lump(story.agreement, amount, period), start=start, end=end)
            story.documents.append(Document(who, issued, local, ONE, None, [billed], stands_alone=True))


def dollar_document(story: Story, scene: Scene, chance: Chance) -> None:
    """A contract in local money, charged and invoiced in dollars: the cost never passes through the contract's money."""
    _in_local_money(story)
    who, issued = scene.customer, story.documents[0].issued
    rate = story.rates.rule(who.country.code, issued)
    amount = _owed(story, calendar.first(story.period), calendar.last(story.period))
    billed = lump(story.agreement, amount * rate, story.period)
    story.documents[:] = [Document(who, issued, "USD", 1 / rate, rate, [billed], stands_alone=True)]


def _ids(story: Story, seed: int) -> tuple[str, str]:
    """The id before and after the change: the provider moves the subscription to and fro, one month each way."""
    known = story.agreement.provider_id
    other = guid(seed, "moved", known) if story.agreement.provider == "microsoft" else _next_id(known)
    return (known, other) if int(story.period[5:]) % 2 else (other, known)


def _next_id(known: str) -> str:
    return f"9{known[1:]}" if known.isdigit() else f"{known}-m"


def _moves(story: Story, scene: Scene, day: date, moved: list[Charge]) -> None:
    """From a day on the subscription has another id: a CRM row for each, and both are the customer's."""
    old, new = _ids(story, scene.seed)
    story.charges = [charge for charge in story.charges if charge not in moved]
    story.agreement = replace(story.agreement, provider_id=old)
    story.moved_to = new
    scene.strangers.append(Story(replace(story.agreement, provider_id=new), story.period, story.rates, [], None, moved))
    last = story.crm[-1]
    set_crm(story, provider_subscription_id=old)
    story.crm.append(last | {"valid_from": day, "provider_subscription_id": new})
    last["valid_to"] = day - DAY


def account_changes(story: Story, scene: Scene, chance: Chance) -> None:
    """The provider moves the usage to another account in the middle of the month."""
    day = calendar.on(story.period, MIDDLE + 1)
    _moves(story, scene, day, [charge for charge in story.charges if charge.start >= day])


def licence_changes(story: Story, scene: Scene, chance: Chance) -> None:
    """The provider converts the subscription: the seats leave the old id and arrive under a new one."""
    day, ends, quantity = _middle(story), known(story.base).end, int(known(story.base).quantity)
    out = seat(story.agreement, "convert", -quantity, day, ends, story.rates, story.period)
    into = seat(story.agreement, "convert", quantity, day, ends, story.rates, story.period)
    story.charges += [out, into]
    _moves(story, scene, day, [into])


def _middle(story: Story) -> date:
    return known(story.base).start + DAY * 10


def promotion_ends(story: Story, scene: Scene, chance: Chance) -> None:
    """A promotion that ends inside the month, invoiced in two lines."""
    first = known(story.base)
    ends = first.start + DAY * chance.between(3, 9)
    set_crm(story, promo_discount_pct=Decimal(10), promo_end=ends)
    second = line(story.agreement, int(first.quantity), ends + DAY, first.end, price=first.price)
    first.months, first.end, first.discount_pct = (
        calendar.months_covered(story.agreement.anchor, first.start, ends),
        ends,
        Decimal(10),
    )
    second.discount_pct = ZERO
    story.documents[0].lines.append(second)


def taken_back(story: Story, scene: Scene, chance: Chance) -> None:
    """Seats added one day and taken back two days later; the customer pays the exact days, the provider cuts each line."""
    agreement, first, seats = story.agreement, story.charges[0], int(story.charges[0].quantity)
    more, day = chance.between(1, 6), first.start + DAY * chance.between(2, 10)
    steps = ((-seats, seats + more), (-seats - more, seats)) if agreement.uses_pairs else ((more,), (-more,))
    for word, opens, quantities in (
        ("addQuantity", day, steps[0]),
        ("removeQuantity", day + 2 * DAY, steps[1]),
    ):
        for quantity in quantities:
            story.charges.append(seat(agreement, word, quantity, opens, first.end, story.rates, story.period))
    document = story.documents[0]
    if agreement.basis == "per_unit":
        document.lines.append(line(agreement, more, day, day + DAY, price=known(story.base).price))
        document.lines[-1].discount_pct = known(story.base).discount_pct
    else:
        months = seats + more * calendar.months_covered(agreement.anchor, day, day + DAY)
        exact = known(agreement.product).cost * billing_rate(agreement, story.period, story.rates) * months
        document.lines[0].price = exact * _factor(agreement)


def printed_short(story: Story, scene: Scene, chance: Chance) -> None:
    """Unit prices printed with few decimals, over many seats: half of the last one per seat is rounding."""
    places = chance.pick((2, 4, 6))
    for document in story.documents:
        for each in document.lines:
            each.decimals = places


def counted_once(story: Story, scene: Scene, chance: Chance) -> None:
    """Beside the document lies one that bills nothing: refused by the authority, annulled, cancelled, or never posted."""
    document = story.documents[0]
    legal_status, status = chance.pick(
        (("rejected", "posted"), ("annulled", "posted"), ("annulled", "cancelled"), ("", "draft"))
    )
    other = replace(
        document,
        lines=[copied(each) for each in document.lines],
        notes=[],
        payments=[],
        stands_alone=True,
        is_unpaid=True,
        legal_status=legal_status,
        status=status,
    )
    document.stands_alone = True
    story.documents.append(other)


def pending(story: Story, scene: Scene, chance: Chance) -> None:
    """The authority has not answered yet: the document counts."""
    story.documents[0].legal_status = chance.pick(("pending", ""))
    story.documents[0].stands_alone = True


def by_spans(story: Story, scene: Scene, chance: Chance) -> None:
    """The month in three lines whose days meet without gap or overlap."""
    whole, lines = known(story.base), []
    opens = whole.start
    for length in (7, 7, calendar.days(whole.start, whole.end) - 14):
        closes = opens + DAY * (length - 1)
        months = calendar.months_covered(story.agreement.anchor, opens, closes)
        lines.append(copied(whole, start=opens, end=closes, months=months))
        opens = closes + DAY
    story.documents[0].lines[:] = lines


def ends_inside(story: Story, scene: Scene, chance: Chance) -> None:
    """Contract and provider end on the same day of the month; billed up to it."""
    agreement, whole = story.agreement, known(story.base)
    last = whole.start + DAY * chance.between(4, 8)
    gone = seat(agreement, "cancelImmediate", -int(whole.quantity), last + DAY, whole.end, story.rates, story.period)
    story.charges.append(gone)
    set_crm(story, end_date=last, status="terminated", auto_renew="false")
    known(story.contract).update(end_date=last, status="terminated")
    whole.months, whole.end = calendar.months_covered(agreement.anchor, whole.start, last), last


def no_period(story: Story, scene: Scene, chance: Chance) -> None:
    """The month's lines without dates of their own: the document's date says which month they bill."""
    for each in story.documents[0].lines:
        each.states_period = False


def reais_for_dollars(story: Story, scene: Scene, chance: Chance) -> None:
    """A dollar contract at cost plus, charged and invoiced in reais: the cost is never taken through the dollar."""
    who, document = scene.customer, story.documents[0]
    rate = story.rates.rule(who.country.code, document.issued)
    story.agreement = replace(story.agreement, currency="USD")
    set_crm(story, currency="USD")
    known(story.contract)["currency"] = "USD"
    document.rate = document.stated_rate = rate
    document.stands_alone = True
    for each in document.lines:
        each.price /= rate


def zero_lines(story: Story, scene: Scene, chance: Chance) -> None:
    """Lines of nothing, as providers send them: quantity and cost zero."""
    story.charges.append(replace(story.charges[0], quantity=ZERO, cost=ZERO, margin=ZERO, list_cost=ZERO))


def half_managed(story: Story, scene: Scene, chance: Chance) -> None:
    """The partner manages one Azure entitlement from the third day of usage on: before it nothing was earned, and nothing lost."""
    entitlement = chance.below(consumption.entitlements(story.agreement))
    for charge in story.charges:
        if charge.margin > 0:
            consumption.unearn(story, charge, {(entitlement, 0), (entitlement, 1)})
