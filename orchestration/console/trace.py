"""The way of one charge, finding, unit or invoice through the house: from file, line and hash to every mart row it reached.

Lives here: following what an identifier names through the published marts and the lake. Does not: any judgement; it repeats what is
stored (verdicts words it, provenance finds its line).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import duckdb

from orchestration.console.delivered import Delivered, rows_where
from orchestration.console.subject import MOST_ROWS, Evidence, Subject, Trace, UnknownIdentifier, subject
from orchestration.ground import sql
from orchestration.publish import closes, reading
from orchestration.settings import Paths
from orchestration.wording import verdicts
from orchestration.wording.sentences import SENTENCES

_CHARGE = (
    "charge_id", "close_period", "provider", "invoice_id", "charge_category", "original_charge_type", "charge_description",
    "charge_period_start", "charge_period_end", "provider_subscription_id", "subscription_id", "customer_id", "country",
    "seat_quantity", "pricing_quantity", "billed_cost", "billing_currency", "billed_cost_usd", "is_partner_margin", "bucket",
    "class_code",
)  # fmt: skip
"""Columns of a charge that a reader asks for; the mart has all of FOCUS."""


def trace(paths: Paths, identifier: str, *, kind: str | None = None, period: str | None = None) -> Trace:
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
        return _Tracer(paths, marts, subject(marts, identifier, kind, period)).traced()


class _Tracer:
    """One subject, followed through the open marts and the lake of the inbox it came from."""

    def __init__(self, paths: Paths, marts: duckdb.DuckDBPyConnection, subject: Subject):
        self.marts, self.subject, self.period = marts, subject, subject.period
        made = closes.manifest_of(paths, subject.period)
        read_from = paths.on_sample() if made["origin"] == "sample" else paths
        self.delivered = Delivered(read_from, made["origin"], subject.period, made["deliveries"])

    def traced(self) -> Trace:
        """The verdict and the evidence of whatever kind it is."""
        verdict, evidence = getattr(self, f"_{self.subject.kind}")()
        books = reading.books(self.marts)
        return Trace(self.subject, {lang: verdict(books, lang) for lang in SENTENCES}, evidence)

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
            self.delivered.row_of_charge(charge),
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
        charges, count = self._largest("list_contains($ids, charge_id)", ids=leak["evidence_charge_ids"] or [])
        if not charges and leak["subscription_id"]:
            charges, count = self._largest("subscription_id = $id", id=leak["subscription_id"])
        shown = leak | {"evidence": _pretty(leak["evidence"]), "evidence_charge_ids": None}
        return lambda books, lang: verdicts.of_finding(leak, books, lang), [
            Evidence("leak", [shown], "marts.fct_leak"),
            Evidence("unit", unit, "marts.fct_reconciliation"),
            self._charges(charges, "charges", count),
            *self.delivered.behind(leak["subscription_id"], leak["invoice_id"]),
        ]

    def _unit(self) -> tuple:
        unit = self._rows("fct_reconciliation", "unit_id = $key", key=self.subject.key)[0]
        leaks = self._leaks("unit_id = $key", key=self.subject.key)
        charges, count = self._largest("unit_id = $key", key=self.subject.key)
        billed = next((leak["invoice_id"] for leak in leaks.rows if leak["invoice_id"]), None)
        return lambda books, lang: verdicts.of_unit(unit, books, lang), [
            Evidence("unit", [unit], "marts.fct_reconciliation"),
            leaks,
            self._charges(charges, "charges", count),
            *self.delivered.behind(unit["subscription_id"], None if unit["subscription_id"] else billed),
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
        lines = self.delivered.rows("lines", "erp__invoice_lines", rows_where(company_id=company, invoice_id=number))
        billed = [row["subscription_id"] for row in lines.rows if row.get("subscription_id")]
        units = self._rows("fct_reconciliation", "list_contains($billed, subscription_id)", billed=billed)
        return lambda books, lang: verdicts.of_document(document, leaks.rows, books, lang), [
            Evidence("document", [document], "marts.fct_invoice"),
            leaks,
            Evidence("units", units, "marts.fct_reconciliation"),
            Evidence("conservation", conserved, "marts.fct_conservation"),
            lines,
            self.delivered.rows("documents", "erp__invoices", rows_where(company_id=company, invoice_id=number)),
            self.delivered.rows("cash", "erp__payment_applications", rows_where(company_id=company, invoice_id=number)),
        ]

    def _provider_invoice(self) -> tuple:
        provider, _, number = self.subject.key.partition("/")
        named = {"provider": provider, "number": number}
        invoices = self._rows(
            "fct_conservation", "side = 'provider' and provider = $provider and invoice_id = $number", **named
        )
        leaks = self._leaks("provider_invoice_id = $number and (provider is null or provider = $provider)", **named)
        charges, count = self._largest("provider = $provider and invoice_id = $number", **named)

        def sentences(books: verdicts.Books, lang: str) -> str:
            """One sentence a currency: a provider may bill several under one number."""
            return " ".join(verdicts.of_provider_invoice(one, leaks.rows, books, lang) for one in invoices)

        return sentences, [
            Evidence("provider_invoice", invoices, "marts.fct_conservation"),
            leaks,
            self.delivered.rows(
                "headers", "provider_invoices__headers", rows_where(provider=provider, invoice_id=number)
            ),
            self._charges(charges, "charges", count),
        ]

    def _leaks(self, condition: str, **values: object) -> Evidence:
        rows = self._rows("fct_leak", condition, "order by abs(amount_usd) desc nulls first, leak_id", **values)
        shown = [row | {"evidence": _pretty(row["evidence"]), "evidence_charge_ids": None} for row in rows]
        return Evidence("leaks", shown, "marts.fct_leak")

    def _largest(self, condition: str, **values: object) -> tuple[list[dict], int]:
        """The charges of the largest amounts, in the order of their files, and how many there are."""
        counted = f"select count(*) from marts.fct_provider_charge where close_period = $period and ({condition})"
        (count,) = sql.one_row(self.marts.execute(counted, values | {"period": self.period}))
        order = f"order by abs(billed_cost) desc, charge_id limit {MOST_ROWS}"
        rows = self._rows("fct_provider_charge", condition, order, **values)
        return sorted(rows, key=lambda row: (row["source_file"], row["source_row"])), count

    def _charges(self, charges: list[dict], kind: str, count: int | None = None) -> Evidence:
        places = self.delivered.places_of(charges)
        rows = [_only(charge, _CHARGE) | place for charge, place in zip(charges, places, strict=True)]
        return Evidence(kind, rows, "marts.fct_provider_charge", count=count)

    def _rows(self, mart: str, condition: str, then: str = "", **values: object) -> list[dict]:
        """Rows of a mart, of the month that is explained; `then` orders and limits them."""
        query = f"select * from marts.{mart} where close_period = $period and ({condition}) {then}"
        return reading.rows(self.marts, query, period=self.period, **values)


def _only(row: dict, names: Sequence[str]) -> dict:
    return {name: row[name] for name in names if name in row}


def _pretty(evidence: str | None) -> str | None:
    return json.dumps(json.loads(evidence), indent=1, ensure_ascii=False) if evidence else None
