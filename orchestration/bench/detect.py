"""Does the close find what was seeded? Simulate, close, compare with the truth.

Lives here: the detection benchmark. Does not: matching (compare), the simulation's amounts, the estimate made of it (marts).
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
from rich import box
from rich.console import Console
from rich.table import Table

from orchestration.bench.compare import Comparison
from orchestration.close import benchmark
from orchestration.errors import CLOSED, GateRefused
from orchestration.ground.spreadsheets import write_csv
from orchestration.settings import Paths
from orchestration.simulator import simulate

COLUMNS = "close_period, class_code, subscription_id, invoice_id, payment_id, provider_invoice_id, unit_id, amount, currency, amount_usd"


@dataclass(frozen=True)
class Detection:
    """What one benchmark measured."""

    table: pl.DataFrame
    """One row per class and the row ALL: seeded, found, missed, wrong_class, wrong_amount, false; recall and precision."""
    faults: pl.DataFrame
    """Each seeded leak that was not found as it should, and each false finding."""


def run_detect(
    home: Path,
    seeds: Sequence[int],
    *,
    subscriptions: int = 2000,
    months: int = 3,
    leak_rate: float = 0.15,
    classes: Sequence[str] | None = None,
    pairs: bool = False,
    period: str = "2026-09",
    console: Console | None = None,
) -> Detection:
    """Simulate and close one home per seed below `home/bench`, compare, store `home/bench/detect.parquet` and `.csv`.

    Raises:
        GateRefused: a simulated month could not be closed.
    """
    comparison = Comparison()
    for seed in seeds:
        work = home / "bench" / f"seed-{seed}"
        shutil.rmtree(work, ignore_errors=True)
        made = simulate(
            work,
            seed=seed,
            months=months,
            subscriptions=subscriptions,
            leak_rate=leak_rate,
            classes=classes,
            period=period,
            pairs=pairs,
        )
        paths = Paths(home=work, inbox=work / "inbox")
        for each in made.periods:
            if console:
                console.print(f"seed {seed}: closing {each}")
            close_or_raise(paths, each)
        comparison.add(truths(work), findings(paths, made.periods), run=f"seed-{seed}")
    return _store(home, comparison)


def close_or_raise(paths: Paths, period: str) -> None:
    """Close one month; a benchmark over a month that was refused would measure nothing."""
    from orchestration.host.job import close  # late: it imports the whole engine

    outcome = close(paths, period)
    if outcome.exit_code != CLOSED:
        raise GateRefused(f"{period} was not closed:\n" + "\n".join(outcome.reasons))


def truths(home: Path) -> list[dict[str, str | Decimal]]:
    """truth.csv with its amounts as decimals."""
    with (home / "truth.csv").open(encoding="utf-8", newline="") as stream:
        return [
            row | {"amount": Decimal(row["amount"]), "amount_usd": Decimal(row["amount_usd"])}
            for row in csv.DictReader(stream)
        ]


def findings(paths: Paths, periods: Sequence[str]) -> list[dict[str, object]]:
    """fct_leak as published."""
    with duckdb.connect(str(paths.published / "cuadre.duckdb"), read_only=True) as connection:
        cursor = connection.execute(f"select {COLUMNS} from marts.fct_leak order by leak_id")
        names = [column[0] for column in cursor.description]
        return [
            row
            for row in (dict(zip(names, cells, strict=True)) for cells in cursor.fetchall())
            if row["close_period"] in periods
        ]


def _store(home: Path, comparison: Comparison) -> Detection:
    table, folder = comparison.table(), home / "bench"
    faults = pl.DataFrame(comparison.faults, schema=dict.fromkeys(_FAULTS, pl.String))
    table.write_parquet(benchmark.path(home))
    write_csv(folder / "detect.csv", table.columns, table.iter_rows())
    write_csv(folder / "detect_faults.csv", faults.columns, faults.iter_rows())
    return Detection(table, faults)


_FAULTS = (
    "run",
    "kind",
    "period",
    "class_code",
    "subscription_id",
    "invoice_id",
    "amount_usd",
    "seen_class",
    "seen_amount_usd",
)


def show(detection: Detection, console: Console) -> None:
    """Print the table by class."""
    table = Table(title="Seeded leaks against findings", title_justify="left", box=box.SIMPLE, padding=(0, 1, 0, 0))
    for name in (
        "class",
        "seeded",
        "found",
        "missed",
        "wrong class",
        "wrong amount",
        "false",
        "recall",
        "precision",
        "recall $",
        "precision $",
    ):
        table.add_column(name, justify="left" if name == "class" else "right")
    for row in detection.table.iter_rows(named=True):
        counts = [str(row[name]) for name in ("seeded", "found", "missed", "wrong_class", "wrong_amount", "false")]
        shares = [
            "–" if row[name] is None else f"{row[name]:.3f}"
            for name in ("recall", "precision", "recall_usd", "precision_usd")
        ]
        table.add_row(row["class_code"], *counts, *shares, style="bold" if row["class_code"] == "ALL" else None)
    console.print(table)
