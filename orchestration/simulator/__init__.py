"""A synthetic reseller: months of real file formats, clean to the cent or with leaks whose amounts are known.

Lives here: `simulate`, which writes `home/inbox/…` and, beside it, `home/truth.csv`. Does not: anything that finds leaks. It shares
no code with the rest of the product (a test reads its imports), otherwise finding what it seeds would prove nothing.

Nothing is kept in memory but the customer at hand: a subscription, its months and its leaks are functions of (seed, number), every
month's files are open together, and each customer passes once through all months. The same arguments give the same bytes.

The reading of each rule stands where it is applied: calendar (coverage), rates (which rate), documents (rounding, tax, deductions),
story and consumption (R), shapes (what is odd and yet right), files.* (formats and their quirks), leaks.* (each class, its mutation and its amount).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import localcontext
from pathlib import Path

from orchestration.simulator import calendar, leaks, shapes
from orchestration.simulator.documents import Document, collect
from orchestration.simulator.events import tell
from orchestration.simulator.month import Month
from orchestration.simulator.people import CONSUMPTION, FAMILIES, Customer, agreements
from orchestration.simulator.rates import Rates
from orchestration.simulator.story import Life, Story
from orchestration.simulator.truth import Truths


@dataclass(frozen=True)
class Simulation:
    """What was written."""

    home: Path
    periods: tuple[str, ...]
    subscriptions: int
    provider_lines: int
    truths: int


def simulate(
    home: Path,
    *,
    seed: int,
    months: int = 1,
    subscriptions: int = 200,
    lines: int | None = None,
    leak_rate: float = 0.0,
    classes: Sequence[str] | None = None,
    period: str = "2026-09",
    pairs: bool = False,
) -> Simulation:
    """Write a synthetic reseller's months.

    Args:
        home: folder that gets `inbox/` and `truth.csv`.
        seed: the same seed and arguments give the same bytes.
        months: how many close periods, one after the other.
        subscriptions: how many subscriptions exist.
        lines: about how many provider lines each month should have; by default what the subscriptions need.
        leak_rate: share of (subscription, month) that gets a leak, 0 to 1.
        classes: leak classes to seed; all known ones by default.
        period: the first close period, 'YYYY-MM'.
        pairs: seed two leaks of the bridge on one unit instead of one.

    Raises:
        ValueError: a class that cannot be seeded, or a rate outside 0 to 1.
        FileExistsError: the home holds deliveries of these periods that no simulation wrote.
    """
    if not 0 <= leak_rate <= 1:
        raise ValueError(f"leak_rate is a share from 0 to 1, not {leak_rate}")
    plan = leaks.plan(classes, per_mille=round(leak_rate * 1000), pairs=pairs)
    periods = tuple(calendar.shift(period, n) for n in range(months))
    usage_lines = _usage_lines(lines, subscriptions)
    _make_room(home, periods)
    with localcontext() as context:
        context.prec = 40
        rates = Rates(seed, calendar.first(calendar.shift(period, -9)), calendar.last(calendar.shift(periods[-1], 3)))
        truths = Truths(home, rates)
        open_months = [Month(home, seed, each, n, rates) for n, each in enumerate(periods)]
        for who, signed in agreements(seed, subscriptions, period):
            lives = {agreement.number: Life(agreement.seats) for agreement in signed}
            before: list[Document] = []
            for month in open_months:
                stories = [
                    tell(agreement, lives[agreement.number], month.period, rates, seed, usage_lines)
                    for agreement in signed
                ]
                stories = [story for story in stories if story is not None]
                scene = leaks.Scene(seed, who, stories, before, rates)
                shapes.shape(scene)
                seeded = leaks.seed(plan, scene)
                documents = _documents(who, stories, month.period)
                for story in (*stories, *seeded.strangers):
                    month.story(story)
                month.customer(who, stories, seeded.owner)
                for document in (*before, *documents):
                    month.document(document)
                for truth in seeded.truths:
                    truths.add(month.period, truth)
                before = [document for document in documents if not document.is_unpaid]
        for month in open_months:
            for truth in leaks.seed_month(plan, seed, month):
                truths.add(month.period, truth)
            month.close()
        truths.close()
    leaks.deliver_twice(plan, open_months)
    return Simulation(home, periods, subscriptions, sum(month.lines for month in open_months), truths.count)


def _make_room(home: Path, periods: Iterable[str]) -> None:
    """Take away what an earlier simulation wrote for these periods; what nobody simulated is never touched."""
    folders = [folder for period in periods for folder in (home / "inbox").glob(f"*/{period}")]
    if folders and not (home / "truth.csv").exists():
        raise FileExistsError(
            f"{folders[0]} was not written by a simulation (no truth.csv in {home}). Name an empty home."
        )
    for folder in folders:
        shutil.rmtree(folder)


def _usage_lines(lines: int | None, subscriptions: int) -> int:
    """Usage lines of each consumption subscription, so that a month has about `lines`."""
    if lines is None:
        return 5
    share = sum(weight for family, weight in FAMILIES if family in CONSUMPTION - {"azure"})
    return max(1, round(lines / (subscriptions * share / 100)))


def _documents(who: Customer, stories: Iterable[Story], period: str) -> list[Document]:
    """The month's documents: subscriptions with the same money and rate share one, then all are numbered, fixed and collected."""
    merged: list[Document] = []
    shared: dict[tuple[object, ...], Document] = {}
    for document in (document for story in stories for document in story.documents):
        key = (document.customer.number, document.currency, document.stated_rate, document.rate)
        if document.stands_alone or document.doc_class != "invoice":
            merged.append(document)
        elif key in shared:
            shared[key].lines.extend(document.lines)
            document.merged_into = shared[key]
        else:
            shared[key] = document
            merged.append(document)
    for number, document in enumerate(merged, 1):
        document.number = f"{document.customer.country.code}-{period.replace('-', '')}-{who.number:07d}-{number}"
        document.settle()
    for document in merged:
        if document.doc_class != "credit_note" and not document.is_unpaid:
            collect(document, period)
    return merged
