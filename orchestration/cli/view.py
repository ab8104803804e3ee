"""The commands that show: the Dagster UI, and what one thing is.

Lives here: arguments. Does not: any work.
"""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from orchestration.cli.common import Language, app, console, home_of
from orchestration.settings import load_paths


@app.command()
def ui(port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 3000) -> None:
    """Open the Dagster UI on 127.0.0.1, with the nightly schedule and the inbox sensor running."""
    from orchestration.host import server

    server.serve(load_paths(), port, console)


@app.command()
def explain(
    identifier: Annotated[
        str,
        typer.Argument(
            help="A charge_id, leak_id, unit_id or subscription_id; a document as NUMBER or COMPANY/NUMBER; "
            "a provider's invoice as NUMBER or PROVIDER/NUMBER."
        ),
    ],
    lang: Language = "en",
    period: Annotated[
        str | None, typer.Option(help="The month, YYYY-MM. Default: the newest in which it stands.")
    ] = None,
    kind: Annotated[
        Literal["charge", "finding", "unit", "document", "provider_invoice"] | None,
        typer.Option(help="What the identifier names, where it names several things."),
    ] = None,
) -> None:
    """What one charge, finding, subscription or invoice is, and its way from file and line to every mart row it reached."""
    from orchestration.console import explain as explaining

    explaining.show(console, load_paths(), identifier, lang, kind=kind, period=period)


@app.command()
def workbook(
    period: Annotated[str, typer.Argument(help="The published month, YYYY-MM.")],
    lang: Language = "es",
    area: Annotated[str | None, typer.Option(help="One owner area only, such as Finanzas.")] = None,
) -> None:
    """Write the month's open findings as Excel workbooks, one for each owner area and country, for people to decide in."""
    from orchestration.decisions import findings
    from orchestration.decisions import workbook as workbooks
    from orchestration.warehouse import lock

    paths = home_of(period)
    with lock.sole_writer(paths):
        files = [
            (workbooks.write(paths, book), len(book.findings)) for book in findings.books(paths, period, lang, area)
        ]
    for file, count in files:
        console.print(f"{file}: {count} findings", highlight=False, markup=False)
    if not files:
        console.print(f"{period} has no open finding{f' of {area}' if area else ''}.", highlight=False, markup=False)
