"""Existence and identity: charges, contracts and invoices that do not find one another.

Lives here: EX01–EX10, EX13, TP01, TP02, TP09, TP13, TP14, TX06, BL01. Does not: terms of a unit that exists on all sides.

With no live contract R = C, so what the provider charged is the loss (design §5); where nothing was invoiced the amount is in contract
currency, else in the document's.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from orchestration.simulator import calendar
from orchestration.simulator.calendar import DAY, months_covered
from orchestration.simulator.chance import Chance, guid
from orchestration.simulator.charges import Charge
from orchestration.simulator.consumption import METERS
from orchestration.simulator.documents import Document, Line
from orchestration.simulator.known import known
from orchestration.simulator.leaks.parts import (
    Leak,
    Scene,
    before_month,
    billed,
    copied,
    forget_invoice,
    is_billed,
    is_plain,
    is_resold,
    is_seat,
    on_contract,
    on_document,
    set_crm,
    u,
)
from orchestration.simulator.money import ONE, ZERO
from orchestration.simulator.people import SEATS, Customer, customer
from orchestration.simulator.story import Story, seat
from orchestration.simulator.truth import Truth

OWN_KEY = frozenset({"aws", "gcp", "oracle", "cybersecurity"})
"""Families where each subscription has an identity of its own at the provider."""


def _stranger(story: Story, provider_id: str, charges: list[Charge]) -> Story:
    agreement = replace(story.agreement, provider_id=provider_id)
    return Story(agreement, story.period, story.rates, [], None, charges)


def _unsold(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    """A second provider subscription of the same customer that the CRM never heard of."""
    agreement = story.agreement
    known = agreement.provider_id
    other = {
        "aws": f"9{known[1:]}",
        "gcp": f"{known}-sandbox",
        "oracle": f"{known}.x",
        "cybersecurity": f"{known}-X",
    }.get(agreement.family)
    other = other or guid(scene.seed, "stranger", agreement.number, story.period)
    stranger = _stranger(story, other, [replace(charge) for charge in story.charges])
    scene.strangers.append(stranger)
    return [
        Truth(
            "EX01",
            other,
            stranger.cost,
            agreement.cost_currency,
            None,
            "provider_subscription_id",
            f"provider_subscription:{other}",
        )
    ]


def _idle(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    story.charges.clear()
    forget_invoice(story)
    return on_contract("EX02", story, ZERO, "active, neither charged nor invoiced")


def _not_invoiced(code: str, story: Story) -> list[Truth]:
    forget_invoice(story)
    return on_contract(code, story, story.expected)


def _orphan_invoice(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    who, issued = scene.customer, calendar.on(story.period, scene.customer.issue_day)
    rate = story.rates.rule(who.country.code, issued)
    opens, closes = calendar.first(story.period), calendar.last(story.period)
    line = Line("", "MISC-SERVICE", "Servicio sin contrato", ONE, ONE, Decimal(chance.between(80, 900)), opens, closes)
    document = Document(who, issued, who.country.currency, rate, rate, [line], stands_alone=True)
    story.documents.append(document)
    return [Truth("EX04", "", -billed([document]), document.currency, document, "", "")]


def _not_charged(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    story.charges.clear()
    return on_document("EX05", story, -billed(story.documents))


def _other_customer(story: Story, scene: Scene) -> Customer | None:
    numbers = range(scene.customer.number - 1, max(-1, scene.customer.number - 60), -1)
    others = (customer(scene.seed, number) for number in numbers)
    return next((other for other in others if other.country is scene.customer.country and not other.is_internal), None)


def _wrong_customer(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    other, document = known(_other_customer(story, scene)), story.documents[0]
    amount = billed([document])
    document.customer, document.stands_alone = other, True
    return [
        *on_document("EX06", story, amount, document, f"customer {scene.customer.id} owes it"),
        *on_document("EX06", story, -amount, document, f"customer {other.id} was billed"),
    ]


def _nobody(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    """A provider's line without account or customer: a credit as often as a cost."""
    family = story.agreement.family if story.agreement.family in METERS else "azure"
    amount = Decimal(chance.between(5, 90)) * (-1 if chance.hit(50) else 1)
    opens, closes = calendar.first(story.period), calendar.last(story.period)
    meter, sign = METERS[family][0], -ONE if amount < 0 else ONE
    kind = "credit" if amount < 0 and family in {"aws", "azure"} else "usage"
    word = {"aws": "Credit", "azure": "customerCredit"}[family] if kind == "credit" else "new"
    line = Charge(kind, word, sign, abs(amount), abs(amount), amount, opens, closes, meter.code, meter, is_orphan=True)
    line.list_cost = amount
    stranger = _stranger(replace(story, agreement=replace(story.agreement, family=family)), "", [line])
    scene.strangers.append(stranger)
    provider = story.agreement.provider
    unit = f"provider:{provider}:{opens:%Y%m}"
    return [Truth("EX07", "", amount, story.agreement.cost_currency, None, "", unit)]


