"""The findings of a published month, added up: what is lost, what was billed too much, and what counts as neither.

Lives here: which findings belong to which total, and sums that hide nothing: what has no rate stays in its own currency, and
what is unknown is counted. Does not: how they are shown (summary), nor any judgement (dbt).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import duckdb

SECTIONS = ("counted", "to_come", "T", "R", "rounding")
"""In the totals stand losses (L), over-billing (O) and disputes with providers (D): money that is gone until somebody acts.
Apart stand findings that a delivery still to come may explain, timing (T: moves between months), risk (R: exposure, not loss)
and rounding within tolerance (BL02)."""


@dataclass
class Money:
    """A sum that keeps apart what cannot be added: dollars, amounts whose currency has no rate, and amounts nobody knows."""

    usd: Decimal | None = None
    """None where nothing has a rate: that is not the same as 0.00."""
    local: dict[str | None, Decimal] = field(default_factory=dict)
    """Currency (None: unknown) → amount, where no rate to dollars is known."""
    unknown: int = 0
    """Findings whose amount is not known."""

    def add(self, amount: Decimal | None, currency: str | None, amount_usd: Decimal | None) -> None:
        """Add one amount, in dollars where it has them."""
        if amount_usd is not None:
            self.usd = (self.usd or Decimal(0)) + amount_usd
        elif amount is not None:
            self.local[currency] = self.local.get(currency, Decimal(0)) + amount
        else:
            self.unknown += 1


@dataclass
class Line:
    """The findings of one class in one country, in one section."""

    section: str
    code: str
    meaning: str | None
    country: str | None
    count: int = 0
    loss: Money = field(default_factory=Money)
    over: Money = field(default_factory=Money)
    net: Money = field(default_factory=Money)


@dataclass(frozen=True)
class Findings:
    """Every finding of a month, in exactly one line."""

    lines: tuple[Line, ...]
    total: Line
    """Of the lines that are counted."""
    to_claim: Money
    """The part of the loss that a provider owes (D)."""
    no_customer: Line
    """The counted findings that name no customer."""
    rounding: Line
    example: str | None
    """The finding to look at first: the dearest one that is counted, else any."""


def of_month(connection: duckdb.DuckDBPyConnection, period: str, lang: str) -> Findings:
    """Add up the findings of a published month; `lang` (es, pt, en) chooses the names of the classes."""
    meaning = "class" if lang == "en" else f"class_{lang}"
    rows = connection.execute(
        f"""
        select
            case when l.class_code = 'BL02' then 'rounding' when l.direction in ('T', 'R') then l.direction
                 when l.is_provisional then 'to_come' else 'counted' end as section,
            l.class_code, any_value(c.{meaning}), l.country, l.direction = 'D', l.customer_id is null, l.currency,
            l.amount_usd is not null, l.amount is not null, sign(coalesce(l.amount_usd, l.amount)),
            count(*), sum(l.amount), sum(l.amount_usd)
        from marts.fct_leak l left join marts.dim_leak_class c on c.code = l.class_code
        where l.close_period = ? group by all order by all
        """,
        [period],
    ).fetchall()
    lines: dict[tuple, Line] = {}
    total, rounding, no_customer = (Line(section, "", None, None) for section in ("counted", "rounding", "counted"))
    to_claim = Money()
    for (
        section,
        code,
        name,
        country,
        is_claim,
        is_nobodys,
        currency,
        is_rated,
        is_known,
        sign,
        count,
        amount,
        usd,
    ) in rows:
        line = lines.setdefault((section, code, country), Line(section, code, name, country))
        into = [line] if section != "rounding" else [rounding]
        into += [total] if section == "counted" else []
        into += [no_customer] if section == "counted" and is_nobodys else []
        parts = [None] * count if not is_known and not is_rated else [amount]
        for part in parts:
            for one in into:
                _put(one, part, currency, usd if is_rated else None, sign)
            if section == "counted" and is_claim and sign is not None and sign > 0:
                to_claim.add(part, currency, usd if is_rated else None)
        for one in into:
            one.count += count
    shown = (line for line in lines.values() if line.section != "rounding")
    return Findings(
        tuple(sorted(shown, key=_dearest)), total, to_claim, no_customer, rounding, _example(connection, period)
    )


def _put(line: Line, amount: Decimal | None, currency: str | None, usd: Decimal | None, sign: int | None) -> None:
    line.net.add(amount, currency, usd)
    if sign is not None and sign != 0:
        (line.loss if sign > 0 else line.over).add(amount, currency, usd)


def _dearest(line: Line) -> tuple:
    size = sum((abs(money.usd) for money in (line.loss, line.over) if money.usd is not None), Decimal(0))
    return SECTIONS.index(line.section), -size, line.code, line.country or ""


def _example(connection: duckdb.DuckDBPyConnection, period: str) -> str | None:
    found: Iterable[tuple] = connection.execute(
        """
        select leak_id from marts.fct_leak where close_period = ? and class_code <> 'BL02'
        order by is_provisional or direction in ('T', 'R'), abs(amount_usd) desc nulls last, leak_id limit 1
        """,
        [period],
    ).fetchall()
    return next((leak_id for (leak_id,) in found), None)
