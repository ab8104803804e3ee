"""The commands that simulate a reseller and measure the product.

Lives here: arguments. Does not: any work.
"""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.cli.common import app, bench, console, errors
from orchestration.errors import INPUT_UNUSABLE
from orchestration.settings import load_paths


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
