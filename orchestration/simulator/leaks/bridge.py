"""Quantity, period, price and rate: the four terms of the bridge, alone or together on one unit.

Lives here: QT01, QT02, TP06, TP07, PR01, PR02, BL03, PR05, TP10, FX01, FX02, FX03, FX06, QT03, TP05, QT06, QT07. Does not:
existence, credits, cash.

The amounts telescope (design §5), * for expected:
R − B = (q*−q)·d*·u*·x* + q·(d*−d)·u*·x* + q·d·(u*−u)·x* + q·d·u·(x*−x).
"""

from __future__ import annotations

from decimal import Decimal

from orchestration.simulator import calendar
from orchestration.simulator.calendar import DAY
from orchestration.simulator.chance import Chance
from orchestration.simulator.crm import uplift_on
from orchestration.simulator.documents import Line
from orchestration.simulator.known import known
from orchestration.simulator.leaks.parts import (
    Leak,
    Scene,
    copied,
    is_billed,
    is_plain,
    is_resold,
    is_seat,
    on_document,
    set_crm,
    u,
)
from orchestration.simulator.money import ZERO, places
from orchestration.simulator.story import Story
from orchestration.simulator.truth import Truth

NOTICEABLE = Decimal("0.008")
"""A wrong rate is seeded only where it is at least this far from the right one; nearer ones are noise to anybody."""


OFF_PRICE = (4, 6, 7, 8, 9, 11, 12, 13, 14)
"""Percents off a price: never 10, which an ended promotion would explain as well."""

FROZEN = tuple(Decimal(share) for share in ("0.88", "0.893", "0.906", "0.917", "0.931", "0.944", "0.957"))
"""Frozen rates as shares of the right one: none of them is one less a partner's margin, which would explain it as well."""


