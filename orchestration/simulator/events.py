"""What happens to one subscription in one month: the provider's charges and the invoice that answers them exactly. Clean.

Lives here: the events of a month. Does not: what a story is made of (story), leaks, file formats, documents shared by several
subscriptions.

Readings: a month's charges are those that start in it; a seat change inside an anniversary month that began a month before has
its own line. Additions are invoiced as their own prorated line; removals as a credit note or as two spans. A promotion lowers
coverage that starts on or before its end. An uplift applies at each yearly renewal. Partner margin (PEC, SPP, reseller margin) is
never part of what the customer owes. Provider credits reach the customer only where the contract passes them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from orchestration.simulator import calendar, consumption
from orchestration.simulator.calendar import DAY
from orchestration.simulator.chance import Chance
from orchestration.simulator.crm import contract_row, crm_row, crm_rows
from orchestration.simulator.documents import Document
from orchestration.simulator.known import known
from orchestration.simulator.money import ONE, ZERO
from orchestration.simulator.people import Agreement
from orchestration.simulator.rates import Rates
from orchestration.simulator.story import Life, Reading, Story, line, lump, seat


def tell(agreement: Agreement, life: Life, period: str, rates: Rates, seed: int, usage_lines: int) -> Story | None:
    """The clean month of one subscription; None before it starts. `life` moves on."""
    if agreement.start > calendar.last(period):
        return None
    chance = Chance(seed, "month", agreement.number, period)
    story = Story(
        agreement, period, rates, crm_rows(agreement, life.seats, calendar.last(period)), contract_row(agreement)
    )
    if agreement.stopped_on:
        return story
    build = {"metered": _metered, "own_service": _fixed}.get(agreement.family)
    if build is None and agreement.product is None:
        _consumption(story, chance, usage_lines)
    else:
        (build or _seats)(story, chance, life)
    _invoice(story, chance)
    return story


def _seats(story: Story, chance: Chance, life: Life) -> None:
    agreement, period = story.agreement, story.period
    opens = calendar.on(period, agreement.anchor)
    if opens < agreement.start:
        return
    renews = agreement.term == "P1Y" and opens.month == agreement.start.month and opens.year > agreement.start.year
    word = "new" if opens == agreement.start else "renew" if renews else "cycleCharge"
    if agreement.frequency == "annual":
        if word == "cycleCharge":
            return
        closes = calendar.add_months(opens, 12) - DAY
        story.charges.append(seat(agreement, word, life.seats, opens, closes, story.rates, period))
        story.lines.append(line(agreement, life.seats, opens, closes))
        return
    closes = calendar.window(agreement.anchor, opens)[1]
    change = chance.weighted(((0, 70), (1, 22), (-1, 8)))
    if agreement.customer.is_internal or agreement.repriced_on == opens:
        change = 0
    day = calendar.on(period, chance.between(2, 23))
    earlier = change > 0 and day < opens and agreement.start < opens
    before = life.seats
    if change > 0 and (day > opens or earlier):
        life.seats += chance.between(1, max(2, before // 10))
        ends = closes if day > opens else opens - DAY
        _change(story, "addQuantity", before, life.seats, day, ends)
        if agreement.basis == "per_unit":
            story.added = line(agreement, life.seats - before, day, ends)
    elif change < 0 and before > 4:
        day = opens + DAY * chance.between(1, 6)
        if calendar.period_of(day) == period:
            life.seats -= chance.between(1, max(1, before // 10))
            _change(story, "removeQuantity", before, life.seats, day, closes)
            story.removed = True
    full = life.seats if earlier else before
    story.charges.insert(0, seat(agreement, word, full, opens, closes, story.rates, period))
    if agreement.basis == "per_unit":
        story.lines.append(line(agreement, full, opens, closes))
        if story.added:
            story.lines.append(story.added)
        if story.removed:
            _removal(story, before, life.seats, day, opens, closes, chance)
        elif not story.added:
            story.base = story.lines[0]
    else:
        markup = agreement.value or ZERO
        story.lines.append(lump(agreement, story.cost * (1 + markup), period, words=known(agreement.product).name))


def _change(story: Story, word: str, before: int, after: int, day: date, ends: date) -> None:
    """A seat change in both shapes: the old quantity out and the new one in, or the difference."""
    agreement, period = story.agreement, story.period
    is_pair = agreement.family == "csp_licence" and agreement.uses_pairs
    quantities = (-before, after) if is_pair else (after - before,)
    for quantity in quantities:
        story.charges.append(seat(agreement, word, quantity, day, ends, story.rates, period))
    story.crm[-1]["valid_to"] = day - DAY
    story.crm.append(crm_row(agreement, after, day))


def _removal(story: Story, before: int, after: int, day: date, opens: date, closes: date, chance: Chance) -> None:
    """Seats that left: two spans on one invoice, or the whole month and a credit note."""
    agreement = story.agreement
    if chance.hit(50):
        story.lines[:] = [line(agreement, before, opens, day - DAY), line(agreement, after, day, closes)]
    else:
        story.notes.append(line(agreement, before - after, day, closes))


def _consumption(story: Story, chance: Chance, usage_lines: int) -> None:

    consumption.charge(story, chance, usage_lines)
    agreement, period = story.agreement, story.period
    given = sum((charge.cost for charge in story.charges if charge.kind == "credit"), ZERO)
    market = sum((charge.cost for charge in story.charges if charge.kind == "market"), ZERO)
    used = story.cost - given
    if agreement.basis == "discount_off_list":
        total = sum((charge.list_cost for charge in story.charges if charge.kind in {"usage", "market"}), ZERO) * (
            1 - known(agreement.value)
        )
        story.lines.append(lump(agreement, total, period))
        return
    factor = 1 + (agreement.value or ZERO)
    passed = given if agreement.pass_credits else ZERO
    story.lines.append(lump(agreement, (used - market) * factor + passed, period))
    if market:
        story.lines.append(
            lump(agreement, market * factor, period, consumption.MARKET[agreement.family].code, "Marketplace")
        )
    shortfall = (agreement.min_commit or ZERO) - used * factor
    if shortfall > 0:
        story.lines.append(lump(agreement, shortfall, period, words="Minimum commitment"))


def _metered(story: Story, chance: Chance, life: Life) -> None:
    agreement, period = story.agreement, story.period
    opens, closes = calendar.first(period), calendar.last(period)
    used = chance.between(agreement.included // 2, agreement.included * 2)
    story.readings.append(Reading(opens, life.counter))
    half = used // 2
    if chance.hit(20):  # the counter was replaced: read, then set to zero
        middle = calendar.on(period, 15)
        story.readings.append(Reading(middle, life.counter + half, hour="10:00:00"))
        story.readings.append(Reading(middle, 0, "reset", "10:30:00"))
        life.counter = used - half
    else:
        if chance.hit(30):
            story.readings.append(Reading(calendar.on(period, 15), life.counter + half, "estimated", "10:00:00"))
        life.counter += used
    story.readings.append(Reading(closes, life.counter, hour="23:00:00"))
    story.lines.append(lump(agreement, known(agreement.price), period, words=known(agreement.product).name))
    over = max(0, used - agreement.included)
    if over:
        extra = lump(agreement, known(agreement.overage), period, words="Overage")
        extra.quantity = Decimal(over)
        story.lines.append(extra)


def _fixed(story: Story, chance: Chance, life: Life) -> None:
    story.lines.append(
        lump(story.agreement, known(story.agreement.price), story.period, words=known(story.agreement.product).name)
    )


def _reissue(story: Story, document: Document) -> None:
    """A first invoice with wrong prices, a note over all of it, and the right one: together what is due."""
    wrong = replace(
        document,
        lines=[replace(each, price=each.price * 2) for each in document.lines],
        notes=[],
        payments=[],
        stands_alone=True,
    )
    document.stands_alone = True
    story.documents[:] = [wrong, wrong.note(document.issued, [replace(each) for each in wrong.lines]), document]


def _invoice(story: Story, chance: Chance) -> None:
    """One document, in the customer's currency, at the rate the country's rule asks for."""
    agreement = story.agreement
    who = agreement.customer
    notes = story.notes
    story._expected = sum((each.amount for each in story.lines), ZERO) - sum((each.amount for each in notes), ZERO)
    if not story.lines or who.is_internal:
        return
    local = agreement.currency == who.country.currency
    currency = agreement.currency if local else who.document_currency
    issued = calendar.on(story.period, who.issue_day)
    converts = currency != agreement.currency
    rate = story.rates.rule(who.country.code, issued) if converts else ONE
    document = Document(
        who, issued, currency, rate, rate if converts else None, list(story.lines), stands_alone=bool(notes)
    )
    story.documents.append(document)
    if story.added and chance.hit(15):  # forgotten on the invoice, put right by a debit note
        document.lines.remove(story.added)
        document.stands_alone = True
        story.documents.append(document.debit(story.added))
    elif not notes and chance.hit(2):  # voided and issued again, right this time
        _reissue(story, document)
    for each in notes:
        story.documents.append(document.note(min(issued + DAY * chance.below(3), calendar.last(story.period)), [each]))
