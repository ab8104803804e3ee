"""Rows as their senders delivered them, read from the lake.

Lives here: the delivered rows behind a charge, a subscription or a document, each with its file and line. Does not: the published
marts (trace), nor counting lines (provenance).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from orchestration.console import provenance
from orchestration.console.subject import MOST_ROWS, Evidence
from orchestration.contracts import SOURCES
from orchestration.settings import Paths


@dataclass(frozen=True)
class Delivered:
    """What one close read."""

    paths: Paths
    origin: str
    """Of the inbox that the close read: `inbox` or `sample`."""
    period: str
    deliveries: Mapping[str, str]
    """Hash of the delivery that the close read, by `source__table`."""

    def row_of_charge(self, charge: dict) -> Evidence:
        """The provider's own row, in the provider's own columns, as the lake keeps it."""
        (place,) = self.places_of([charge])
        folder = self.paths.lake / self.origin / charge["source"] / self.period / charge["delivery_sha256"]
        where = f"{charge['source_file']}, " + (
            f"line {place['line']}" if place["line"] else f"data row {place['data_row']}"
        )
        for table in SOURCES[charge["source"]].tables:
            if (frame := _frame(folder / table.name)) is not None:
                is_it = rows_where(_source_file=charge["source_file"], _source_row=charge["source_row"])
                rows = [_named(row) | place for row in frame.filter(is_it).collect().to_dicts()]
                return Evidence("file_row", rows, where, note="gone")
        return Evidence("file_row", [], where, note="gone")

    def places_of(self, charges: list[dict]) -> list[dict]:
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

    def behind(self, subscription: str | None, invoice: str | None) -> list[Evidence]:
        """The contract, invoice and cash rows behind a subscription or a document, straight from the delivered files."""
        mine = self.rows("subscription", "crm__subscriptions", rows_where(subscription_id=subscription))
        contracts = [row["contract_id"] for row in mine.rows if row.get("contract_id")]
        is_mine = rows_where(subscription_id=subscription) | rows_where(invoice_id=invoice)
        lines = self.rows("lines", "erp__invoice_lines", is_mine)
        billing = sorted({(row["company_id"], row["invoice_id"]) for row in lines.rows})
        each = [rows_where(company_id=company, invoice_id=number) for company, number in billing]
        numbers = pl.any_horizontal(rows_where(invoice_id=invoice), *each)
        return [
            mine,
            self.rows("contract", "crm__contracts", pl.col("contract_id").is_in(contracts)),
            lines,
            self.rows("documents", "erp__invoices", numbers),
            self.rows("cash", "erp__payment_applications", numbers),
        ]

    def rows(self, kind: str, table: str, condition: pl.Expr) -> Evidence:
        """Rows of one delivered table, as this very close read it, stale stand-ins included."""
        source, name = table.split("__")
        sha256 = self.deliveries.get(table)
        folders = sorted((self.paths.lake / self.origin / source).glob(f"*/{sha256}/{name}")) if sha256 else []
        frame = _frame(folders[-1]) if folders else None
        if frame is None or sha256 is None:
            return Evidence(
                kind, [], f"{source}/{name}", note="none" if folders else "gone" if sha256 else "not_delivered"
            )
        found = frame.filter(condition).sort("_source_file", "_source_row").collect().to_dicts()
        at = [(row["_source_file"], row["_source_row"]) for row in found]
        places = provenance.locate(self.paths, source, folders[-1].parent.parent.name, sha256, at[:MOST_ROWS])
        rows = [_named(row) | _cells(places[here]) for row, here in zip(found[:MOST_ROWS], at, strict=False)]
        return Evidence(kind, rows, f"{source}/{name}", count=len(found))


def rows_where(**values: object) -> pl.Expr:
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
