"""What a person sees on an asset in the Dagster UI: columns, rows, money by currency, and a small plot.

Lives here: turning contracts and results into Dagster metadata. Does not: any figure that a mart could hold instead.
"""

from __future__ import annotations

import base64
import io
from dataclasses import asdict
from typing import Any

import dagster as dg
import duckdb
import polars as pl

from orchestration.contracts.model import Column, Table
from orchestration.ground import sql
from orchestration.publish import publish
from orchestration.settings import Paths
from orchestration.warehouse import database

_MONEY = {
    "billed_cost": "billing_currency",
    "net_amount": "currency",
    "amount": "currency",
    "amount_usd": None,
    "booked_margin_usd": None,
}
"""Money columns worth a total on an asset, with the column that names their currency (None: in the name)."""


_PLOTTED = {"int_focus__charges", "fct_provider_charge"}
"""Models whose cost by day is drawn."""


def of_contract(table: Table) -> dict[str, Any]:
    """Metadata of a table that a sender delivers, before any delivery: the columns of its contract, in the contract's types."""

    def column(of: Column) -> dg.TableColumn:
        absent = f"A file without the column means {of.absent_means}" if of.absent_means else ""
        return dg.TableColumn(
            of.name,
            of.type,
            ". ".join(filter(None, (of.note, absent))) or None,
            dg.TableColumnConstraints(
                nullable=not of.needs_value,
                unique=table.key == (of.name,),
                other=[f"one of {', '.join(of.one_of)}"] if of.one_of else [],
            ),
        )

    key = [f"unique: {', '.join(table.key)}"] if len(table.key) > 1 else []
    schema = dg.TableSchema([column(of) for of in table.columns], dg.TableConstraints(key))
    return {"dagster/column_schema": schema}


def of_delivery(receipt: Any, table: Table) -> dict[str, Any]:
    """Metadata of one delivered table: status, rows, amount by currency, and the files it came from."""
    if receipt.delivery is None or table.name not in receipt.delivery.tables:
        return {"status": receipt.status, "dagster/row_count": 0}
    files = sorted(receipt.delivery.tables[table.name].glob("*.parquet"))
    parts = pl.scan_parquet(files, glob=False, missing_columns="insert", extra_columns="ignore")
    metadata: dict[str, Any] = {
        "status": receipt.status,
        "dagster/row_count": parts.select(pl.len()).collect().item(),
        "delivery_sha256": receipt.delivery.delivery_sha256,
        "received_at": receipt.delivery.received_at.isoformat(),
        "files": [file.file for file in receipt.delivery.files],
    }
    if table.amount:
        currency = pl.col(table.currency) if table.currency else pl.lit("?")
        totals = parts.group_by(currency.alias("currency")).agg(pl.col(table.amount).sum()).sort("currency").collect()
        metadata |= {f"{table.amount} {code}": str(total) for code, total in totals.iter_rows()}
    return metadata


def of_floor(
    paths: Paths, period: str, relations: list[tuple[str, ...]], timings: dict[str, int | None]
) -> dict[tuple[str, ...], dict[str, Any]]:
    """Metadata of each (schema, model) of one floor: milliseconds, and for what is stored also rows, money by currency, a plot
    where it has days."""
    shown: dict[tuple[str, ...], dict[str, Any]] = {model: {} for model in relations}
    with database.open_warehouse(paths, period, read_only=True) as connection:
        derived = _derived(connection)
        for model in relations:
            if (spent := timings.get(model[-1])) is not None:
                shown[model]["build_ms"] = spent
            if model in derived:
                continue
            relation = ".".join(f'"{part}"' for part in model)
            columns = {row[0] for row in connection.execute(f"describe {relation}").fetchall()}
            shown[model]["dagster/row_count"] = sql.one_row(connection.execute(f"select count(*) from {relation}"))[0]
            for money, currency in _MONEY.items():
                if money not in columns or (currency and currency not in columns):
                    continue
                by = f"coalesce({currency}, '?')" if currency else "'USD'"
                totals = connection.execute(
                    f"select {by}, sum({money}) from {relation} group by 1 order by 1"
                ).fetchall()
                shown[model] |= {f"{money} {code}": str(total) for code, total in totals}
            if model[-1] in _PLOTTED:
                days = connection.execute(
                    f"select charge_period_start::date, sum(billed_cost) from {relation} where charge_category <> 'Tax' group by 1 order by 1"
                ).fetchall()
                if days:
                    shown[model]["cost by day"] = dg.MetadataValue.md(_plot(days))
    return shown


def _derived(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, ...]]:
    """Views that would be computed anew to be counted: every one but those over a Parquet file, and staging's, which only rename."""
    views = connection.execute("select schema_name, view_name, sql from duckdb_views() where not internal").fetchall()
    return {(schema, name) for schema, name, sql in views if schema != "staging" and "read_parquet(" not in sql}


def of_release(release: publish.Release) -> dict[str, Any]:
    """Metadata of a release: where it is, and the rows that each table gained and lost by this close."""
    columns = [dg.TableColumn("table"), *(dg.TableColumn(name, "int") for name in ("rows", "added", "removed"))]
    changes = [dg.TableRecord(asdict(change)) for change in release.changes]
    return {
        "folder": dg.MetadataValue.path(str(release.folder)),
        "close_id": release.close_id,
        "changed": dg.MetadataValue.table(changes, dg.TableSchema(columns)),
    }


def _plot(days: list[tuple]) -> str:
    """A small bar chart as an image inside Markdown."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 1.6), layout="constrained")
    axes = figure.subplots()
    axes.bar([day for day, _ in days], [cost for _, cost in days], color="#3b6ea5")
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=7)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=110)
    return f"![cost by day](data:image/png;base64,{base64.b64encode(picture.getvalue()).decode()})"
