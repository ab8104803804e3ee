"""What a person reads in the terminal after a close, in Spanish, Portuguese or English.

Lives here: the closing summary and `cuadre status`. Does not: any figure that is not in a published mart.
"""

from __future__ import annotations

import json
from decimal import Decimal

import duckdb
import polars as pl
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orchestration import inbox, ledger, publish, watch
from orchestration.contracts import SOURCES
from orchestration.settings import Paths

_WORDS = {
    "es": {
        "closed": "{period} cerrado y publicado en {folder}",
        "same": "Mismas entregas, mismas reglas: los marts son idénticos, byte a byte, a los del cierre anterior.",
        "changed": "Cambios respecto del cierre anterior:",
        "rows": "filas",
        "charges": "Cobrado por los proveedores",
        "provider": "proveedor",
        "currency": "moneda",
        "lines": "líneas",
        "cost": "costo",
        "of_which_tax": "impuesto incluido",
        "leaks": "Hallazgos por clase y país (USD)",
        "class": "clase",
        "meaning": "significado",
        "country": "país",
        "count": "casos",
        "loss": "pérdida",
        "over": "sobrefacturación",
        "net": "neto",
        "total": "total",
        "none": "Sin hallazgos: los cuatro lados coinciden.",
        "warnings": "Avisos de las listas de control (el cierre continúa):",
        "rounding": "Redondeo dentro de la tolerancia (BL02): {amount} USD en {count} unidades, a la vista y no oculto.",
        "next": "Ver un hallazgo: cuadre explain {leak_id}",
    },
    "pt": {
        "closed": "{period} fechado e publicado em {folder}",
        "same": "Mesmas entregas, mesmas regras: os marts são idênticos, byte a byte, aos do fechamento anterior.",
        "changed": "Mudanças em relação ao fechamento anterior:",
        "rows": "linhas",
        "charges": "Cobrado pelos provedores",
        "provider": "provedor",
        "currency": "moeda",
        "lines": "linhas",
        "cost": "custo",
        "of_which_tax": "imposto incluído",
        "leaks": "Achados por classe e país (USD)",
        "class": "classe",
        "meaning": "significado",
        "country": "país",
        "count": "casos",
        "loss": "perda",
        "over": "cobrança a maior",
        "net": "líquido",
        "total": "total",
        "none": "Sem achados: os quatro lados coincidem.",
        "warnings": "Avisos das listas de verificação (o fechamento continua):",
        "rounding": "Arredondamento dentro da tolerância (BL02): {amount} USD em {count} unidades, à vista e não oculto.",
        "next": "Ver um achado: cuadre explain {leak_id}",
    },
    "en": {
        "closed": "{period} closed and published in {folder}",
        "same": "Same deliveries, same rules: the marts are byte for byte those of the previous close.",
        "changed": "Changed since the previous close:",
        "rows": "rows",
        "charges": "Charged by the providers",
        "provider": "provider",
        "currency": "currency",
        "lines": "lines",
        "cost": "cost",
        "of_which_tax": "of which tax",
        "leaks": "Findings by class and country (USD)",
        "class": "class",
        "meaning": "meaning",
        "country": "country",
        "count": "cases",
        "loss": "loss",
        "over": "over-billing",
        "net": "net",
        "total": "total",
        "none": "No findings: the four sides agree.",
        "warnings": "Checklist warnings (the close goes on):",
        "rounding": "Rounding within tolerance (BL02): {amount} USD on {count} units, shown and not hidden.",
        "next": "See a finding: cuadre explain {leak_id}",
    },
}


def show(console: Console, paths: Paths, period: str, lang: str, release: publish.Release) -> None:
    """Print what a close found: charges by provider, findings by class and country, and what changed."""
    words = _WORDS[lang]
    with duckdb.connect(str(paths.published / "cuadre.duckdb"), read_only=True) as connection:
        _charges(console, connection, period, words)
        _leaks(console, connection, period, lang, words)
        _warnings(console, connection, period, lang, words)
    _changes(console, release, words)
    console.print(words["closed"].format(period=period, folder=paths.published), style="bold green", highlight=False)


def _charges(console: Console, connection: duckdb.DuckDBPyConnection, period: str, words: dict[str, str]) -> None:
    table = Table(title=words["charges"], title_justify="left")
    for name in ("provider", "currency", "lines", "cost", "of_which_tax"):
        table.add_column(words[name], justify="left" if name in {"provider", "currency"} else "right")
    rows = connection.execute(
        """
        select provider, billing_currency, count(*), sum(billed_cost), sum(billed_cost) filter (charge_category = 'Tax')
        from marts.fct_provider_charge where close_period = ? group by all order by all
        """,
        [period],
    ).fetchall()
    for provider, currency, lines, cost, tax in rows:
        table.add_row(provider, currency, f"{lines:,}", _money(cost, 4), "" if tax is None else _money(tax, 4))
    console.print(table)


