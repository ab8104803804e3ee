"""The way of one charge or one leak through the house: from file, sha256 and row to every mart row it reached.

Lives here: following ids through the published marts and the lake. Does not: any judgement; it repeats what is stored.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from orchestration import publish
from orchestration.contracts import SOURCES
from orchestration.errors import CuadreError
from orchestration.settings import Paths


class UnknownIdentifier(CuadreError):
    """Neither a charge nor a leak of any published close has this id."""


@dataclass(frozen=True)
class Evidence:
    """Rows of one place that belong to the charge or leak, each as column → value."""

    title: str
    rows: list[dict] = field(default_factory=list)
    place: str = ""


_SHOWN = {
    "fct_provider_charge": (
        "charge_id",
        "close_period",
        "provider",
        "invoice_id",
        "charge_category",
        "original_charge_type",
        "charge_description",
        "charge_period_start",
        "charge_period_end",
        "provider_subscription_id",
        "subscription_id",
        "customer_id",
        "country",
        "seat_quantity",
        "pricing_quantity",
        "billed_cost",
        "billing_currency",
        "billed_cost_usd",
        "is_partner_margin",
        "bucket",
        "class_code",
        "source_file",
        "source_row",
        "delivery_sha256",
    ),
}


def trace(paths: Paths, identifier: str) -> list[Evidence]:
    """Everything stored about one charge or one leak, in the order a reader follows it.

    Raises:
        UnknownIdentifier: no published mart holds the id.
    """
    file = paths.published / "cuadre.duckdb"
    if not file.exists():
        raise UnknownIdentifier(f"{paths.home} has no published close yet. Run `cuadre close` first.")
    with duckdb.connect(str(file), read_only=True) as marts:
        charge = _rows(marts, "select * from marts.fct_provider_charge where charge_id = ?", identifier)
        if charge:
            return _of_charge(paths, marts, charge[0])
        leak = _rows(marts, "select * from marts.fct_leak where leak_id = ?", identifier)
        if leak:
            return _of_leak(paths, marts, leak[-1])
    raise UnknownIdentifier(
        f"{identifier!r} is no charge_id of marts.fct_provider_charge and no leak_id of marts.fct_leak in {file}. "
        "Copy an id from the closing summary or from the marts."
    )


def show(console: Console, paths: Paths, identifier: str) -> None:
    """Print the trace as a tree, one branch a place."""
    tree = Tree(f"[bold]{identifier}[/bold]")
    for evidence in trace(paths, identifier):
        branch = tree.add(f"[bold]{evidence.title}[/bold]  {evidence.place}", highlight=False)
        if not evidence.rows:
            branch.add("none", style="dim")
        for row in evidence.rows:
            grid = Table(show_header=False, box=None, padding=(0, 1))
            for name, value in row.items():
                if value is not None and not name.startswith("_"):
                    grid.add_row(f"[dim]{name}[/dim]", escape(_plain(value)))
            branch.add(grid)
    console.print(tree)


def _of_charge(paths: Paths, marts: duckdb.DuckDBPyConnection, charge: dict) -> list[Evidence]:
    identifier, period = charge["charge_id"], charge["close_period"]
    told = [
        _file_row(paths, charge),
        Evidence("charge", [_only(charge, _SHOWN["fct_provider_charge"])], "marts.fct_provider_charge"),
    ]
    unit = _rows(
        marts,
        "select * from marts.fct_reconciliation where close_period = ? and (subscription_id = ? or unit_id = ?)",
        period,
        charge["subscription_id"],
        charge.get("unit_id"),
    )
    told.append(Evidence("reconciliation unit", unit, "marts.fct_reconciliation"))
    leaks = _rows(
        marts,
        "select * from marts.fct_leak where close_period = ? and (list_contains(evidence_charge_ids, ?) or list_contains(?, unit_id))",
        period,
        identifier,
        [row["unit_id"] for row in unit],
    )
    told.append(Evidence("findings on its unit", leaks, "marts.fct_leak"))
    conserved = _rows(
        marts,
        "select * from marts.fct_conservation where close_period = ? and side = 'provider' and provider = ? and invoice_id is not distinct from ? and currency = ?",
        period,
        charge["provider"],
        charge["invoice_id"],
        charge["billing_currency"],
    )
    told.append(Evidence("its provider invoice", conserved, "marts.fct_conservation"))
    margin = _rows(
        marts,
        "select * from marts.fct_margin where close_period = ? and customer_id = ? and product_code in (select product_code from marts.dim_subscription where subscription_id = ?)",
        period,
        charge["customer_id"],
        charge["subscription_id"],
    )
    told.append(Evidence("customer margin it is part of", margin, "marts.fct_margin"))
    return told


def _of_leak(paths: Paths, marts: duckdb.DuckDBPyConnection, leak: dict) -> list[Evidence]:
    period = leak["close_period"]
    charges = _rows(
        marts,
        "select * from marts.fct_provider_charge where close_period = ? and list_contains(?, charge_id) order by source_file, source_row",
        period,
        leak["evidence_charge_ids"] or [],
    )
    if not charges and leak["subscription_id"]:
        charges = _rows(
            marts,
            "select * from marts.fct_provider_charge where close_period = ? and subscription_id = ? order by source_file, source_row",
            period,
            leak["subscription_id"],
        )
    unit = _rows(marts, "select * from marts.fct_reconciliation where unit_id = ?", leak["unit_id"])
    return [
        Evidence("finding", [leak | {"evidence": _pretty(leak["evidence"])}], "marts.fct_leak"),
        Evidence("reconciliation unit", unit, "marts.fct_reconciliation"),
        Evidence(
            "provider charges",
            [_only(charge, _SHOWN["fct_provider_charge"]) for charge in charges],
            "marts.fct_provider_charge",
        ),
        *_extract_rows(paths, leak),
    ]


def _extract_rows(paths: Paths, leak: dict) -> list[Evidence]:
    """The contract, invoice and cash rows behind a leak, straight from the delivered files."""
    subscription, invoice = leak["subscription_id"], leak["invoice_id"]
    contracts = "contract_id in (select contract_id from {crm__subscriptions} where subscription_id = $subscription)"
    invoices = "(invoice_id = $invoice or invoice_id in (select invoice_id from {erp__invoice_lines} where subscription_id = $subscription))"
    wanted = {
        "crm__subscriptions": ("CRM subscription", "subscription_id = $subscription"),
        "crm__contracts": ("CRM contract", contracts),
        "erp__invoice_lines": ("ERP invoice lines", "(subscription_id = $subscription or invoice_id = $invoice)"),
        "erp__invoices": ("ERP documents", invoices),
        "erp__payment_applications": ("cash and deductions applied", invoices),
    }
    told = []
    with duckdb.connect() as lake:
        scans = {table: _scan(paths, table, leak["close_period"]) for table in wanted}
        for table, (title, condition) in wanted.items():
            if scans[table] is None or any(scans[name] is None for name in wanted if "{" + name + "}" in condition):
                told.append(Evidence(title, [], f"{table.replace('__', '/')}: not delivered"))
                continue
            query = f"select * from {scans[table]} where {condition.format(**scans)} order by _source_file, _source_row"
            used = {
                name: value
                for name, value in (("subscription", subscription), ("invoice", invoice))
                if "$" + name in query
            }
            rows = _rows(lake, query, used)
            for row in rows:
                row["file"], row["row"], row["sha256"] = (
                    row["_source_file"],
                    row["_source_row"],
                    row["_delivery_sha256"],
                )
            told.append(Evidence(title, rows, table.replace("__", "/")))
    return told


def _file_row(paths: Paths, charge: dict) -> Evidence:
    """The provider's own row, in the provider's own columns, as the lake keeps it."""
    source = SOURCES[charge["source"]]
    folder = (
        paths.lake
        / _origin(paths, charge["close_period"])
        / source.name
        / charge["close_period"]
        / charge["delivery_sha256"]
    )
    place = f"{charge['source_file']}, row {charge['source_row']}, delivery sha256 {charge['delivery_sha256']}"
    for table in source.tables:
        parts = folder / table.name
        if parts.exists():
            with duckdb.connect() as lake:
                rows = _rows(
                    lake,
                    f"select * from read_parquet('{parts}/*.parquet', union_by_name = true) where _source_file = ? and _source_row = ?",
                    charge["source_file"], charge["source_row"],
                )  # fmt: skip
            return Evidence("delivered row", rows, place)
    return Evidence("delivered row", [], place + " (the lake no longer holds it)")


def _scan(paths: Paths, table: str, period: str) -> str | None:
    """The Parquet that this very close read for a table, stale stand-ins included."""
    source, name = table.split("__")
    made = publish.manifest_of(paths, period)
    sha256 = made["deliveries"].get(table)
    folders = list((paths.lake / made["origin"] / source).glob(f"*/{sha256}/{name}")) if sha256 else []
    return f"read_parquet('{folders[-1]}/*.parquet', union_by_name = true)" if folders else None


def _origin(paths: Paths, period: str) -> str:
    return publish.manifest_of(paths, period)["origin"]


def _rows(connection: duckdb.DuckDBPyConnection, query: str, *values: object) -> list[dict]:
    bound = values[0] if len(values) == 1 and isinstance(values[0], dict) else list(values)
    cursor = connection.execute(query, bound)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _only(row: dict, names: tuple[str, ...]) -> dict:
    return {name: row[name] for name in names if name in row}


def _plain(value: object) -> str:
    """A value as a person writes it: an amount without the zeros that its type adds."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def _pretty(evidence: str | None) -> str | None:
    return json.dumps(json.loads(evidence), indent=1, ensure_ascii=False) if evidence else None
