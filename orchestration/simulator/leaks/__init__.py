"""Seeded leaks: which class goes where, and the truth of each.

Lives here: the choice. Does not: the classes (bridge, existence, money, cash, provider), nor anything the detectors know.

A subscription gets at most one leak a month (two with `pairs`), so that each amount can be told from any other. Classes that fit
few subscriptions weigh more, so that every class is seeded in a few hundred leaks. BL02 (rounding) needs no seed: every converted
document has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from orchestration.simulator.chance import Chance
from orchestration.simulator.leaks import bridge, cash, existence, money, provider
from orchestration.simulator.leaks.parts import Leak, Scene
from orchestration.simulator.month import Month
from orchestration.simulator.story import Story
from orchestration.simulator.truth import Truth

__all__ = ["CLASSES", "Plan", "Scene", "deliver_twice", "plan", "seed", "seed_month"]

LEAKS: dict[str, Leak] = {leak.code: leak for leak in (*bridge.LEAKS, *existence.LEAKS, *money.LEAKS, *cash.LEAKS)}
CLASSES: tuple[str, ...] = tuple(sorted({*LEAKS, *provider.CODES, "EX13"}))
"""Every class that can be seeded."""


@dataclass(frozen=True)
class Plan:
    """What to seed, and how often."""

    codes: frozenset[str]
    per_mille: int
    pairs: bool


def plan(classes: Sequence[str] | None, *, per_mille: int, pairs: bool) -> Plan:
    """The classes to seed. Rounding is accepted and seeded by itself.

    Raises:
        ValueError: a class that nobody can seed.
    """
    wanted = CLASSES if classes is None else tuple(code for code in classes if code != "BL02")
    if unknown := sorted(set(wanted) - set(CLASSES)):
        raise ValueError(f"cannot seed {', '.join(unknown)}; known classes: {', '.join(CLASSES)}")
    return Plan(frozenset(wanted), per_mille, pairs)


def seed(plan: Plan, scene: Scene) -> Scene:
    """Leak into one customer's month; the scene comes back with its truths."""
    for story in scene.stories:
        chance = Chance(scene.seed, "leak", story.agreement.number, story.period)
        if scene.customer.is_internal or story.shape:
            continue
        if chance.below(1000) < plan.per_mille:
            scene.truths += _one(plan, story, scene, chance)
    if scene.customer.is_internal and "EX13" in plan.codes and plan.per_mille and scene.customer.number % 2:
        scene.truths += existence.internal(scene)
    return scene


def _one(plan: Plan, story: Story, scene: Scene, chance: Chance) -> list[Truth]:
    if plan.pairs:
        return bridge.pair(story, scene, chance, plan.codes)
    fitting = [leak for code, leak in LEAKS.items() if code in plan.codes and leak.applies(story, scene)]
    if not fitting:
        return []
    return chance.weighted([(leak, leak.weight) for leak in fitting]).seed(story, scene, chance)


def seed_month(plan: Plan, seed: int, month: Month) -> list[Truth]:
    """Leak into a month's provider invoices."""
    return provider.seed_month(plan.codes, seed, month) if plan.per_mille and not plan.pairs else []


def deliver_twice(plan: Plan, months: Iterable[Month]) -> None:
    """After the files are closed: second copies."""
    if plan.per_mille and not plan.pairs:
        provider.deliver_twice(plan.codes, [month.oracle.path for month in months])