def _leaks(
    console: Console, connection: duckdb.DuckDBPyConnection, period: str, lang: str, words: dict[str, str]
) -> None:
    meaning = "class" if lang == "en" else f"class_{lang}"
    rows = connection.execute(
        f"""
        select l.class_code, any_value(c.{meaning}), l.country, count(*),
               sum(l.amount_usd) filter (l.amount_usd > 0), sum(l.amount_usd) filter (l.amount_usd < 0), sum(l.amount_usd)
        from marts.fct_leak l join marts.dim_leak_class c on c.code = l.class_code
        where l.close_period = ? and l.class_code <> 'BL02'
        group by l.class_code, l.country order by sum(abs(l.amount_usd)) desc nulls last, l.class_code, l.country
        """,
        [period],
    ).fetchall()
    if not rows:
        console.print(words["none"], style="green")
    else:
        table = Table(title=words["leaks"], title_justify="left", show_footer=True)
        gross, over = (sum((row[i] or Decimal(0) for row in rows), Decimal(0)) for i in (4, 5))
        footers = (
            words["total"],
            "",
            "",
            str(sum(row[3] for row in rows)),
            _money(gross),
            _money(over),
            _money(gross + over),
        )
        for name, footer in zip(("class", "meaning", "country", "count", "loss", "over", "net"), footers, strict=True):
            table.add_column(
                words[name], footer=footer, justify="left" if name in {"class", "meaning", "country"} else "right"
            )
        for code, text, country, count, loss, over, net in rows:
            table.add_row(code, text, country, str(count), *("" if x is None else _money(x) for x in (loss, over, net)))
        console.print(table)
    count, amount, example = connection.execute(
        """
        select count(*) filter (class_code = 'BL02'), sum(amount_usd) filter (class_code = 'BL02'),
               min(leak_id) filter (class_code <> 'BL02') from marts.fct_leak where close_period = ?
        """,
        [period],
    ).fetchone()
    if count:
        console.print(words["rounding"].format(amount=_money(amount), count=count), highlight=False)
    if example:
        console.print(words["next"].format(leak_id=example), highlight=False)


def _warnings(
    console: Console, connection: duckdb.DuckDBPyConnection, period: str, lang: str, words: dict[str, str]
) -> None:
    rows = connection.execute(
        f"""
        select item_id, source, title_{lang}, failed_count from marts.fct_checklist_item
        where close_period = ? and not passed and severity = 'warn' order by floor, item_id, source
        """,
        [period],
    ).fetchall()
    if rows:
        console.print(words["warnings"], style="yellow")
    for item, source, title, failed in rows:
        console.print(
            f"  {item} {source or ''}: {title} ({failed or 0})", style="yellow", highlight=False, markup=False
        )


def _changes(console: Console, release: publish.Release, words: dict[str, str]) -> None:
    if not release.changes:
        console.print(words["same"], highlight=False)
    elif any(change.removed or change.added != change.rows for change in release.changes):
        console.print(words["changed"])
        for change in release.changes:
            console.print(
                f"  {change.table}: +{change.added} −{change.removed} ({change.rows} {words['rows']})", highlight=False
            )


def show_status(console: Console, paths: Paths) -> None:
    """Print, for each month: what lies in the inbox, what was accepted of it, and what the published release holds of it."""
    table = Table(title=escape(str(paths.home)), title_justify="left")
    for name in ("period", "in the inbox", "accepted", "rejected", "declared absent", "published as"):
        table.add_column(name)
    in_inbox = {month.period: month for month in watch.months(paths)}
    for period in sorted({*in_inbox, *publish.of_this_inbox(paths), *publish.withdrawn(paths)}):
        files = ledger.deliveries_frame(paths, paths.origin, period)
        rejected = files.filter(pl.col("status") == "rejected")["source"].unique().sort()
        absent = [
            f"{source} ({look.absent_because})"
            for source, look in ledger.looks(paths, period).items()
            if look.absent_because
        ]
        cells = (
            [source.name for source in inbox.sources_with(paths, period)],
            [name for name, source in SOURCES.items() if ledger.current(paths, source.name, period)],
            rejected,
            absent,
        )
        table.add_row(
            period, *(escape(", ".join(cell)) for cell in cells), escape(_state(paths, period, in_inbox.get(period)))
        )
    console.print(table)


def _state(paths: Paths, period: str, month: watch.Month | None) -> str:
    """What is published of a month, and what is not; from the release itself, so that a kill cannot make it say more."""
    made, back = publish.of_this_inbox(paths).get(period), publish.withdrawn(paths).get(period)
    said = ["–"]
    if made is not None:
        said = [made["close_id"], made.get("completeness", "")]
        said += [made["provisional_because"]] if made.get("provisional_because") else []
    elif back is not None:
        said = [f"withdrawn (was {back['close_id']})", back["because"] or ""]
    if month is not None and month.has_news and (made or back):
        said.append("(inbox changed since)")
    kept = publish.closes(paths).get(period)
    if kept is not None and json.loads((kept / "manifest.json").read_text()) != made:
        said.append("(a finished close waits to be published: close again)")
    return " ".join(filter(None, said))


def _money(amount: Decimal | None, places: int = 2) -> str:
    return "?" if amount is None else f"{amount:,.{places}f}"
