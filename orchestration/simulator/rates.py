"""Exchange rates: a dated random walk per country, and the rate each country's rule asks for.

Lives here: the published rows and the rule's rate. Does not: the choice of a wrong rate (leaks).

Readings: rates exist on weekdays that are no holiday; Colombia's TRM of Saturday is in force until Monday, that of a holiday until
the day after it, as one range. PE uses the last rate on
or before the issue date, CL the same, AR and BR the last rate before the issue date, CO the range that holds it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from orchestration.simulator.calendar import DAY
from orchestration.simulator.catalogue import COUNTRIES, Country
from orchestration.simulator.chance import Chance
from orchestration.simulator.money import places

BEFORE_ISSUE = frozenset({"AR", "BR"})
"""Countries whose rule asks for the previous business day."""

BUY_SIDE = {"PE": Decimal("0.988"), "AR": Decimal("0.965"), "BR": Decimal("0.985")}
"""Buying quotation as a share of the selling one; wide enough to be told from a rounding."""

MARKET = Decimal("1.017")
"""An unofficial market series, seen in practice and never the rule's."""


class Rates:
    """Local currency per US dollar, for every weekday of a span."""

    def __init__(self, seed: int, start: date, end: date):
        self._days = [start + timedelta(n) for n in range((end - start).days + 1)]
        self._days = [day for day in self._days if day.weekday() < 5 and not _is_holiday(seed, day)]
        self._series = {code: self._walk(seed, country) for code, country in COUNTRIES.items()}

    def _walk(self, seed: int, country: Country) -> list[Decimal]:
        chance = Chance(seed, "fx", country.code)
        level, walked = country.start_rate, []
        for _ in self._days:
            # Steps up to 1.1 %, pulled back to the start so that a long walk stays believable.
            pull = (country.start_rate - level) / country.start_rate * 30
            level *= 1 + (Decimal(chance.between(-1100, 1100)) + pull * 100) / 100_000
            walked.append(places(level, country.rate_decimals))
        return walked

    def rule(self, country: str, issued: date) -> Decimal:
        """The rate that a document issued on that day must use."""
        if country == "CO":  # Saturday's rate is in force until Monday: the walk keeps it under Monday
            return self._series[country][bisect_left(self._days, issued)]
        at = bisect_left(self._days, issued) if country in BEFORE_ISSUE else bisect_right(self._days, issued)
        return self._series[country][at - 1]

    def per_dollar(self, currency: str, on: date) -> Decimal:
        """Units of the currency per US dollar on a document of that day."""
        if currency == "USD":
            return Decimal(1)
        country = next(code for code, country in COUNTRIES.items() if country.currency == currency)
        return self.rule(country, on)

    def other_dates(self, country: str, issued: date) -> list[Decimal]:
        """The same series and side on earlier days, the last 45 weekdays."""
        at = bisect_left(self._days, issued)
        return self._series[country][max(at - 45, 0) : max(at - 1, 0)]

    def other_sides(self, country: str, issued: date) -> list[Decimal]:
        """The buying side and the market series on the rule's own date."""
        right = self.rule(country, issued)
        buy = [places(right * BUY_SIDE[country], COUNTRIES[country].rate_decimals)] if country in BUY_SIDE else []
        return [*buy, places(right * MARKET, COUNTRIES[country].rate_decimals)]

    def rows(self, start: date, end: date) -> Iterator[dict[str, str]]:
        """The fx_rates rows of a span, in a fixed order."""
        for country in COUNTRIES.values():
            previous = self._days[0]
            for day, rate in zip(self._days, self._series[country.code], strict=True):
                if day < start:
                    previous = day
                if not start <= day <= end:
                    continue
                dated = min(previous + DAY, day) if country.code == "CO" else day
                valid, previous = (dated, day), day
                yield _row(country, country.source, country.series, country.side, rate, dated, valid)
                if country.code in BUY_SIDE:
                    buy = places(rate * BUY_SIDE[country.code], country.rate_decimals)
                    yield _row(country, country.source, country.series, "buy", buy, dated, valid)
                yield _row(
                    country,
                    "MARKET",
                    f"SPOT_{country.currency}",
                    "mid",
                    places(rate * MARKET, country.rate_decimals),
                    dated,
                    valid,
                )


def _is_holiday(seed: int, day: date) -> bool:
    """One weekday of most months has no rate anywhere, never next to a weekend's hole on both sides."""
    return day.weekday() in {1, 2, 3} and Chance(seed, "holiday", day).hit(6)


def _row(
    country: Country, source: str, series: str, side: str, rate: Decimal, day: date, valid: tuple[date, date]
) -> dict[str, str]:
    return {
        "source": source,
        "series": series,
        "base_currency": "USD",
        "quote_currency": country.currency,
        "side": side,
        "rate": f"{rate:f}",
        "rate_date": day.isoformat(),
        "valid_from": valid[0].isoformat(),
        "valid_to": valid[1].isoformat(),
    }
