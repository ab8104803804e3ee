"""Months as real senders show them: awkward, and right to the cent.

Lives here: which shape a clean subscription's month has, and when it shows. Does not: what a shape changes (shape_changes), nor leaks.
A shaped subscription gets no leak, so that whatever is found on it is false.

Each shape rewrites charges, CRM rows and documents together and keeps Σ documents = R under design §5 (*Readings*). Which shape a
subscription has depends on its number alone, so it keeps it from month to month.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from orchestration.simulator import calendar, shape_changes
from orchestration.simulator.chance import Chance
from orchestration.simulator.documents import Line
from orchestration.simulator.known import known
from orchestration.simulator.leaks.parts import Scene, is_plain, is_resold, is_seat, issue_late
from orchestration.simulator.people import SEATS, Agreement
from orchestration.simulator.story import Story

SHARE = 25
"""Percent of the subscriptions that may get a shape; it is applied in the months it fits."""

METERED_BY_DAY = frozenset({"aws", "gcp", "oracle"})


@dataclass(frozen=True, slots=True)
class Shape:
    """One habit of real senders: whose it can be, in which month it shows, and how."""

    name: str
    suits: Callable[[Agreement], bool]
    shows: Callable[[Story], bool]
    apply: Callable[[Story, Scene, Chance], None]
    weight: int = 10
    """How often relative to the others; what suits few subscriptions weighs more."""


def shape(scene: Scene) -> None:
    """Give the customer's stories of one month their shapes."""
    for story in scene.stories:
        agreement = story.agreement
        drawn = Chance(scene.seed, "shape", agreement.number)
        if agreement.customer.is_internal or agreement.stopped_on or not drawn.hit(SHARE):
            continue
        fitting = [each for each in SHAPES if each.suits(agreement)]
        if fitting:
            chosen = drawn.weighted([(each, each.weight) for each in fitting])
            if chosen.shows(story):
                chosen.apply(story, scene, Chance(scene.seed, "shaped", agreement.number, story.period))
                story.shape = chosen.name


def _usage_only(story: Story) -> bool:
    return (
        is_plain(story)
        and len(story.documents) == 1
        and len(story.documents[0].lines) == 1
        and all(charge.kind in {"usage", "margin", "tax"} for charge in story.charges)
    )


def _whole_licence(story: Story) -> bool:
    return is_seat(story) and story.agreement.family == "csp_licence" and len(story.charges) == 1


def _room(story: Story) -> bool:
    return is_seat(story) and calendar.days(known(story.base).start, calendar.last(story.period)) > 11


def _one_charge(story: Story) -> bool:
    return (
        is_resold(story)
        and story.agreement.family == "csp_licence"
        and len(story.charges) == 1
        and len(story.documents[0].lines) == 1
        and calendar.days(story.charges[0].start, calendar.last(story.period)) > 14
    )


def _is_whole_month(each: Line, period: str) -> bool:
    return (each.start, each.end) == (calendar.first(period), calendar.last(period))


def _by_day(agreement: Agreement) -> bool:
    return agreement.family in METERED_BY_DAY and agreement.min_commit is None


def _licence(agreement: Agreement) -> bool:
    return agreement.family == "csp_licence" and agreement.frequency == "monthly"


def _per_seat(agreement: Agreement) -> bool:
    return agreement.family in SEATS and agreement.basis == "per_unit" and agreement.frequency == "monthly"


SHAPES = (
    Shape("two dates", _by_day, _usage_only, shape_changes.two_dates),
    Shape(
        "dollar document",
        lambda a: _by_day(a) and a.customer.country.usd_documents,
        _usage_only,
        shape_changes.dollar_document,
    ),
    Shape("account changes", _by_day, _usage_only, shape_changes.account_changes),
    Shape("licence changes", _licence, lambda s: _whole_licence(s) and _room(s), shape_changes.licence_changes),
    Shape(
        "promotion ends",
        lambda a: _per_seat(a) and a.promo_pct is None and a.margin_floor_pct is None,
        lambda s: is_seat(s) and not known(s.base).discount_pct,
        shape_changes.promotion_ends,
    ),
    Shape("taken back", _licence, _one_charge, shape_changes.taken_back),
    Shape("printed short", _per_seat, is_resold, shape_changes.printed_short),
    Shape(
        "issued late",
        lambda a: True,
        lambda s: is_plain(s) and len(s.documents) == 1,
        lambda story, scene, chance: issue_late(story, chance),
    ),
    Shape("counted once", lambda a: True, lambda s: is_plain(s) and len(s.documents) == 1, shape_changes.counted_once),
    Shape("pending", lambda a: True, lambda s: is_plain(s) and len(s.documents) == 1, shape_changes.pending),
    Shape("by spans", _per_seat, _room, shape_changes.by_spans),
    Shape("ends inside", lambda a: _per_seat(a) and a.term == "P1M", _room, shape_changes.ends_inside),
    Shape(
        "no period",
        lambda a: a.frequency == "monthly",
        lambda s: is_resold(s) and all(_is_whole_month(each, s.period) for each in s.documents[0].lines),
        shape_changes.no_period,
    ),
    Shape(
        "reais for dollars",
        lambda a: _licence(a) and a.cost_currency == "BRL" and a.basis == "markup_pct_on_cost",
        is_resold,
        shape_changes.reais_for_dollars,
        90,
    ),
    Shape("zero lines", lambda a: _by_day(a) or _licence(a), lambda s: bool(s.charges), shape_changes.zero_lines),
    Shape(
        "half managed",
        lambda a: a.family == "azure",
        lambda s: any(c.margin > 0 for c in s.charges),
        shape_changes.half_managed,
    ),
)
