"""Prices and credits of the provider.

Lives here: PR03, PR04, PR07, PR10, PR11, PR16, TP03, TP08, QT04, CR02, CR03. Does not: documents and cash (cash), the bridge's terms
and existence.

Readings: PR03, PR04 are in dollars; QT04, TP03, PR10 in the provider's currency.
"""

from __future__ import annotations

from decimal import Decimal

from orchestration.simulator import calendar, consumption
from orchestration.simulator.calendar import DAY
from orchestration.simulator.chance import Chance
from orchestration.simulator.crm import crm_row
from orchestration.simulator.known import known
from orchestration.simulator.leaks.parts import (
    Leak,
    Scene,
    billed,
    in_dollars,
    is_plain,
    is_seat,
    on_document,
    set_crm,
)
from orchestration.simulator.money import HUNDRED, ZERO, places
from orchestration.simulator.story import Story, lump, seat
from orchestration.simulator.truth import Truth


def _in_dollars(code: str, story: Story, amount: Decimal, note: str = "") -> list[Truth]:
    return [Truth(code, story.agreement.id, amount, "USD", None, note)]


def _below_floor(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    floor = Decimal(chance.between(32, 45))
    set_crm(story, margin_floor_pct=floor)
    income = known(story.base).amount
    return _in_dollars("PR03", story, floor / HUNDRED * income - (income - story.cost))


def _negative_margin(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    line = known(story.base)
    line.price = places(known(story.agreement.product).cost * Decimal(chance.between(80, 94)) / 100, 2)
    set_crm(story, unit_price=line.price, margin_floor_pct=None, uplift_pct=None)
    return _in_dollars("PR04", story, story.cost - line.amount)


def _cost_rose(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    """The provider renewed at a higher price; the cost-plus invoice still has the old one."""
    old, agreement = story.cost, story.agreement
    price = places(known(agreement.product).cost * Decimal(chance.between(104, 112)) / 100, 2)
    story.charges[:] = [
        seat(
            agreement, "renew" if at == 0 else x.word, int(x.quantity), x.start, x.end, story.rates, story.period, price
        )
        for at, x in enumerate(story.charges)
    ]
    return on_document("PR07", story, (story.cost - old) * (1 + known(agreement.value)) * story.documents[0].rate)


def _lost_credit(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    """The role on one entitlement was lost for some days between days on which the credit was earned."""
    entitlement, first = chance.below(consumption.entitlements(story.agreement)), chance.between(1, 3)
    lost = {(entitlement, first + n) for n in range(chance.between(1, 2))}
    earning = [charge for charge in story.charges if charge.margin > 0]
    amount = sum((consumption.unearn(story, charge, lost) for charge in earning), ZERO)
    return _in_dollars("PR10", story, amount, f"entitlement {entitlement + 1}, {len(lost)} days")


def _margin_given_away(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    story.lines[0].price -= story.margin
    return on_document("PR11", story, story.margin * story.documents[0].rate)


def _market_unbilled(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    document, agreement = story.documents[0], story.agreement
    code = consumption.MARKET[agreement.family].code
    line = next((line for line in document.lines if line.product_code == code), None)
    if line:
        document.lines.remove(line)
        return on_document("PR16", story, line.amount * document.rate)
    extra = consumption.market(story, chance.between(20, 200))
    story.charges.append(extra)
    return on_document("PR16", story, extra.cost * (1 + (agreement.value or ZERO)) * document.rate)


def _term_mismatch(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    """Sold by the month, bought for a year: the months that are left."""
    charge, agreement = story.charges[0], story.agreement
    charge.is_new_plan = True
    after, ends = charge.end + DAY, agreement.start
    while ends <= charge.end:
        ends = calendar.add_months(ends, 12)
    left = (ends.year - after.year) * 12 + ends.month - after.month
    return _in_dollars("TP03", story, charge.quantity * charge.price * left, f"{left} months left")


def _months_left(story: Story) -> bool:
    closes, start = known(story.base).end, story.agreement.start
    return (closes.year * 12 + closes.month - start.year * 12 - start.month) % 12 not in {0, 11}


def _correction(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    """Usage of last month, restated in this month's file and not billed on."""
    charge = consumption.usage(story, known(story.charges[0].meter), chance.between(400, 4000), 1)
    charge.kind = "correction"
    charge.start = charge.end = calendar.on(calendar.shift(story.period, -1), 20)
    if chance.hit(25):
        charge.quantity, charge.cost, charge.list_cost = -charge.quantity, -charge.cost, -charge.list_cost
    story.charges.append(charge)
    return on_document("TP08", story, charge.cost * (1 + known(story.agreement.value)) * story.documents[0].rate)


def _removal_ignored(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    """Seats left inside the provider's window; the provider never credited them."""
    line, agreement = known(story.base), story.agreement
    day, gone = line.start + DAY * chance.between(1, 5), chance.between(1, max(1, int(line.quantity) // 5))
    story.crm[-1]["valid_to"] = day - DAY
    story.crm.append(crm_row(agreement, int(line.quantity) - gone, day))
    left = calendar.months_covered(agreement.anchor, day, line.end)
    return _in_dollars("QT04", story, gone * story.charges[0].price * left)


def _credit(story: Story, chance: Chance) -> tuple[Decimal, bool]:
    """The provider's credit of the month as a positive amount, made if there is none, and whether it was there."""
    found = [charge for charge in story.charges if charge.kind == "credit"]
    if not found:
        story.charges.append(consumption.credit(story, places(min(story.cost / 10, Decimal(chance.between(5, 60))), 2)))
        found = story.charges[-1:]
        return -found[0].cost, False
    return -found[0].cost, True


def _credit_kept(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    amount, was_passed = _credit(story, chance)
    if was_passed:
        story.lines[0].price += amount
    return on_document("CR02", story, -amount * story.documents[0].rate)


def _credit_given(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    amount, _ = _credit(story, chance)
    document = story.documents[0]
    document.stands_alone = True
    note = document.note(document.issued, [lump(story.agreement, amount, story.period, words="Crédito del proveedor")])
    story.documents.append(note)
    return on_document("CR03", story, billed([note]) * -1, note)


def _is_dollar_seat(story: Story) -> bool:
    return is_seat(story) and in_dollars(story) and not known(story.base).discount_pct


def _passes(story: Story, passes: bool) -> bool:
    agreement = story.agreement
    market = any(charge.kind == "market" for charge in story.charges)
    return (
        is_plain(story) and agreement.family in consumption.MARKET and agreement.pass_credits is passes and not market
    )


def _is_monthly_licence(story: Story) -> bool:
    agreement = story.agreement
    return (
        _is_dollar_seat(story)
        and agreement.family == "csp_licence"
        and agreement.term == "P1M"
        and agreement.start < known(story.base).start
    )


def _window_is_open(story: Story) -> bool:
    return (
        _is_monthly_licence(story)
        and calendar.period_of(known(story.base).start + DAY * 5) == story.period
        and known(story.base).quantity > 3
    )


def _azure(story: Story) -> bool:
    return is_plain(story) and story.agreement.family == "azure"


LEAKS = (
    Leak("PR03", lambda s, c: _is_dollar_seat(s), _below_floor, 30),
    Leak("PR04", lambda s, c: _is_dollar_seat(s), _negative_margin, 30),
    Leak(
        "PR07",
        lambda s, c: is_plain(s) and s.agreement.family == "csp_licence" and s.agreement.basis == "markup_pct_on_cost",
        _cost_rose,
        50,
    ),
    Leak("PR10", lambda s, c: _azure(s) and any(x.margin > 0 for x in s.charges), _lost_credit, 40),
    Leak("PR11", lambda s, c: _passes(s, True) or _passes(s, False), _margin_given_away, 60),
    Leak("PR16", lambda s, c: is_plain(s) and s.agreement.family in consumption.MARKET, _market_unbilled, 25),
    Leak("TP03", lambda s, c: _is_monthly_licence(s) and _months_left(s), _term_mismatch, 40),
    Leak(
        "TP08",
        lambda s, c: is_plain(s) and s.agreement.family == "oracle" and s.agreement.basis == "markup_pct_on_cost",
        _correction,
        60,
    ),
    Leak("QT04", lambda s, c: _window_is_open(s), _removal_ignored, 40),
    Leak("CR02", lambda s, c: _passes(s, True), _credit_kept, 60),
    Leak("CR03", lambda s, c: _passes(s, False), _credit_given, 60),
)
