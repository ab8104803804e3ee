"""What an identifier names, and what is gathered about it.

Lives here: finding the one thing that an identifier names in the published marts, and the data classes of its trace. Does not:
following it (trace), nor printing it (explain).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from orchestration.errors import CuadreError

MOST_ROWS = 25
"""Rows shown of one place: a provider's invoice may have millions of lines."""


class UnknownIdentifier(CuadreError):
    """Nothing published has this identifier, or several things have it."""


@dataclass(frozen=True)
class Subject:
    """What an identifier names in one month."""

    kind: str
    """charge, finding, unit, document or provider_invoice."""
    key: str
    period: str
    others: tuple[str, ...] = ()
    """Other published months in which it stands, oldest first."""


@dataclass(frozen=True)
class Evidence:
    """Rows of one place that belong to what is explained, each as column → value."""

    kind: str
    """Key of `verdicts.PLACES`, which titles it in three languages."""
    rows: list[dict] = field(default_factory=list)
    place: str = ""
    """The mart or table that holds the rows."""
    note: str = ""
    """Key of `verdicts.PLACES`: why there are no rows."""
    count: int | None = None
    """How many rows there are, where not all are here."""


@dataclass(frozen=True)
class Trace:
    """Everything stored about one subject, in the order a reader follows it."""

    subject: Subject
    verdict: dict[str, str]
    """One sentence with its money, by language."""
    evidence: list[Evidence]


_FOUND = {
    "charge": "select charge_id as key, close_period from marts.fct_provider_charge where charge_id = $id",
    "finding": "select leak_id as key, close_period from marts.fct_leak where leak_id = $id",
    "unit": "select unit_id as key, close_period from marts.fct_reconciliation where $id in (unit_id, subscription_id)",
    "document": """
        select company_id || '/' || invoice_id as key, close_period from marts.fct_invoice
        where $id in (invoice_id, company_id || '/' || invoice_id, company_id || ' ' || invoice_id)
    """,
    "provider_invoice": """
        select provider || '/' || invoice_id as key, close_period from marts.fct_conservation
        where side = 'provider' and $id in (invoice_id, provider || '/' || invoice_id, provider || ' ' || invoice_id)
    """,
}
"""How each kind of thing is found by what a person has in hand."""


def subject(
    marts: duckdb.DuckDBPyConnection, identifier: str, kind: str | None = None, period: str | None = None
) -> Subject:
    """The one thing that an identifier names in the open marts.

    Raises:
        UnknownIdentifier: see `trace`.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for each, query in _FOUND.items():
        if kind in (None, each):
            for key, month in marts.execute(query, {"id": identifier}).fetchall():
                found.setdefault((each, key), set()).add(month)
    if not found:
        raise UnknownIdentifier(
            f"{identifier!r} is no charge_id, leak_id, unit_id, subscription_id, document or provider invoice of the published marts"
            f"{f' as a {kind}' if kind else ''}. Copy an id from the closing summary, from marts.fct_leak or from "
            "marts.fct_provider_charge."
        )
    if len(found) > 1:
        listed = "\n".join(
            f"  cuadre explain {key!r} --kind {each}   ({', '.join(sorted(months))})"
            for (each, key), months in sorted(found.items())
        )
        raise UnknownIdentifier(f"{identifier!r} names {len(found)} things. Ask for one of them:\n{listed}")
    (((each, key), months),) = found.items()
    if period is not None and period not in months:
        raise UnknownIdentifier(
            f"{identifier!r} is not in the close of {period!r}. It stands in {', '.join(sorted(months))}."
        )
    chosen = period or max(months)
    return Subject(each, key, chosen, tuple(sorted(months - {chosen})))
