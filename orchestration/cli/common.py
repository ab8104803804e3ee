"""The command `cuadre`: its two groups, its terminals, and which home a command works on.

Lives here: what several commands share. Does not: any command.
"""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from orchestration.console.terminal import Terminal
from orchestration.errors import INPUT_UNUSABLE
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


def choose(period: str | None) -> tuple[Paths, str]:
    """The home to work on and the month to close."""
    from orchestration.intake import inbox

    paths = fed()
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


def fed() -> Paths:
    """The home to work on, with a word when it is fed by the bundled sample."""
    from orchestration.close import periods

    paths = periods.with_inbox(load_paths())
    if paths.is_sample:
        console.print(f"The inbox {paths.home / 'inbox'} is empty: using the bundled sample.", highlight=False)
    return paths


def homes() -> tuple[Paths, Paths]:
    """This home with the user's inbox, and the same home with the bundled sample: closes of both may be kept."""
    mine = load_paths()
    return mine, mine.on_sample()


def home_of(period: str) -> Paths:
    """The home whose closes hold the month; the user's own where none does."""
    from orchestration.publish import closes

    return next((one for one in homes() if period in closes.closes(one)), load_paths())