def _renamed(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    for charge in story.charges:
        charge.code = charge.code[:-1] + "Z"
    return _not_invoiced("EX08", story)


def _contracted_twice(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    """The CRM has the subscription twice and both are invoiced; the later one is the duplicate."""
    twin = f"{story.agreement.id}B"
    later = calendar.first(calendar.shift(story.period, -1))
    story.extra_crm.append(story.crm[-1] | {"subscription_id": twin, "start_date": later, "valid_from": later})
    document = story.documents[0]
    lines = [copied(line, subscription_id=twin) for line in document.lines]
    amount = sum((line.settle(document.rate, document.currency) for line in lines), ZERO)
    document.lines += lines
    return [Truth("EX09", twin, -amount, document.currency, document, f"twin of {story.agreement.id}")]


def _left_us(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    story.xref_until = before_month(story)
    forget_invoice(story)
    return on_contract("EX10", story, story.cost)


def _cancelled(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    ended = before_month(story) - DAY * chance.between(5, 20)
    set_crm(story, end_date=ended, status="terminated", auto_renew="false")
    known(story.contract).update(end_date=ended, status="terminated")
    forget_invoice(story)
    return on_contract("TP01", story, story.cost)


def _renewed_without_contract(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    ended = story.charges[0].start - DAY
    for charge in story.charges[:1]:
        charge.word = "renew"
    set_crm(story, end_date=ended, auto_renew="false")
    known(story.contract).update(end_date=ended, status="expired")
    forget_invoice(story)
    return on_contract("TP09", story, story.cost)


def _suspended(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    set_crm(story, suspended_from=before_month(story) - DAY * chance.between(1, 10), status="suspended")
    forget_invoice(story)
    return on_contract("TP14", story, story.cost)


def _trial_over(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    set_crm(story, trial_end=before_month(story))
    return _not_invoiced("TP13", story)


def _cancelled_there(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    """The provider takes its seats back in the month; the invoice still covers all of it."""
    line, document, agreement = known(story.base), story.documents[0], story.agreement
    day = line.start + DAY * _lived(story, chance)
    story.charges.append(
        seat(agreement, "cancelImmediate", -int(line.quantity), day, line.end, story.rates, story.period)
    )
    lost = months_covered(agreement.anchor, day, line.end)
    return on_document("TP02", story, -line.quantity * lost * u(line) * document.rate, document)


def _lived(story: Story, chance: Chance) -> int:
    room = (calendar.last(story.period) - known(story.base).start).days
    return min(room, chance.between(3, 20))


def _duplicate(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    document = story.documents[0]
    document.stands_alone = True
    again = replace(document, lines=[copied(line) for line in document.lines], notes=[], payments=[])
    story.documents.append(again)
    return on_document("BL01", story, -billed([again]), again)


def _refused(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    """The authority refused the document, or it was annulled, and nobody issued it again: it bills nothing."""
    document = story.documents[0]
    document.stands_alone, document.is_unpaid = True, True
    document.legal_status = chance.pick(("rejected", "annulled"))
    return on_contract("TX06", story, story.expected)


def internal(scene: Scene) -> list[Truth]:
    """EX13: our own tenant, and nobody who answers for its cost."""
    scene.owner = ""
    found = []
    for story in scene.stories:
        if story.charges:
            found.append(
                Truth(
                    "EX13",
                    story.agreement.id,
                    story.cost,
                    story.agreement.cost_currency,
                    None,
                    "internal customer without owner",
                )
            )
    return found


def _is_licence(story: Story) -> bool:
    return is_seat(story) and story.agreement.family == "csp_licence"


def _is_old(story: Story) -> bool:
    return story.agreement.start + timedelta(days=62) < calendar.first(story.period)


LEAKS = (
    Leak("EX01", lambda s, c: is_resold(s), _unsold),
    Leak("EX02", lambda s, c: is_plain(s), _idle),
    Leak("EX03", lambda s, c: is_resold(s), lambda s, c, n: _not_invoiced("EX03", s)),
    Leak("EX04", lambda s, c: True, _orphan_invoice, 3),
    Leak("EX05", lambda s, c: is_plain(s), _not_charged),
    Leak("EX06", lambda s, c: is_plain(s) and _other_customer(s, c) is not None, _wrong_customer, 6),
    Leak(
        "EX07",
        lambda s, c: is_resold(s) and s.agreement.provider in {"microsoft", "aws", "gcp", "oracle"},
        _nobody,
        15,
    ),
    Leak(
        "EX08",
        lambda s, c: is_resold(s) and s.agreement.family in SEATS and s.agreement.basis == "per_unit",
        _renamed,
        20,
    ),
    Leak(
        "EX09",
        lambda s, c: is_plain(s) and _is_old(s) and (is_seat(s) or s.agreement.product is None),
        _contracted_twice,
    ),
    Leak("EX10", lambda s, c: is_plain(s) and s.agreement.family in OWN_KEY and _is_old(s), _left_us, 20),
    Leak("TP01", lambda s, c: is_plain(s) and _is_old(s) and all(x.word != "renew" for x in s.charges), _cancelled),
    Leak("TP02", lambda s, c: _is_licence(s) and _lived(s, Chance("room")) > 2, _cancelled_there, 40),
    Leak("TP09", lambda s, c: is_seat(s) and _is_old(s), _renewed_without_contract, 30),
    Leak("TP13", lambda s, c: is_resold(s) and _is_old(s), _trial_over),
    Leak("TP14", lambda s, c: is_plain(s) and _is_old(s), _suspended),
    Leak("TX06", lambda s, c: is_plain(s) and len(s.documents) == 1 and s.agreement.currency == "USD", _refused),
    Leak("BL01", lambda s, c: is_billed(s), _duplicate, 6),
)
