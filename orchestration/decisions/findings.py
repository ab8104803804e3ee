"""What stands in a month's workbooks: its open findings by owner area and country, with what was compared and when they are due.

Lives here: choosing them from the published file and dating them. Does not: the workbook (workbook).

A finding is as old as the close that saw it first; the day of a close is that of the newest file it read, so that the same files give
the same workbook on any day. Rounding (BL02) asks nobody to decide.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from orchestration.decisions.workbook import Book
from orchestration.errors import CuadreError
from orchestration.ground import business_days
from orchestration.publish import closes, kept, reading
from orchestration.settings import Paths
from orchestration.warehouse import database
from orchestration.wording import verdicts

_OPEN = """
    select
        leaks.*, classes.owner_area, classes.decision_days, seen.as_of as seen_at, this_close.as_of as closed_at
    from marts.fct_leak as leaks
    join marts.dim_leak_class as classes on leaks.class_code = classes.code
    join marts.dim_close_period as this_close on leaks.close_period = this_close.close_period
    left join marts.dim_close_period as seen on leaks.first_seen_period = seen.close_period
    where leaks.close_period = $period and not leaks.is_rounding
    order by leaks.severity, abs(leaks.amount_usd) desc nulls last, leaks.leak_id
"""


class NothingToDecide(CuadreError):
    """The month is not published."""


def books(paths: Paths, period: str, lang: str, area: str | None = None) -> Iterator[Book]:
    """The workbooks of a published month, one for each owner area and country that has a finding.

    Args:
        area: one owner area only, as dim_leak_class spells it.

    Raises:
        NothingToDecide: the month is not published.
    """
    folder = closes.closes(paths).get(period)
    if folder is None:
        raise NothingToDecide(
            f"{period} is not published, so there is nothing to decide: `cuadre close {period}` first."
        )
    with database.connect(paths, paths.published / "cuadre.duckdb", read_only=True) as connection:
        known = reading.books(connection)
        groups: dict[tuple[str, str], list[dict[str, object]]] = {}
        for row in reading.rows(connection, _OPEN, period=period):
            if area in (None, row["owner_area"]):
                key = (str(row["owner_area"]), str(row["country"] or "ALL"))
                groups.setdefault(key, []).append(_shown(row, known, lang))
    content = kept.content_sha256(folder)
    for (owner_area, country), findings in sorted(groups.items()):
        yield Book(period, owner_area, country, lang, content, findings, known.decimals)


def _shown(row: Mapping[str, Any], known: verdicts.Books, lang: str) -> dict[str, object]:
    """One finding by the keys of the workbook's columns."""
    currency, code = str(row["currency"]), str(row["class_code"])
    seen, closed = row["seen_at"] or row["closed_at"], row["closed_at"]
    country = str(row["country"] or "")
    due = business_days.after(seen.date(), int(row["decision_days"] or 0), country)
    return {
        "leak_id": row["leak_id"],
        "severity": row["severity"],
        "class": f"{code} · {_class_name(known, code, lang)}",
        "customer": known.customers.get(str(row["customer_id"]), row["customer_id"]),
        "subscription": row["subscription_id"],
        "document": row["invoice_id"] or row["provider_invoice_id"] or row["payment_id"],
        "what": _compared(row, known, lang),
        "amount": _rounded(row["amount"], known.decimals.get(currency, 2)),
        "currency": currency,
        "amount_usd": _rounded(row["amount_usd"], 2),
        "first_seen": row["first_seen_period"],
        "age_days": (closed - seen).days,
        "due_on": due,
        "is_overdue": due < closed.date(),
        "to_do": row[f"suggested_resolution_{lang}"],
    }


def _compared(row: Mapping[str, object], known: verdicts.Books, lang: str) -> str:
    """The finding in a sentence, and the figures that it was judged by."""
    figures = json.loads(str(row["evidence"] or "{}"))
    told = "; ".join(f"{name} = {value}" for name, value in figures.items() if value is not None)
    return f"{verdicts.of_finding(row, known, lang)}\n{told}" if told else verdicts.of_finding(row, known, lang)


def _class_name(known: verdicts.Books, code: str, lang: str) -> str:
    told = known.classes.get(code, {})
    return str(told.get("class" if lang == "en" else f"class_{lang}") or code)


def _rounded(amount: object, places: int) -> Decimal | None:
    return verdicts.round_to(amount, places) if isinstance(amount, Decimal) else None
