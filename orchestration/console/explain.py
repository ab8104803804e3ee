"""The way of one charge, finding, unit or invoice through the house: from file, line and hash to every mart row it reached.

Lives here: finding what an identifier names, and following it through the published marts and the lake. Does not: any judgement;
it repeats what is stored (verdicts words it, provenance finds its line).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text
from rich.tree import Tree

from orchestration.console import provenance, verdicts
from orchestration.console.terminal import visible
from orchestration.contracts import SOURCES
from orchestration.errors import CuadreError
from orchestration.publish import closes
from orchestration.settings import Paths

MOST_ROWS = 25
"""Rows shown of one place: a provider's invoice may have millions of lines."""


class UnknownIdentifier(CuadreError):
    """Nothing published has this identifier, or several things have it."""


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
class Subject:
    """What an identifier names in one month."""

    kind: str
    """charge, finding, unit, document or provider_invoice."""
    key: str
    period: str
    others: tuple[str, ...] = ()
    """Other published months in which it stands, oldest first."""


@dataclass(frozen=True)
class Story:
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

_CHARGE = (
    "charge_id", "close_period", "provider", "invoice_id", "charge_category", "original_charge_type", "charge_description",
    "charge_period_start", "charge_period_end", "provider_subscription_id", "subscription_id", "customer_id", "country",
    "seat_quantity", "pricing_quantity", "billed_cost", "billing_currency", "billed_cost_usd", "is_partner_margin", "bucket",
    "class_code",
)  # fmt: skip
"""Columns of a charge that a reader asks for; the mart has all of FOCUS."""


def trace(paths: Paths, identifier: str, *, kind: str | None = None, period: str | None = None) -> Story:
    """Everything stored about one charge, finding, unit, customer document or provider invoice.

    Args:
        identifier: charge_id, leak_id, unit_id, subscription_id, a document as its number or `COMPANY/NUMBER`, a provider's invoice
            as its number or `PROVIDER/NUMBER`.
        kind: one of `Subject.kind`, where an identifier names several things.
        period: the month to explain; by default the newest in which it stands.

    Raises:
        UnknownIdentifier: no published mart holds the identifier, several things have it, or not in that month.
    """
    file = paths.published / "cuadre.duckdb"
    if not file.exists():
        raise UnknownIdentifier(f"{paths.home} has no published close yet. Run `cuadre close` first.")
    with duckdb.connect(str(file), read_only=True) as marts:
        return _Telling(paths, marts, subject(marts, identifier, kind, period)).story()


def show(
    console: Console,
    paths: Paths,
    identifier: str,
    lang: str = "en",
    *,
    kind: str | None = None,
    period: str | None = None,
) -> None:
    """Print the verdict, then the trace as a tree, one branch a place."""
    story, words = trace(paths, identifier, kind=kind, period=period), verdicts.PLACES[lang]
    console.print(Text(visible(story.verdict[lang]), style="bold"))
    months = words["period"].format(period=story.subject.period)
    if story.subject.others:
        months += "; " + words["others"].format(periods=", ".join(story.subject.others))
    tree = Tree(_titled(identifier, months))
    for evidence in story.evidence:
        branch = tree.add(_titled(words[evidence.kind], evidence.place))
        if evidence.count is not None and evidence.count > len(evidence.rows):
            branch.add(Text(words["more"].format(shown=len(evidence.rows), count=f"{evidence.count:,}"), style="dim"))
        if not evidence.rows:
            branch.add(Text(words[evidence.note or "none"], style="dim"))
        for row in evidence.rows:
            grid = Grid(show_header=False, box=None, padding=(0, 1))
            for name, value in row.items():
                if value is not None:
                    said = words[str(value)] if name == "line_unknown" else _plain(value)
                    grid.add_row(Text(visible(name), style="dim"), Text(visible(said)))
            branch.add(grid)
    console.print(tree)


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


