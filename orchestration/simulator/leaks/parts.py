"""What every leak needs: the scene, the amounts of a clean unit, and small edits of it.

Lives here: shared vocabulary of the leak functions. Does not: any class.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from orchestration.simulator import calendar
from orchestration.simulator.calendar import DAY
from orchestration.simulator.chance import Chance
from orchestration.simulator.documents import Document, Line
from orchestration.simulator.money import HUNDRED, ZERO
from orchestration.simulator.people import OWN, Customer
from orchestration.simulator.rates import Rates
from orchestration.simulator.story import Story
from orchestration.simulator.truth import Truth


@dataclass(slots=True)
class Scene:
    """One customer in one month, before anything is written."""

    seed: int
    customer: Customer
    stories: list[Story]
    before: list[Document]
    """The documents of last month, whose money arrives this month."""
    rates: Rates
    strangers: list[Story] = field(default_factory=list)
    """Charges that belong to no story of the CRM."""
    truths: list[Truth] = field(default_factory=list)
    owner: str = "comercial"


@dataclass(frozen=True, slots=True)
class Leak:
    """One class: where it can be seeded, how, and how often relative to the others."""

    code: str
    applies: Callable[[Story, Scene], bool]
    seed: Callable[[Story, Scene, Chance], list[Truth]]
    weight: int = 10


def is_billed(story: Story) -> bool:
    """One ordinary invoice and nothing else."""
    return len(story.documents) == 1 and bool(story.documents[0].lines)


def is_resold(story: Story) -> bool:
    """A provider's charges of this month, invoiced in the ordinary way by the month."""
    agreement = story.agreement
    return (
        is_billed(story)
        and bool(story.charges)
        and agreement.family not in OWN
        and agreement.frequency == "monthly"
        and story.cost > 1
    )


def is_plain(story: Story) -> bool:
    """A resold unit whose contract has no minimum, so that its parts do not depend on one another."""
    return is_resold(story) and story.agreement.min_commit is None


def is_seat(story: Story) -> bool:
    """One licence line over one whole anniversary month, at a price per unit."""
    return is_resold(story) and story.base is not None and len(story.lines) == 1


def in_dollars(story: Story) -> bool:
    """Whether provider and contract both speak dollars."""
    return story.agreement.cost_currency == story.agreement.currency == "USD"


def u(line: Line) -> Decimal:
    """The line's price per unit and month, its discount taken off."""
    return line.price * (1 - line.discount_pct / HUNDRED)


def billed(documents: list[Document]) -> Decimal:
    """Σ sign × net, as the documents will print it."""
    return sum((each.sign * line.settle(each.rate, each.currency) for each in documents for line in each.lines), ZERO)


def before_month(story: Story) -> date:
    """The last day of the month before."""
    return calendar.first(story.period) - DAY


def forget_invoice(story: Story) -> None:
    """Nothing was invoiced."""
    story.documents.clear()


def issue_late(story: Story, chance: Chance) -> None:
    """The month's document is issued in the first days of the next one, at that day's rate."""
    document = story.documents[0]
    issued = calendar.on(calendar.shift(story.period, 1), chance.between(1, 4))
    if document.stated_rate is not None:
        document.rate = document.stated_rate = story.rates.rule(document.customer.country.code, issued)
    document.issued, document.stands_alone = issued, True


def set_crm(story: Story, **values: object) -> None:
    """Change what the CRM says of the subscription."""
    for row in story.crm:
        row.update(values)


def copied(line: Line, **changes: object) -> Line:
    """Another line like this one."""
    return replace(line, **changes)


def on_contract(code: str, story: Story, amount: Decimal, note: str = "") -> list[Truth]:
    """A truth in contract currency: nothing was invoiced."""
    return [Truth(code, story.agreement.id, amount, story.agreement.currency, None, note)]


def on_document(
    code: str, story: Story, amount: Decimal, document: Document | None = None, note: str = ""
) -> list[Truth]:
    """A truth in the currency of the story's invoice."""
    document = document or story.documents[0]
    return [Truth(code, story.agreement.id, amount, document.currency, document, note)]
