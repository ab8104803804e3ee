"""How fast is a close? Many provider lines, one close in a process of its own, and the floor that nothing can beat.

Lives here: a quick generator of AWS lines, the timing, the floor. Does not: the close.

The floor (design §8) reads the same provider files into typed Parquet with Polars, then joins and aggregates them once with DuckDB,
in a process of its own, on the same machine, in the same run.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from orchestration.errors import CuadreError
from orchestration.host.job import last_run_seconds
from orchestration.settings import PROJECT, Paths, environment
from orchestration.simulator import simulate

PERIOD = "2026-09"
PART_ROWS = 500_000


@dataclass(frozen=True)
class Speed:
    """What one run measured."""

    lines: int
    subscriptions: int
    close_seconds: float
    """The whole process, start-up included."""
    pipeline_seconds: float
    """The run as Dagster counts it: from its start, before the first file is read, until the marts are published."""
    close_peak_mb: float
    floor_seconds: float
    floor_peak_mb: float

    @property
    def lines_per_second(self) -> float:
        """Provider lines closed in a second, start-up included."""
        return self.lines / self.close_seconds

    @property
    def ratio(self) -> float:
        """Close over floor; the design asks for at most 2."""
        return self.close_seconds / self.floor_seconds


def run_speed(
    home: Path, *, lines: int = 1_000_000, subscriptions: int = 100_000, mixed: bool = True, seed: int = 1
) -> Speed:
    """Generate a month below `home/bench/speed`, close it, time the floor, store `home/bench/speed.parquet`.

    Args:
        mixed: every provider's formats and the ERP of the simulator; otherwise AWS lines alone, generated at once.

    Raises:
        CuadreError: the close was refused or failed.
    """
    work = home / "bench" / "speed"
    shutil.rmtree(work, ignore_errors=True)
    made = mixed_month(work, lines, subscriptions, seed) if mixed else aws_month(work, lines, subscriptions, seed)
    close_seconds, close_peak_mb = _timed("close", work)
    floor_seconds, floor_peak_mb = _timed("floor", work)
    speed = Speed(
        lines=made,
        subscriptions=subscriptions,
        close_seconds=close_seconds,
        pipeline_seconds=last_run_seconds(Paths(home=work, inbox=work / "inbox")),
        close_peak_mb=close_peak_mb,
        floor_seconds=floor_seconds,
        floor_peak_mb=floor_peak_mb,
    )
    frame = pl.DataFrame([vars(speed) | {"lines_per_second": speed.lines_per_second, "ratio": speed.ratio}])
    frame.write_parquet(home / "bench" / "speed.parquet")
    frame.write_csv(home / "bench" / "speed.csv")
    return speed


def mixed_month(home: Path, lines: int, subscriptions: int, seed: int) -> int:
    """A clean simulated month of every format."""
    return simulate(home, seed=seed, subscriptions=subscriptions, lines=lines, period=PERIOD).provider_lines


def aws_month(home: Path, lines: int, accounts: int, seed: int) -> int:
    """A clean simulated month of few subscriptions, and a CUR of `lines` lines over accounts that nobody sold.

    The accounts have no contract: each is an EX01, which is the dearest way for a line to be explained.
    """
    simulate(home, seed=seed, subscriptions=200, period=PERIOD)
    shutil.rmtree(home / "inbox" / "aws_cur", ignore_errors=True)
    data = home / "inbox" / "aws_cur" / PERIOD / "data" / f"BILLING_PERIOD={PERIOD}"
    data.mkdir(parents=True)
    names = []
    for part, start in enumerate(range(0, lines, PART_ROWS), 1):
        name = f"reventa-{part:05d}.csv.gz"
        frame = cur_lines(start, min(PART_ROWS, lines - start), accounts)
        with gzip.GzipFile(data / name, "wb", compresslevel=1, mtime=0) as stream:
            stream.write(frame.write_csv().encode())
        names.append(name)
    manifest = home / "inbox" / "aws_cur" / PERIOD / "metadata" / f"BILLING_PERIOD={PERIOD}" / "reventa-Manifest.json"
    manifest.parent.mkdir(parents=True)
    files = [f"s3://example-cur/cur/reventa/data/BILLING_PERIOD={PERIOD}/{name}" for name in names]
    manifest.write_text(
        json.dumps(
            {
                "executionId": hashlib.sha256(str(seed).encode()).hexdigest()[:12],
                "exportName": "reventa",
                "dataFiles": files,
            }
        )
    )
    headers = home / "inbox" / "provider_invoices" / PERIOD / "headers.csv"
    kept = [line for line in headers.read_text().splitlines() if not line.startswith("aws,")]
    headers.write_text("\n".join(kept) + "\n")
    return lines


def cur_lines(start: int, rows: int, accounts: int) -> pl.DataFrame:
    """Usage lines numbered from `start`: hourly, four services, ten decimals, no randomness but arithmetic on the number."""
    number = pl.int_range(start, start + rows, dtype=pl.Int64).alias("n")
    frame = pl.select(number).with_columns(
        (pl.col("n") % accounts).alias("account"),
        (pl.col("n") * 7919 % 720).alias("hour"),
        (pl.col("n") * 104_729 % 9973 + 1).alias("amount"),
    )
    day, hour = pl.col("hour") // 24 + 1, pl.col("hour") % 24
    stamp = pl.format("2026-09-{}T{}:00:00Z", day.cast(pl.String).str.zfill(2), hour.cast(pl.String).str.zfill(2))
    cost = pl.format(
        "{}.{}",
        pl.col("amount") // 1000,
        (pl.col("amount") % 1000 * 10_000_000 + pl.col("n") % 9_999_999).cast(pl.String).str.zfill(10),
    )
    services = pl.Series(["AmazonEC2", "AmazonS3", "AmazonRDS", "AWSDataTransfer"])
    service = pl.col("n").mod(4).replace_strict(dict(enumerate(services)), return_dtype=pl.String)
    return frame.select(
        pl.format("li-{}", "n").alias("identity_line_item_id"),
        pl.format("{}/{}", stamp, stamp).alias("identity_time_interval"),
        pl.lit("INV20260901").alias("bill_invoice_id"),
        pl.lit("Amazon Web Services, Inc.").alias("bill_invoicing_entity"),
        pl.lit("AWS").alias("bill_billing_entity"),
        pl.lit("Anniversary").alias("bill_bill_type"),
        pl.lit("999900001111").alias("bill_payer_account_id"),
        pl.lit("2026-09-01T00:00:00.000Z").alias("bill_billing_period_start_date"),
        pl.lit("2026-10-01T00:00:00.000Z").alias("bill_billing_period_end_date"),
        pl.format("9{}", pl.col("account").cast(pl.String).str.zfill(11)).alias("line_item_usage_account_id"),
        pl.lit("Usage").alias("line_item_line_item_type"),
        stamp.alias("line_item_usage_start_date"),
        stamp.alias("line_item_usage_end_date"),
        service.alias("line_item_product_code"),
        pl.lit("SAE1-BoxUsage:m5.large").alias("line_item_usage_type"),
        pl.lit("RunInstances").alias("line_item_operation"),
        pl.format("i-{}", pl.col("n") % 50_000).alias("line_item_resource_id"),
        pl.lit("1").alias("line_item_usage_amount"),
        pl.lit("USD").alias("line_item_currency_code"),
        cost.alias("line_item_unblended_rate"),
        cost.alias("line_item_unblended_cost"),
        pl.lit("On Demand Linux m5.large").alias("line_item_line_item_description"),
        cost.alias("pricing_public_on_demand_cost"),
        pl.lit("OnDemand").alias("pricing_term"),
        pl.lit("Hrs").alias("pricing_unit"),
    )


def _timed(what: str, work: Path) -> tuple[float, float]:
    """Seconds and peak megabytes of one child process; the parent's memory is not counted."""
    started = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "orchestration.bench.speed", what, str(work)],
        cwd=PROJECT,
        env=environment(work),  # one home, so that dbt's project is parsed once
    )
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise CuadreError(f"the {what} of {work} ended with code {child.returncode}; its words stand above")
    return seconds, usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


