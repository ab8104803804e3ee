"""Business days of a country.

Lives here: counting days that are neither weekend nor public holiday. The holidays are those of the library `holidays`; nothing is
asked of the network.
"""

from __future__ import annotations

import functools
from datetime import date, timedelta

import holidays

SATURDAY = 5


def is_business_day(day: date, country: str) -> bool:
    """Whether people work on a day. A country that the library does not know has weekends and no holidays."""
    return day.weekday() < SATURDAY and day not in _holidays(country, day.year)


def after(day: date, count: int, country: str) -> date:
    """The day that lies `count` business days after another; with 0 the day itself, or the next business day."""
    found = day
    while count > 0 or not is_business_day(found, country):
        found += timedelta(days=1)
        count -= is_business_day(found, country)
    return found


@functools.cache
def _holidays(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