class _Telling:
    """One subject, followed through the open marts and the lake of the inbox it came from."""

    def __init__(self, paths: Paths, marts: duckdb.DuckDBPyConnection, subject: Subject):
        self.marts, self.subject, self.period = marts, subject, subject.period
        self.made = closes.manifest_of(paths, subject.period)
        self.paths = paths.on_sample() if self.made["origin"] == "sample" else paths

    def story(self) -> Story:
        """The verdict and the evidence of whatever kind it is."""
        told, evidence = getattr(self, f"_{self.subject.kind}")()
        books = self._books()
        return Story(self.subject, {lang: told(books, lang) for lang in verdicts.SENTENCES}, evidence)

    def _charge(self) -> tuple:
        charge = self._rows("fct_provider_charge", "charge_id = $key", key=self.subject.key)[0]
        unit = self._rows("fct_reconciliation", "unit_id = $unit", unit=charge["unit_id"])
        leaks = "list_contains(evidence_charge_ids, $key) or unit_id = $unit"
        margin = (
            "customer_id = $customer and product_code in "
            "(select product_code from marts.dim_subscription where subscription_id = $subscription)"
        )
        conserved = "side = 'provider' and provider = $provider and invoice_id is not distinct from $invoice and currency = $currency"
        invoice = {
            "provider": charge["provider"],
            "invoice": charge["invoice_id"],
            "currency": charge["billing_currency"],
        }
        owner = {"customer": charge["customer_id"], "subscription": charge["subscription_id"]}
        return lambda books, lang: verdicts.of_charge(charge, books, lang), [
            self._file_row(charge),
            self._charges([charge], "charge"),
            Evidence("unit", unit, "marts.fct_reconciliation"),
            self._leaks(leaks, key=self.subject.key, unit=charge["unit_id"]),
            Evidence(
                "provider_invoice", self._rows("fct_conservation", conserved, **invoice), "marts.fct_conservation"
            ),
            Evidence("margin", self._rows("fct_margin", margin, **owner), "marts.fct_margin"),
        ]

    def _finding(self) -> tuple:
        leak = self._rows("fct_leak", "leak_id = $key", key=self.subject.key)[0]
        unit = self._rows("fct_reconciliation", "unit_id = $unit", unit=leak["unit_id"])
        charges, count = self._dearest("list_contains($ids, charge_id)", ids=leak["evidence_charge_ids"] or [])
        if not charges and leak["subscription_id"]:
            charges, count = self._dearest("subscription_id = $id", id=leak["subscription_id"])
        shown = leak | {"evidence": _pretty(leak["evidence"]), "evidence_charge_ids": None}
        return lambda books, lang: verdicts.of_finding(leak, books, lang), [
            Evidence("leak", [shown], "marts.fct_leak"),
            Evidence("unit", unit, "marts.fct_reconciliation"),
            self._charges(charges, "charges", count),
            *self._extracts(leak["subscription_id"], leak["invoice_id"]),
        ]

    def _unit(self) -> tuple:
        unit = self._rows("fct_reconciliation", "unit_id = $key", key=self.subject.key)[0]
        leaks = self._leaks("unit_id = $key", key=self.subject.key)
        charges, count = self._dearest("unit_id = $key", key=self.subject.key)
        billed = next((leak["invoice_id"] for leak in leaks.rows if leak["invoice_id"]), None)
        return lambda books, lang: verdicts.of_unit(unit, books, lang), [
            Evidence("unit", [unit], "marts.fct_reconciliation"),
            leaks,
            self._charges(charges, "charges", count),
            *self._extracts(unit["subscription_id"], None if unit["subscription_id"] else billed),
        ]

    def _document(self) -> tuple:
        company, _, number = self.subject.key.partition("/")
        named = {"company": company, "number": number}
        document = self._rows("fct_invoice", "company_id = $company and invoice_id = $number", **named)[0]
        ours = "invoice_id = $number and (customer_id is null or customer_id is not distinct from $customer)"
        leaks = self._leaks(ours, number=number, customer=document["customer_id"])
        conserved = self._rows(
            "fct_conservation", "side = 'erp' and provider = $company and invoice_id = $number", **named
        )
        lines = self._extracted("lines", "erp__invoice_lines", _is(company_id=company, invoice_id=number))
        billed = [row["subscription_id"] for row in lines.rows if row.get("subscription_id")]
        units = self._rows("fct_reconciliation", "list_contains($billed, subscription_id)", billed=billed)
        return lambda books, lang: verdicts.of_document(document, leaks.rows, books, lang), [
            Evidence("document", [document], "marts.fct_invoice"),
            leaks,
            Evidence("units", units, "marts.fct_reconciliation"),
            Evidence("conservation", conserved, "marts.fct_conservation"),
            lines,
            self._extracted("documents", "erp__invoices", _is(company_id=company, invoice_id=number)),
            self._extracted("cash", "erp__payment_applications", _is(company_id=company, invoice_id=number)),
        ]

    def _provider_invoice(self) -> tuple:
        provider, _, number = self.subject.key.partition("/")
        named = {"provider": provider, "number": number}
        invoices = self._rows(
            "fct_conservation", "side = 'provider' and provider = $provider and invoice_id = $number", **named
        )
        leaks = self._leaks("provider_invoice_id = $number and (provider is null or provider = $provider)", **named)
        charges, count = self._dearest("provider = $provider and invoice_id = $number", **named)

        def told(books: verdicts.Books, lang: str) -> str:
            """One sentence a currency: a provider may bill several under one number."""
            return " ".join(verdicts.of_provider_invoice(one, leaks.rows, books, lang) for one in invoices)

        return told, [
            Evidence("provider_invoice", invoices, "marts.fct_conservation"),
            leaks,
            self._extracted("headers", "provider_invoices__headers", _is(provider=provider, invoice_id=number)),
            self._charges(charges, "charges", count),
        ]

    def _leaks(self, condition: str, **values: object) -> Evidence:
        rows = self._rows("fct_leak", condition, "order by abs(amount_usd) desc nulls first, leak_id", **values)
        shown = [row | {"evidence": _pretty(row["evidence"]), "evidence_charge_ids": None} for row in rows]
        return Evidence("leaks", shown, "marts.fct_leak")

    def _dearest(self, condition: str, **values: object) -> tuple[list[dict], int]:
        """The dearest charges, in the order of their files, and how many there are."""
        counted = f"select count(*) from marts.fct_provider_charge where close_period = $period and ({condition})"
        (count,) = self.marts.execute(counted, values | {"period": self.period}).fetchone()
        order = f"order by abs(billed_cost) desc, charge_id limit {MOST_ROWS}"
        rows = self._rows("fct_provider_charge", condition, order, **values)
        return sorted(rows, key=lambda row: (row["source_file"], row["source_row"])), count

    def _charges(self, charges: list[dict], kind: str, count: int | None = None) -> Evidence:
        places = self._places_of(charges)
        rows = [_only(charge, _CHARGE) | place for charge, place in zip(charges, places, strict=True)]
        return Evidence(kind, rows, "marts.fct_provider_charge", count=count)

    def _places_of(self, charges: list[dict]) -> list[dict]:
        """Where each charge lies, as cells. A provider's delivery never stands in for another month's."""
        found: dict[tuple, provenance.Place] = {}
        for source, sha256 in {(charge["source"], charge["delivery_sha256"]) for charge in charges}:
            rows = [
                (charge["source_file"], charge["source_row"])
                for charge in charges
                if (charge["source"], charge["delivery_sha256"]) == (source, sha256)
            ]
            located = provenance.locate(self.paths, source, self.period, sha256, rows)
            found |= {(source, sha256, *row): place for row, place in located.items()}
        keys = ("source", "delivery_sha256", "source_file", "source_row")
        return [_cells(found[tuple(charge[key] for key in keys)]) for charge in charges]

    def _file_row(self, charge: dict) -> Evidence:
        """The provider's own row, in the provider's own columns, as the lake keeps it."""
        (place,) = self._places_of([charge])
        folder = self.paths.lake / self.made["origin"] / charge["source"] / self.period / charge["delivery_sha256"]
        where = f"{charge['source_file']}, " + (
            f"line {place['line']}" if place["line"] else f"data row {place['data_row']}"
        )
        for table in SOURCES[charge["source"]].tables:
            if (frame := _frame(folder / table.name)) is not None:
                is_it = _is(_source_file=charge["source_file"], _source_row=charge["source_row"])
                rows = [_named(row) | place for row in frame.filter(is_it).collect().to_dicts()]
                return Evidence("file_row", rows, where, note="gone")
        return Evidence("file_row", [], where, note="gone")

    def _extracts(self, subscription: str | None, invoice: str | None) -> list[Evidence]:
        """The contract, invoice and cash rows behind a subscription or a document, straight from the delivered files."""
        mine = self._extracted("subscription", "crm__subscriptions", _is(subscription_id=subscription))
        contracts = [row["contract_id"] for row in mine.rows if row.get("contract_id")]
        is_mine = _is(subscription_id=subscription) | _is(invoice_id=invoice)
        lines = self._extracted("lines", "erp__invoice_lines", is_mine)
        billing = sorted({(row["company_id"], row["invoice_id"]) for row in lines.rows})
        each = [_is(company_id=company, invoice_id=number) for company, number in billing]
        numbers = pl.any_horizontal(_is(invoice_id=invoice), *each)
        return [
            mine,
            self._extracted("contract", "crm__contracts", pl.col("contract_id").is_in(contracts)),
            lines,
            self._extracted("documents", "erp__invoices", numbers),
            self._extracted("cash", "erp__payment_applications", numbers),
        ]

    def _extracted(self, kind: str, table: str, condition: pl.Expr) -> Evidence:
        """Rows of one delivered table, as this very close read it, stale stand-ins included."""
        source, name = table.split("__")
        sha256 = self.made["deliveries"].get(table)
        folders = sorted((self.paths.lake / self.made["origin"] / source).glob(f"*/{sha256}/{name}")) if sha256 else []
        frame = _frame(folders[-1]) if folders else None
        if frame is None:
            return Evidence(
                kind, [], f"{source}/{name}", note="none" if folders else "gone" if sha256 else "not_delivered"
            )
        found = frame.filter(condition).sort("_source_file", "_source_row").collect().to_dicts()
        at = [(row["_source_file"], row["_source_row"]) for row in found]
        places = provenance.locate(self.paths, source, folders[-1].parent.parent.name, sha256, at[:MOST_ROWS])
        rows = [_named(row) | _cells(places[here]) for row, here in zip(found[:MOST_ROWS], at, strict=False)]
        return Evidence(kind, rows, f"{source}/{name}", count=len(found))

    def _books(self) -> verdicts.Books:
        def every(query: str) -> list[tuple]:
            return self.marts.execute(query).fetchall()

        cursor = self.marts.execute("select * from marts.dim_leak_class")
        names = [column[0] for column in cursor.description]
        classes = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return verdicts.Books(
            customers=dict(
                every("select customer_id, legal_name from marts.dim_customer where legal_name is not null")
            ),
            classes={row["code"]: row for row in classes},
            decimals=dict(every("select currency, any_value(currency_decimals) from marts.dim_country group by 1")),
        )

    def _rows(self, mart: str, condition: str, then: str = "", **values: object) -> list[dict]:
        """Rows of a mart, of the month that is explained; `then` orders and limits them."""
        query = f"select * from marts.{mart} where close_period = $period and ({condition}) {then}"
        cursor = self.marts.execute(query, values | {"period": self.period})
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _is(**values: object) -> pl.Expr:
    """The rows whose columns have these values; an unknown value finds nothing."""
    return pl.all_horizontal(
        [pl.lit(False) if value is None else pl.col(name) == pl.lit(value) for name, value in values.items()]
    )


