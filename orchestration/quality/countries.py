"""An item over rows that have a country is answered country by country.

Lives here: splitting the answer of an item over rows that have a country. Does not: judge; the parts add up to what Great
Expectations counted, or the whole answer stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import duckdb

from orchestration.ground import sql
from orchestration.quality import evidence
from orchestration.quality.model import Item, ItemResult, Suite


def split(connection: duckdb.DuckDBPyConnection, suite: Suite, judged: Sequence[ItemResult]) -> Iterator[ItemResult]:
    """Each result, or its parts by country where its item is a rule of single rows and its relation has a country.

    Rows without a country make a part of their own, with `country` None.
    """
    items = {item.item_id: item for item in suite.items}
    parted = [one for one in judged if one.evaluated_count and hasattr(items[one.item_id].expectation, "failing")]
    counts = _counts(connection, suite, [items[one.item_id] for one in parted]) if parted else {}
    for one in judged:
        parts = counts.get(one.item_id, [])
        whole = (one.evaluated_count, one.failed_count)
        if not parts or (sum(part[1] for part in parts), sum(part[2] for part in parts)) != whole:
            yield one  # nothing may be lost on the way to a country
            continue
        for country, evaluated, failed in parts:
            yield _part(connection, suite, items[one.item_id], one, country, evaluated, failed)


def _counts(
    connection: duckdb.DuckDBPyConnection, suite: Suite, items: Sequence[Item]
) -> dict[str, list[tuple[str | None, int, int]]]:
    """Item id → (country, rows the rule applies to, rows that break it), in one scan of the relation."""
    columns = {row[0] for row in connection.execute(f"describe {suite.relation}").fetchall()}
    if "country" not in columns:
        return {}
    counted = ", ".join(f"count_if({item.expectation.where}), count_if({item.expectation.failing})" for item in items)
    rows = connection.execute(f"select country, {counted} from {suite.relation} group by 1 order by 1").fetchall()
    return {
        item.item_id: [(row[0], row[2 * place + 1], row[2 * place + 2]) for row in rows if row[2 * place + 1]]
        for place, item in enumerate(items)
    }


def _part(
    connection: duckdb.DuckDBPyConnection,
    suite: Suite,
    item: Item,
    whole: ItemResult,
    country: str | None,
    evaluated: int,
    failed: int,
) -> ItemResult:
    observed = f"{failed} of {evaluated}"
    if failed:
        only = f"country = {sql.literal(country)}" if country else "country is null"
        observed += evidence.price(connection, suite.relation, item, only)
    return replace(
        whole,
        country=country,
        passed=failed == 0,
        evaluated_count=evaluated,
        failed_count=failed,
        observed=f"{country}: {observed}" if country else observed,
        evidence_path=whole.evidence_path if failed else None,
    )
