"""Rounding: the one way documents are rounded, and the way Microsoft cuts.

Lives here: subunits, half-up rounding, truncation. Does not: any rule of what is charged.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
CENT = Decimal("0.01")
_WHOLE = frozenset({"CLP"})


def subunit(currency: str) -> Decimal:
    """The smallest amount a document in this currency can state."""
    return ONE if currency in _WHOLE else CENT


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount as a document states it: half up, at the currency's subunit."""
    return amount.quantize(subunit(currency), ROUND_HALF_UP)


def places(amount: Decimal, count: int) -> Decimal:
    """Half up, at so many decimals."""
    return amount.quantize(Decimal(1).scaleb(-count), ROUND_HALF_UP)


def cut(amount: Decimal) -> Decimal:
    """Excel's ROUNDDOWN at two decimals: toward zero, as Microsoft documents it."""
    return amount.quantize(CENT, ROUND_DOWN)


def text(amount: Decimal | None) -> str:
    """Plain digits without exponent; empty for nothing."""
    return "" if amount is None else f"{amount:f}"