def _frame(folder: Path) -> pl.LazyFrame | None:
    """One delivered table as the lake keeps it. Its files are listed here, so that no name is taken for a pattern."""
    parts = sorted(folder.glob("*.parquet"))
    return pl.scan_parquet(parts, glob=False, missing_columns="insert", extra_columns="ignore") if parts else None


def _cells(place: provenance.Place) -> dict:
    return {
        "file": place.file,
        "line": place.line,
        "line_unknown": f"no_line_{place.no_line_because}" if place.line is None else None,
        "data_row": place.data_row,
        "file_sha256": place.file_sha256,
        "delivery": place.delivery,
    }


def _named(row: dict) -> dict:
    """The sender's columns of a lake row, without ours."""
    return {name: value for name, value in row.items() if not name.startswith("_")}


def _only(row: dict, names: Sequence[str]) -> dict:
    return {name: row[name] for name in names if name in row}


def _titled(title: str, beside: str) -> Text:
    """A heading and what stands beside it. Both may hold a sender's words: they are text, never markup."""
    return Text.assemble((visible(title), "bold"), "  ", visible(beside))


def _plain(value: object) -> str:
    """A value as a person writes it: an amount without the zeros that its type adds."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def _pretty(evidence: str | None) -> str | None:
    return json.dumps(json.loads(evidence), indent=1, ensure_ascii=False) if evidence else None
