"""The commands of a month's life: certify, lock, reopen; and reading again what is kept.

Lives here: arguments and what is printed. Does not: any rule (close/life, close/verify).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from orchestration.cli.common import app, console, errors, home_of, homes
from orchestration.errors import GATE_REFUSED

Published = Annotated[str, typer.Argument(help="The published month, YYYY-MM.")]
By = Annotated[str, typer.Option(help="Who acts: a pseudonym of people.analysts.")]
ApprovedBy = Annotated[str | None, typer.Option(help="Another person, who approves.")]
Reason = Annotated[str, typer.Option(help="Why, in words.")]


@app.command()
def certify(period: Published, by: By, reason: Reason, approved_by: ApprovedBy = None) -> None:
    """State that a published month is right. Two people of the authority matrix must agree, where one was delivered."""
    _step(period, "certified", by, approved_by, reason)


@app.command()
def lock(period: Published, by: By, reason: Reason, approved_by: ApprovedBy = None) -> None:
    """Make a certified month unchangeable: no close writes it again."""
    _step(period, "locked", by, approved_by, reason)


@app.command()
def reopen(period: Published, by: By, reason: Reason, approved_by: ApprovedBy = None) -> None:
    """Let a certified or locked month be closed again. Two people must agree."""
    _step(period, "reopened", by, approved_by, reason)


@app.command()
def verify(
    folder: Annotated[Path | None, typer.Argument(help="A release. Default: everything that this home keeps.")] = None,
) -> None:
    """Read everything that is kept and compare it with its hashes: events, closes, releases, the lake; or one release alone."""
    from orchestration.close import verify as verifying

    with console.status("verifying"):
        faults = verifying.pack(folder) if folder else [one for each in homes() for one in verifying.home(each)]
    for fault in faults:
        errors.print(str(fault), style="red", highlight=False, markup=False)
    if faults:
        raise typer.Exit(GATE_REFUSED)
    console.print("Everything is as it was written.", highlight=False)


def _step(
    period: str, what: Literal["certified", "locked", "reopened"], by: str, approved_by: str | None, reason: str
) -> None:
    from orchestration.close import life
    from orchestration.warehouse import lock as writing

    paths = home_of(period)
    with writing.sole_writer(paths):
        event = life.step(paths, period, what, by=by, approved_by=approved_by, reason=reason)
    note = f" ({event.note})" if event.note else ""
    told = f"{period} is {what}{note}. Event {event.sequence}: {event.event_sha256}"
    console.print(told, highlight=False, markup=False)
