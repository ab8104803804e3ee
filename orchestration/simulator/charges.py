"""What a provider charges, before any file format.

Lives here: one record. Does not: how it is priced or written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orchestration.simulator.catalogue import Meter
from orchestration.simulator.money import ZERO


@dataclass(slots=True)
class Charge:
    """One line of a provider, before any file format."""

    kind: str
    """seat, usage, market (third party), credit, margin, tax or correction."""
    word: str
    """The provider's own charge type, where it has one."""
    quantity: Decimal
    price: Decimal
    """Per unit (and month, for seats), provider's pricing currency."""
    list_price: Decimal
    cost: Decimal
    """Billing currency, before what the reseller keeps."""
    start: date
    end: date
    code: str
    meter: Meter | None = None
    margin: Decimal = ZERO
    """The part of `cost` that the reseller keeps inside this line."""
    list_cost: Decimal = ZERO
    is_orphan: bool = False
    is_new_plan: bool = False
    """Whether the provider has this seat on a yearly commitment although the customer bought months (TP03)."""
    unearned: frozenset[tuple[int, int]] = frozenset()
    """(entitlement, day) by number, where Azure earned the partner nothing although the rest did."""
