"""Months, and how much of an anniversary month a span of days covers.

Lives here: close periods as 'YYYY-MM', anniversary windows, months covered. Does not: business days (rates know theirs).

Reading: months covered = covered days ÷ days of the anniversary month that contains them (design §5); a span that crosses an
anniversary is cut there. A month that lacks the anniversary day (29, 30, 31) uses its last day.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

DAY = timedelta(days=1)


def shift(period: str, months: int) -> str:
    """The period so many months later."""
    count = int(period[:4]) * 12 + int(period[5:]) - 1 + months
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def first(period: str) -> date:
    """The first day of the period."""
    return date(int(period[:4]), int(period[5:]), 1)


def last(period: str) -> date:
    """The last day of the period."""
    return first(shift(period, 1)) - DAY


def period_of(day: date) -> str:
    """The period that a day lies in."""
    return f"{day.year:04d}-{day.month:02d}"


def on(period: str, day: int) -> date:
    """A day of the period by its number; the last one where the period has no such day."""
    return date(int(period[:4]), int(period[5:]), min(day, last(period).day if day > 28 else day))


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or that month's last day."""
    return on(shift(period_of(day), months), day.day)


def window(anchor: int, day: date) -> tuple[date, date]:
    """First and last day of the anniversary month that contains the day."""
    period = period_of(day) if day >= on(period_of(day), anchor) else shift(period_of(day), -1)
    return on(period, anchor), on(shift(period, 1), anchor) - DAY


def days(start: date, end: date) -> int:
    """Days from start to end, both counted."""
    return (end - start).days + 1


@lru_cache(maxsize=65536)
def months_covered(anchor: int, start: date, end: date) -> Decimal:
    """Months covered by the days from start to end, both counted."""
    covered = Decimal(0)
    while start <= end:
        opens, closes = window(anchor, start)
        stop = min(end, closes)
        whole = start == opens and stop == closes
        covered += 1 if whole else Decimal(days(start, stop)) / days(opens, closes)
        start = stop + DAY
    return covered
