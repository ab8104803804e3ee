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

from orchestration.close import watch
from orchestration.console import findings
from orchestration.console.findings import Findings, Line, Money
from orchestration.console.phrases import PHRASES
from orchestration.contracts import SOURCES
from orchestration.intake import inbox, ledger, seen
from orchestration.publish import closes, publish
from orchestration.settings import Paths

_TEXTS = {"kind", "class", "meaning", "country", "provider", "currency"}
"""Columns of words; figures stand on the right."""


def show(
    console: Console, paths: Paths, period: str, lang: str, release: publish.Release, *, is_unchanged: bool = False
) -> None:
    """Print what a close found: charges by provider, findings by class and country, and what changed."""
    words = PHRASES[lang]
    with duckdb.connect(str(paths.published / "cuadre.duckdb"), read_only=True) as connection:
        _charges(console, connection, period, words)
        _findings(console, findings.of_month(connection, period, lang), words)
        _warnings(console, connection, period, lang, words)
        _completeness(console, connection, period, lang, words)
    if is_unchanged:
        console.print(words["unchanged"], highlight=False)
    else:
        _changes(console, release, words)
    console.print(
        words["closed"].format(period=period, folder=paths.published), style="bold green", highlight=False, markup=False
    )


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
        who, code = escape(provider or words["unknown"]), currency or words["unknown"]
        cost_told = words["unknown"] if cost is None else _money(cost, 4)
        table.add_row(who, code, f"{lines:,}", cost_told, "" if tax is None else _money(tax, 4))
    console.print(table)


def _findings(console: Console, found: Findings, words: dict[str, str]) -> None:
    counted = [line for line in found.lines if line.section == "counted"]
    apart = [line for line in found.lines if line.section != "counted"]
    if not found.lines:
        console.print(words["none"], style="green")
    if counted:
        total = found.total
        table = Table(title=words["leaks"], title_justify="left", show_footer=True)
        cells = (total.loss, total.over, total.net)
        footers = (words["total"], "", "", str(total.count), *(_told(cell, words) for cell in cells))
        for name, footer in zip(("class", "meaning", "country", "count", "loss", "over", "net"), footers, strict=True):
            table.add_column(words[name], footer=footer, justify="left" if name in _TEXTS else "right")
        for line in counted:
            table.add_row(*_named(line, words), *(_told(cell, words) for cell in (line.loss, line.over, line.net)))
        console.print(table)
        console.print(words["contains"], highlight=False)
        if said := _told(found.to_claim, words, ", "):
            console.print(words["to_claim"].format(amount=said), highlight=False)
        if found.no_customer.count:
            amount = _told(found.no_customer.net, words, ", ")
            console.print(words["no_customer"].format(count=found.no_customer.count, amount=amount), highlight=False)
    if apart:
        table = Table(title=words["apart"], title_justify="left")
        for name in ("kind", "class", "meaning", "country", "count", "amount"):
            table.add_column(words[name], justify="left" if name in _TEXTS else "right")
        for line in apart:
            table.add_row(words[line.section], *_named(line, words), _told(line.net, words))
        console.print(table)
        console.print(words["apart_contains"], highlight=False)
    if found.rounding.count:
        amount = _told(found.rounding.net, words, ", ", code="USD")
        console.print(words["rounding"].format(amount=amount, count=found.rounding.count), highlight=False)
    if found.example:
        console.print(words["next"].format(leak_id=found.example), highlight=False)


def _named(line: Line, words: dict[str, str]) -> tuple[str, str, str, str]:
    return line.code, escape(line.meaning or words["unknown"]), line.country or words["unknown"], str(line.count)


def _told(money: Money, words: dict[str, str], between: str = "\n", code: str = "") -> str:
    """A sum in words: dollars, then each currency without a rate, then how many amounts nobody knows; empty for nothing."""
    said = [] if money.usd is None else [f"{_money(money.usd)} {code}".rstrip()]
    for currency, amount in sorted(money.local.items(), key=lambda item: item[0] or ""):
        said.append(f"{_money(amount)} {currency or words['unknown']} ({words['no_rate']})")
    if money.unknown:
        said.append(words["unknown_amounts"].format(count=money.unknown))
    return between.join(said)


def _completeness(console: Console, connection: duckdb.DuckDBPyConnection, period: str, lang: str, words: dict) -> None:
    """Say in one line what a provisional month waits for."""
    query = f"select provisional_because_{lang} from marts.dim_close_period where close_period = ?"
    because = [reason for (reason,) in connection.execute(query, [period]).fetchall() if reason]
    for reason in because:
        console.print(words["provisional"].format(because=reason), style="bold yellow", highlight=False, markup=False)


def _warnings(
    console: Console, connection: duckdb.DuckDBPyConnection, period: str, lang: str, words: dict[str, str]
) -> None:
    rows = connection.execute(
        f"""
        select item_id, source, title_{lang}, sum(failed_count)::bigint from marts.fct_checklist_item
        where close_period = ? and not passed and severity = 'warn'
        group by floor, item_id, source, title_{lang} order by floor, item_id, source
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
    for period in sorted({*in_inbox, *closes.of_this_inbox(paths), *closes.withdrawn(paths)}):
        files = ledger.deliveries_frame(paths, paths.origin, period)
        rejected = files.filter(pl.col("status") == "rejected")["source"].unique().sort()
        absent = [
            f"{source} ({state.absent_because})"
            for source, state in seen.folder_states(paths, period).items()
            if state.absent_because
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
    made, back = closes.of_this_inbox(paths).get(period), closes.withdrawn(paths).get(period)
    said = ["–"]
    if made is not None:
        said = [made["close_id"], made.get("completeness", "")]
        said += [made["provisional_because"]] if made.get("provisional_because") else []
    elif back is not None:
        said = [f"withdrawn (was {back['close_id']})", back["because"] or ""]
    if month is not None and month.has_news and (made or back):
        said.append("(inbox changed since)")
    kept = closes.closes(paths).get(period)
    if kept is not None and json.loads((kept / "manifest.json").read_text()) != made:
        said.append("(a finished close waits to be published: close again)")
    return " ".join(filter(None, said))


def _money(amount: Decimal, places: int = 2) -> str:
    return f"{amount:,.{places}f}"