def terms(story: Story, scene: Scene, chance: Chance, codes: tuple[str, ...]) -> list[Truth]:
    """Seed one or several terms on one licence line and price each by the telescope."""
    document, line = story.documents[0], known(story.base)
    q0, d0, u0, x0 = line.quantity, line.months, u(line), document.rate
    extra, extra_to = ZERO, line.end
    for code in codes:
        if code in {"QT01", "QT02"}:
            off = Decimal(chance.between(1, max(1, int(q0) // 5)))
            line.quantity = q0 - off if code == "QT01" else q0 + off
        elif code in {"TP06", "TP07"}:
            span = chance.between(3, 14)
            if code == "TP06":
                line.end -= span * DAY
                line.months = calendar.months_covered(story.agreement.anchor, line.start, line.end)
            else:
                extra_to = line.start + (span - 1) * DAY
                extra = calendar.months_covered(story.agreement.anchor, line.start, extra_to)
        elif code in {"PR01", "PR02", "BL03"}:
            by = Decimal(chance.pick(OFF_PRICE)) / 100
            down = code == "PR01" or code == "BL03" and chance.hit(50)
            line.price = places(line.price * (1 - by if down else 1 + by), 4)
            if code == "BL03":
                line.override_user = "mlopez"
        else:
            document.rate = _wrong_rate(story, scene, chance, code)
            document.stated_rate, document.stands_alone = document.rate, True
    if extra:  # billed again from the first day on, so that both lines belong to this month
        document.lines.append(copied(line, months=extra, end=extra_to))
    q, d, price, x = line.quantity, line.months + extra, u(line), document.rate
    amounts = {
        "Q": (q0 - q) * d0 * u0 * x0,
        "T": q * (d0 - d) * u0 * x0,
        "P": q * d * (u0 - price) * x0,
        "F": q * d * price * (x0 - x),
    }
    found = []
    for code in codes:
        found += on_document(
            code, story, amounts["P" if code == "BL03" else code[0]], document, "pair" if len(codes) > 1 else ""
        )
    return found


def _wrong_rate(story: Story, scene: Scene, chance: Chance, code: str) -> Decimal:
    candidates = _wrong_rates(story, scene, code)
    if code == "FX01":
        right = story.documents[0].rate
        return max(candidates, key=lambda rate: abs(rate - right))
    return chance.pick(candidates)


def _wrong_rates(story: Story, scene: Scene, code: str) -> list[Decimal]:
    document = story.documents[0]
    if document.stated_rate is None:
        return []
    country, right = scene.customer.country.code, document.rate
    others = (
        scene.rates.other_dates(country, document.issued)
        if code == "FX01"
        else scene.rates.other_sides(country, document.issued)
    )
    return [rate for rate in others if abs(rate / right - 1) >= NOTICEABLE]


def converts(story: Story) -> bool:
    """An invoice in another currency than the contract's, with its rate."""
    return is_plain(story) and story.documents[0].stated_rate is not None


def _rate(code: str, story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    """One wrong rate over a whole document: every line's amount × (x* − x)."""
    document = story.documents[0]
    right, total = document.rate, sum((line.amount for line in document.lines), ZERO)
    if code == "FX03":  # a local price frozen long ago; the document says nothing of a rate
        document.rate = places(right * chance.pick(FROZEN), 4)
        document.stated_rate = None
    elif code == "FX06":  # inverted, or thousand-scaled where the currency has no decimals in practice
        document.rate = right / 1000 if scene.customer.country.code in {"CL", "CO"} else places(1 / right, 8)
        document.stated_rate = document.rate
    else:
        document.rate = document.stated_rate = _wrong_rate(story, scene, chance, code)
    document.stands_alone = True
    return on_document(code, story, total * (right - document.rate), document)


def _drop(code: str, story: Story, line: Line) -> list[Truth]:
    """A line that the invoice should have: its whole amount."""
    document = story.documents[0]
    document.lines.remove(line)
    return on_document(code, story, line.amount * document.rate, document)


def _expired_promotion(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    """10 % off all month, although the promotion ended before it, or on one of its days: the discount after its end."""
    line, document = known(story.base), story.documents[0]
    ended = line.start - DAY * chance.between(1, 60)
    if chance.hit(50):
        ended = line.start + DAY * chance.between(2, 20)
    set_crm(story, promo_discount_pct=Decimal(10), promo_end=ended)
    after = calendar.months_covered(story.agreement.anchor, max(line.start, ended + DAY), line.end)
    line.discount_pct = Decimal(10)
    return on_document("PR05", story, line.quantity * after * line.price / 10 * document.rate, document)


def _missed_uplift(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    """Invoiced at the price before the renewals; the contract allows 5 % at each."""
    line, document, agreement = known(story.base), story.documents[0], story.agreement
    if agreement.uplift_pct:
        factor = uplift_on(agreement, line.start)
        line.price = known(agreement.price)
    else:
        set_crm(story, uplift_pct=Decimal(5))
        renewed = [day for day, _ in zip(agreement.yearly_renewals, range(9), strict=False) if day <= line.start]
        factor = Decimal("1.05") ** len(renewed)
    return on_document("TP10", story, line.amount * (factor - 1) * document.rate, document)


def _wrong_proration(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    """The net of a prorated line leaves one of its own days out."""
    line, document = known(story.added), story.documents[0]
    day = line.months / calendar.days(line.start, line.end)
    due = line.amount
    line.billed_months = line.months - day
    return on_document("TP05", story, (due - line.amount) * document.rate, document)


def _renewed_yearly(story: Story) -> bool:
    agreement = story.agreement
    return (
        is_seat(story)
        and agreement.term == "P1Y"
        and next(agreement.yearly_renewals) <= known(story.base).start
        and not known(story.base).discount_pct
    )


def _named(story: Story, words: str) -> Line | None:
    return next((line for line in story.lines if line.description == words), None)


def _is_added(story: Story) -> bool:
    return is_resold(story) and story.added is not None


def _single(code: str, weight: int = 30) -> Leak:
    def applies(story: Story, scene: Scene) -> bool:
        return is_seat(story) and (code[0] != "Q" or known(story.base).quantity > 5)

    return Leak(code, applies, lambda story, scene, chance: terms(story, scene, chance, (code,)), weight)


LEAKS = (
    *(_single(code) for code in ("QT01", "QT02", "TP06", "TP07", "PR01", "PR02", "BL03")),
    Leak("FX01", lambda s, c: converts(s) and bool(_wrong_rates(s, c, "FX01")), lambda s, c, n: _rate("FX01", s, c, n)),
    Leak("FX02", lambda s, c: converts(s) and bool(_wrong_rates(s, c, "FX02")), lambda s, c, n: _rate("FX02", s, c, n)),
    Leak("FX03", lambda s, c: converts(s), lambda s, c, n: _rate("FX03", s, c, n)),
    Leak("FX06", lambda s, c: converts(s) and s.cost >= 50, lambda s, c, n: _rate("FX06", s, c, n)),
    Leak("PR05", lambda s, c: is_seat(s) and not known(s.base).discount_pct, _expired_promotion, 30),
    Leak("TP10", lambda s, c: _renewed_yearly(s), _missed_uplift, 500),
    Leak("QT03", lambda s, c: _is_added(s), lambda s, c, n: _drop("QT03", s, known(s.added)), 40),
    Leak(
        "TP05",
        lambda s, c: _is_added(s) and calendar.days(known(s.added).start, known(s.added).end) > 2,
        _wrong_proration,
        40,
    ),
    Leak(
        "QT06",
        lambda s, c: is_billed(s) and _named(s, "Overage") is not None,
        lambda s, c, n: _drop("QT06", s, known(_named(s, "Overage"))),
        80,
    ),
    Leak(
        "QT07",
        lambda s, c: is_resold(s) and _named(s, "Minimum commitment") is not None,
        lambda s, c, n: _drop("QT07", s, known(_named(s, "Minimum commitment"))),
        60,
    ),
)

GROUPS = (("QT01", "QT02"), ("TP06", "TP07"), ("PR01", "PR02"), ("FX01", "FX02"))


def pair(story: Story, scene: Scene, chance: Chance, allowed: frozenset[str]) -> list[Truth]:
    """Two different terms on one unit, or none where the unit has no room for two."""
    if not is_seat(story) or known(story.base).quantity <= 5:
        return []
    choices = [[code for code in group if code in allowed] for group in GROUPS]
    choices[3] = [code for code in choices[3] if _wrong_rates(story, scene, code)]
    open_groups = [group for group in choices if group]
    if len(open_groups) < 2:
        return []
    one = chance.below(len(open_groups))
    two = (one + 1 + chance.below(len(open_groups) - 1)) % len(open_groups)
    codes = tuple(chance.pick(open_groups[at]) for at in sorted((one, two)))
    return terms(story, scene, chance, codes)
