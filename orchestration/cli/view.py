"""The commands that show: the Dagster UI, and what one thing is.

Lives here: arguments. Does not: any work.
"""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from orchestration.cli.common import Language, app, console
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