def close_month(work: Path) -> None:
    """The child that closes."""
    from orchestration.bench.detect import close_or_raise

    close_or_raise(Paths(home=work, inbox=work / "inbox"), PERIOD)


def floor(work: Path) -> None:
    """The child that only reads: every provider and ERP file into typed Parquet, then one join and aggregate."""
    import duckdb

    target = work / "floor"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    inbox = work / "inbox"
    sources = {
        "aws": sorted((inbox / "aws_cur" / PERIOD).rglob("*.csv.gz")),
        "microsoft": sorted((inbox / "microsoft_csp_invoice" / PERIOD).rglob("*.csv")),
        "usage": sorted((inbox / "microsoft_csp_usage" / PERIOD).rglob("*.gz")),
        "google": sorted((inbox / "gcp_billing" / PERIOD).rglob("*.gz")),
        "oracle": sorted((inbox / "focus" / PERIOD).rglob("*.csv")),
        "vendor": sorted((inbox / "vendor" / PERIOD).rglob("*.csv")),
        "invoices": [inbox / "erp" / PERIOD / "invoices.csv"],
        "lines": [inbox / "erp" / PERIOD / "invoice_lines.csv"],
        "subscriptions": [inbox / "crm" / PERIOD / "subscriptions.csv"],
    }
    for name, files in sources.items():
        for number, file in enumerate(files):
            _typed(file).sink_parquet(target / f"{name}-{number}.parquet")
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            select s.subscription_id, sum(c.line_item_unblended_cost), sum(l.net_amount)
            from read_parquet('{target}/aws-*.parquet') as c
            left join read_parquet('{target}/subscriptions-*.parquet') as s on s.provider_subscription_id = c.line_item_usage_account_id
            left join (
                select subscription_id, sum(net_amount) as net_amount from read_parquet('{target}/lines-*.parquet') group by all
            ) as l on l.subscription_id = s.subscription_id
            group by all
            """
        ).fetchall()


def _typed(file: Path) -> pl.LazyFrame:
    """A file as text columns, its amounts as decimals; nested lines stay as they are."""
    if file.suffix == ".gz" and not file.name.endswith(".csv.gz"):
        return pl.scan_ndjson(file, infer_schema_length=1000)
    frame = pl.scan_csv(file, infer_schema=False, encoding="utf8-lossy")
    amounts = [name for name in frame.collect_schema().names() if name.lower().endswith(("cost", "amount", "subtotal"))]
    return frame.with_columns(pl.col(name).cast(pl.Decimal(38, 12), strict=False) for name in amounts)


def show(speed: Speed, console: Console) -> None:
    """Print one run."""
    table = Table(title="A close against the floor of reading")
    for name in ("", "seconds", "lines/s", "peak MB"):
        table.add_column(name, justify="right" if name else "left")
    table.add_row(
        "close", f"{speed.close_seconds:.1f}", f"{speed.lines_per_second:,.0f}", f"{speed.close_peak_mb:,.0f}"
    )
    table.add_row(
        "of it the pipeline", f"{speed.pipeline_seconds:.1f}", f"{speed.lines / speed.pipeline_seconds:,.0f}", ""
    )
    table.add_row(
        "floor",
        f"{speed.floor_seconds:.1f}",
        f"{speed.lines / speed.floor_seconds:,.0f}",
        f"{speed.floor_peak_mb:,.0f}",
    )
    console.print(table)
    console.print(f"{speed.lines:,} lines, {speed.subscriptions:,} subscriptions: {speed.ratio:.2f} times the floor")


if __name__ == "__main__":
    {"close": close_month, "floor": floor}[sys.argv[1]](Path(sys.argv[2]))
