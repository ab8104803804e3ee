"""Who may decide what: the authority matrix that the people extract delivers.

Lives here: one person's right to prepare or to approve one kind of decision on one day. Does not: what a decision asks for (life),
nor how valid decisions are counted (dbt).

Analysts and limits are dated; the day is that of the act. A limit without a country holds in every country, one without an amount
for every amount.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import polars as pl

from orchestration.contracts import SOURCES
from orchestration.intake import receive
from orchestration.settings import Paths

Part = Literal["prepare", "approve"]


@dataclass(frozen=True)
class Authority:
    """Roles of people and limits of roles, as they were delivered last for a month."""

    analysts: pl.DataFrame
    """people.analysts: analyst_id, role, valid_from, valid_to."""
    limits: pl.DataFrame
    """people.authority: role, decision, country, may_prepare, may_approve, limit_usd, valid_from, valid_to."""

    def roles(self, person: str, day: date) -> list[str]:
        """The roles that a person has on a day."""
        valid = _valid_on(self.analysts, day).filter(pl.col("analyst_id") == person)
        return sorted(valid["role"].unique())

    def role_for(
        self,
        person: str,
        part: Part,
        decision: str,
        day: date,
        *,
        country: str | None = None,
        amount_usd: Decimal | None = None,
    ) -> str | None:
        """The role that lets a person prepare or approve this decision on that day; None where none does.

        Args:
            country: where the decision works; None means everywhere, which only a limit without a country allows.
            amount_usd: what it is worth; None where it has no amount.
        """
        allowed = _valid_on(self.limits, day).filter(
            (pl.col("decision") == decision) & pl.col(f"may_{part}") & pl.col("role").is_in(self.roles(person, day))
        )
        everywhere = pl.col("country").is_null()
        allowed = allowed.filter(everywhere if country is None else everywhere | (pl.col("country") == country))
        if amount_usd is not None:
            allowed = allowed.filter(pl.col("limit_usd").is_null() | (pl.col("limit_usd") >= amount_usd))
        return min(allowed["role"], default=None)


_EVER = "9999-12"


def delivered(paths: Paths) -> Authority | None:
    """The newest authority that was delivered, whatever month it is for: who acts today acts by the rights of today. None where
    either table was never delivered."""
    people = SOURCES["people"]
    tables = {}
    for name in ("analysts", "authority"):
        delivery, _ = receive.resolve(paths, people, _EVER, table=name)
        if delivery is None or name not in delivery.tables:
            return None
        tables[name] = pl.read_parquet(sorted(delivery.tables[name].glob("*.parquet")), glob=False)
    return Authority(tables["analysts"], tables["authority"])


def _valid_on(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    return rows.filter((pl.col("valid_from") <= day) & (pl.col("valid_to").is_null() | (pl.col("valid_to") >= day)))
