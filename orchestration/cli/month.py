"""The commands about a month: close it, see where it stands, take it back.

Lives here: arguments, progress, exit codes. Does not: any work; each command is one call into its room. Heavy libraries are imported
inside the commands that need them, so that `cuadre --help` answers at once.
"""

from __future__ import annotations

from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from orchestration import progress
from orchestration.cli.common import Language, app, choose, console, errors, fed, home_of
from orchestration.contracts import SOURCES
from orchestration.errors import CLOSED
from orchestration.floors import BUILT
from orchestration.settings import Paths

_STEPS = len(SOURCES) + 2 * len(BUILT) + 4
"""Steps of one close, for the progress bar: each source, two for each built floor, the warehouse, verdicts, proposals, publishing."""

Period = Annotated[
    str | None, typer.Argument(help="The month to close, YYYY-MM. Default: the newest period in the inbox.")
]


@app.command()
def close(
    period: Period = None,
    lang: Language = "en",
    again: Annotated[bool, typer.Option("--again", help="Do every step even where nothing changed.")] = False,
) -> None:
    """Close one month: receive, judge, build, judge again, publish. Where nothing changed since its last close, say so.

    All data lies under CUADRE_HOME: by default `data/` of the checkout, or of the current folder where a wheel is installed.

    Exit code 0: closed and published. 1: a gate refused. 2: the input is unusable. 3: people locked the
    month. 70: a model could not be built. 74: the data
    home cannot be written. 75: another close is writing it.
    """
    paths, chosen = choose(period)
    if not again and _is_published(paths, chosen):
        from orchestration.console import summary
        from orchestration.publish import publish

        summary.show(console, paths, chosen, lang, publish.last_release(paths, chosen), is_unchanged=True)
        return
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=20), TimeElapsedColumn(), console=console
    ) as bars:
        task = bars.add_task(f"closing {chosen}: loading", total=_STEPS)

        def draw(name: str, seconds: float | None) -> None:
            if seconds is None:
                bars.update(task, description=f"closing {chosen}: {name}")
            else:
                bars.advance(task)

        with progress.listening(draw):
            from orchestration.host import job as closing

            outcome = closing.close(paths, chosen)
        bars.update(task, completed=_STEPS if outcome.exit_code == CLOSED else None, description=f"closing {chosen}")
    if outcome.exit_code != CLOSED:
        for reason in outcome.reasons:
            errors.print(reason, style="red", highlight=False)
        errors.print(f"{chosen} was not published; the last release is as it was. Rejected rows: {paths.rejected}")
        raise typer.Exit(outcome.exit_code)
    from orchestration.console import summary
    from orchestration.publish import publish

    summary.show(console, paths, chosen, lang, publish.last_release(paths, chosen))


@app.command()
def status() -> None:
    """What the inbox holds, what was accepted, and which months are published."""
    from orchestration.console import summary

    summary.show_status(console, fed())


@app.command()
def withdraw(
    period: Annotated[str, typer.Argument(help="The published month to take back, YYYY-MM.")],
    because: Annotated[str | None, typer.Option(help="Why, in words; `status` repeats it.")] = None,
) -> None:
    """Take a published month back. Its close is kept; a later close publishes the month again."""
    from orchestration.close import watch
    from orchestration.publish import publish
    from orchestration.warehouse import lock

    paths = home_of(period)
    with lock.sole_writer(paths):
        publish.withdraw(paths, period, because=because, inbox=watch.marks_now(paths, period))
    console.print(
        f"{period} is no longer published. `cuadre close {period}` publishes it again; "
        "by itself it is closed only once its inbox changes.",
        highlight=False,
        markup=False,
    )


def _is_published(paths: Paths, period: str) -> bool:
    """Whether nothing changed since the last close; asked alone, so that a close that runs meanwhile is not half seen."""
    from orchestration.close import unchanged
    from orchestration.warehouse import lock

    with console.status(f"closing {period}: what changed?"), lock.sole_writer(paths):
        return unchanged.is_published(paths, period)
