"""The command `cuadre`.

Lives here: arguments, progress, what is printed, exit codes. Does not: any work; each command is one call into its module.
Heavy libraries are imported inside the commands that need them, so that `cuadre --help` answers at once.
"""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from orchestration import progress
from orchestration.console.terminal import Terminal
from orchestration.errors import CLOSED, INPUT_UNUSABLE, CuadreError, of_the_machine
from orchestration.settings import Paths, load_paths

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Close a cloud reseller's month so that every cent is explained.",
)
bench = typer.Typer(no_args_is_help=True, help="Measure the product: what it finds, how fast it is.")
app.add_typer(bench, name="bench")
console = Terminal()
errors = Terminal(stderr=True)

Language = Annotated[Literal["es", "pt", "en"], typer.Option("--lang", help="Language of the summary.")]
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

    Exit code 0: closed and published. 1: a gate refused. 2: the input is unusable. 70: a model could not be built. 74: the data
    home cannot be written. 75: another close is writing it.
    """
    paths, chosen = _choose(period)
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

    summary.show(console, paths, chosen, lang, outcome.release)


@app.command()
def status() -> None:
    """What the inbox holds, what was accepted, and which months are published."""
    from orchestration.console import summary

    summary.show_status(console, _fed())


@app.command()
def withdraw(
    period: Annotated[str, typer.Argument(help="The published month to take back, YYYY-MM.")],
    because: Annotated[str | None, typer.Option(help="Why, in words; `status` repeats it.")] = None,
) -> None:
    """Take a published month back. Its close is kept; a later close publishes the month again."""
    from orchestration.close import watch
    from orchestration.publish import closes, publish
    from orchestration.warehouse import lock

    mine = load_paths()
    paths = next((one for one in (mine, mine.on_sample()) if period in closes.closes(one)), mine)
    with lock.sole_writer(paths):
        publish.withdraw(paths, period, because=because, inbox=watch.marks_now(paths, period))
    console.print(
        f"{period} is no longer published. `cuadre close {period}` publishes it again; "
        "by itself it is closed only once its inbox changes.",
        highlight=False,
        markup=False,
    )


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
def demo(
    seed: Annotated[int, typer.Option(help="The same seed and arguments give the same bytes.")] = 7,
    months: Annotated[int, typer.Option(min=1, help="How many close periods, one after the other.")] = 1,
    subscriptions: Annotated[int, typer.Option(min=1, help="How many subscriptions exist.")] = 200,
    lines: Annotated[
        int | None, typer.Option(help="About how many provider lines a month; default: as needed.")
    ] = None,
    leak_rate: Annotated[float, typer.Option(min=0, max=1, help="Share of subscriptions that leak in a month.")] = 0.1,
    classes: Annotated[str | None, typer.Option(help="Leak classes to seed, comma separated; default: all.")] = None,
    period: Annotated[str, typer.Option(help="The first close period, YYYY-MM.")] = "2026-09",
) -> None:
    """Simulate a reseller: fill this data home's inbox, and write the truth beside it."""
    from orchestration.simulator import simulate

    paths = load_paths()
    truth = paths.home / "truth.csv"
    if paths.inbox.exists() and any(paths.inbox.iterdir()) and not truth.exists():
        errors.print(
            f"{paths.inbox} holds deliveries that no simulation made. "
            "Name an empty home: CUADRE_HOME=<folder> cuadre demo",
            highlight=False,
        )
        raise typer.Exit(INPUT_UNUSABLE)
    with console.status("simulating"):
        chosen = [code.strip().upper() for code in classes.split(",")] if classes else None
        simulate(
            paths.home, seed=seed, months=months, subscriptions=subscriptions, lines=lines, leak_rate=leak_rate,
            classes=chosen, period=period,
        )  # fmt: skip
    console.print(f"Inbox: {paths.inbox}. Truth: {truth}. Close it: cuadre close {period}", highlight=False)


@bench.command("detect")
def bench_detect(
    seeds: Annotated[str, typer.Option(help="Seeds, comma separated; one simulated reseller each.")] = "1,2,3,4,5",
    subscriptions: Annotated[int, typer.Option(min=1, help="Subscriptions of each reseller.")] = 2000,
    months: Annotated[int, typer.Option(min=1, help="Months of each reseller.")] = 3,
    leak_rate: Annotated[float, typer.Option(min=0, max=1, help="Share of subscriptions that leak in a month.")] = 0.15,
    classes: Annotated[str | None, typer.Option(help="Leak classes to seed, comma separated; default: all.")] = None,
    pairs: Annotated[bool, typer.Option(help="Seed two leaks on one unit.")] = False,
) -> None:
    """Simulate, close, and compare what was found with what was seeded."""
    from orchestration.bench import detect

    chosen = [code.strip().upper() for code in classes.split(",")] if classes else None
    numbers = [int(seed) for seed in seeds.split(",")]
    detection = detect.run_detect(
        load_paths().home, numbers, subscriptions=subscriptions, months=months, leak_rate=leak_rate, classes=chosen,
        pairs=pairs, console=console,
    )  # fmt: skip
    detect.show(detection, console)


@bench.command("speed")
def bench_speed(
    lines: Annotated[int, typer.Option(min=1, help="Provider lines of the month.")] = 1_000_000,
    subscriptions: Annotated[int, typer.Option(min=1, help="Subscriptions of the month.")] = 100_000,
    aws: Annotated[bool, typer.Option(help="AWS lines alone, generated at once.")] = False,
) -> None:
    """Time a close of a large month beside the floor of reading and adding up the same files."""
    from orchestration.bench import speed

    speed.show(speed.run_speed(load_paths().home, lines=lines, subscriptions=subscriptions, mixed=not aws), console)


def _is_published(paths: Paths, period: str) -> bool:
    """Whether nothing changed since the last close; asked alone, so that a close that runs meanwhile is not half seen."""
    from orchestration.close import unchanged
    from orchestration.warehouse import lock

    with console.status(f"closing {period}: what changed?"), lock.sole_writer(paths):
        return unchanged.is_published(paths, period)


def _choose(period: str | None) -> tuple[Paths, str]:
    """The home to work on and the month to close."""
    from orchestration.intake import inbox

    paths = _fed()
    periods = inbox.periods(paths)
    chosen = period or max(periods, default=None)
    if chosen is None or chosen not in periods:
        errors.print(
            f"{paths.inbox}: no source delivered {period or 'any month'!r}. Periods there: {', '.join(periods) or 'none'}. "
            f"Drop files under inbox/<source>/{period or '<YYYY-MM>'}/, or close one of these.",
            highlight=False,
        )
        raise typer.Exit(INPUT_UNUSABLE)
    return paths, chosen


def _fed() -> Paths:
    """The home to work on, with a word when it is fed by the bundled sample."""
    from orchestration.close import periods

    paths = periods.with_inbox(load_paths())
    if paths.is_sample:
        console.print(f"The inbox {paths.home / 'inbox'} is empty: using the bundled sample.", highlight=False)
    return paths


_STEPS = 26
"""Steps of one close, for the progress bar: one for each source, the warehouse, two for each floor, verdicts, proposals, publish."""


def main() -> None:
    """Run the command line; a refusal is printed without a traceback."""
    try:
        app()
    except Exception as error:
        refusal = of_the_machine(error) or error
        if not isinstance(refusal, CuadreError):
            raise
        errors.print(str(refusal), style="red", highlight=False)
        sys.exit(refusal.exit_code)
