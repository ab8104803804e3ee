"""Documents of customers and their cash.

Lives here: CR05, CR06, CR10, BL05, CO01–CO03, CO07. Does not: the provider's prices and credits (money), the bridge's terms and
existence.

Readings: cash classes include tax. CO03 = open × the loss rate of its age at the month's end: 31–60 days 5 %, 61–90 10 %, 91–180 25 %.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from orchestration.simulator import calendar
from orchestration.simulator.chance import Chance
from orchestration.simulator.documents import Application, Document
from orchestration.simulator.known import known
from orchestration.simulator.leaks.parts import (
    Leak,
    Scene,
    billed,
    copied,
    is_billed,
    is_plain,
    issue_late,
    on_document,
)
from orchestration.simulator.money import ZERO, places, rounded, subunit
from orchestration.simulator.story import Story, lump
from orchestration.simulator.truth import Truth

LOSS_BY_AGE = ((60, Decimal("0.05")), (90, Decimal("0.10")), (180, Decimal("0.25")))
"""Days past due up to, and the share that is lost; nothing before day 31."""


def _note_without_invoice(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    document = story.documents[0]
    amount = places(sum((line.amount for line in document.lines), ZERO) * Decimal(chance.between(15, 35)) / 100, 2)
    note = document.note(
        document.issued, [lump(story.agreement, amount, story.period, words="Bonificación")], references=False
    )
    story.documents.append(note)
    return on_document("CR05", story, -billed([note]), note)


def _note_twice(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    document, first = story.documents
    note = document.note(first.issued, [copied(line) for line in first.lines])
    document.notes.remove(note)  # posted, but nobody applied it
    story.documents.append(note)
    return on_document("CR06", story, -billed([note]), note)


def _not_issued_again(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    document = story.documents[0]
    document.stands_alone = True
    story.documents.append(document.note(document.issued, [copied(line) for line in document.lines]))
    return on_document("CR10", story, story.expected * document.rate, document)


def _header_loses(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    """A line that its document's sum forgot; half of these documents are issued after the month's end."""
    document = story.documents[0]
    if not chance.hit(50):
        issue_late(story, chance)
    document.stands_alone, document.header_loses = True, document.lines[-1]
    return on_document("BL05", story, document.lines[-1].settle(document.rate, document.currency))


def _paid(story: Story, scene: Scene) -> Document | None:
    """Last month's invoice with this subscription on it, paid this month by cash alone or nearly so."""
    for document in scene.before:
        mine = any(line.subscription_id == story.agreement.id for line in document.lines)
        cash = [
            entry
            for entry in document.payments
            if entry.kind == "cash" and entry.amount > 1000 * subunit(document.currency)
        ]
        if mine and cash and document.doc_class == "invoice" and not document.is_seeded and not document.notes:
            return document
    return None


def _held_back(
    story: Story, scene: Scene, chance: Chance, low: int, high: int
) -> tuple[Document, Application, Decimal]:
    document = known(_paid(story, scene))
    cash = next(entry for entry in document.payments if entry.kind == "cash")
    amount = rounded(cash.amount * Decimal(chance.between(low, high)) / 100, document.currency)
    amount = max(amount, 300 * subunit(document.currency))
    cash.amount -= amount
    document.is_seeded = True
    return document, cash, amount


def _short(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    document, _, amount = _held_back(story, scene, chance, 5, 30)
    return [Truth("CO01", "", amount, document.currency, document, "", f"invoice:{document.id}")]


def _written_off(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    document, cash, amount = _held_back(story, scene, chance, 3, 20)
    document.payments.append(Application("write_off", cash.applied_on, amount))
    return [Truth("CO07", "", amount, document.currency, document, "", f"invoice:{document.id}")]


def _unapplied(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    country, day = scene.customer.country, calendar.on(story.period, chance.between(3, 25))
    payment = f"U-{story.agreement.number:07d}-{story.period.replace('-', '')}"
    amount = rounded(Decimal(chance.between(50, 900)) * story.rates.rule(country.code, day), country.currency)
    story.payments.append(
        {
            "payment_id": payment,
            "customer_id": scene.customer.id,
            "payment_date": day,
            "method": "transfer",
            "currency": country.currency,
            "amount": amount,
            "fx_rate": 1,
            "reference": "",
            "status": "received",
        }
    )
    return [Truth("CO02", "", ZERO, country.currency, None, "", f"payment:{payment}")]


def _overdue(story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    """An invoice of months ago that nobody paid."""
    document = story.documents[0]
    closes = calendar.last(story.period)
    issued = closes - timedelta(days=30 + chance.between(35, 150))
    old = calendar.period_of(issued)
    rate = story.rates.rule(scene.customer.country.code, issued) if document.stated_rate is not None else document.rate
    line = copied(story.documents[0].lines[0], start=calendar.first(old), end=calendar.last(old))
    overdue = Document(
        scene.customer,
        issued,
        document.currency,
        rate,
        document.stated_rate and rate,
        [line],
        stands_alone=True,
        is_unpaid=True,
    )
    story.documents.append(overdue)
    overdue.settle()
    age = (closes - issued).days - 30
    share = next(share for until, share in LOSS_BY_AGE if age <= until)
    return [Truth("CO03", "", overdue.total * share, document.currency, overdue, f"{age} days past due", "")]


LEAKS = (
    Leak("CR05", lambda s, c: is_plain(s), _note_without_invoice),
    Leak("CR06", lambda s, c: len(s.documents) == 2 and s.documents[1].doc_class == "credit_note", _note_twice, 150),
    Leak("CR10", lambda s, c: is_plain(s), _not_issued_again),
    Leak("BL05", lambda s, c: is_billed(s) and len(s.documents[0].lines) > 1, _header_loses, 20),
    Leak("CO01", lambda s, c: _paid(s, c) is not None, _short),
    Leak("CO02", lambda s, c: True, _unapplied, 3),
    Leak("CO03", lambda s, c: is_billed(s), _overdue, 6),
    Leak("CO07", lambda s, c: _paid(s, c) is not None, _written_off),
)
