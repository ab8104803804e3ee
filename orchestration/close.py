"""Closing one month: the same Dagster job for the command line, the UI, the schedule and the sensor.

Lives here: a close's identity, what each step of the job does to the warehouse, and running the job in this process.
Does not: the declarations of the job's assets (defs).
"""

from __future__ import annotations

import atexit
import functools
import gc
import glob
import hashlib
import importlib
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from orchestration import (
    charges,
    completeness,
    identity,
    intake,
    lake,
    ledger,
    proposals,
    publish,
    quality,
    standing,
    transform,
    warehouse,
    watch,
)
from orchestration.bench import results
from orchestration.contracts import SOURCES
from orchestration.contracts.model import Source, Table
from orchestration.errors import CLOSED, GATE_REFUSED, GateRefused, of_the_machine
from orchestration.ingest import raw_run_id
from orchestration.settings import Paths


@dataclass(frozen=True)
class Identity:
    """What makes two closes the same close: equal inputs under equal rules."""

    period: str
    close_id: str
    origin: str
    rules_version: str
    as_of: datetime
    """When the newest file that this close read arrived; stands in for the clock, so that a replay gives the same bytes."""
    deliveries: tuple[tuple[str, str], ...]
    """(source__table, delivery_sha256) of everything read, stale stand-ins included."""
    completeness: completeness.Completeness
    """What is still to come for the month, and who is declared absent."""
    benchmark: str | None = None
    """Hash of the detection benchmark that the hidden-leak estimate uses, if this home ran one."""

    @property
    def manifest_sha256(self) -> str:
        """Hash of the period and of everything it was made from."""
        return hashlib.sha256(
            json.dumps([self.origin, self.period, self.deliveries, self.completeness.absent]).encode()
        ).hexdigest()


@dataclass(frozen=True)
class Outcome:
    """How a close ended."""

    period: str
    exit_code: int
    reasons: tuple[str, ...] = ()
    release: publish.Release | None = None


def identify(paths: Paths, period: str) -> Identity:
    """The identity of closing `period` with what the lake holds now."""
    found = {table.id: intake.resolve(paths, source, period, table=table.name)[0] for source, table in _tables()}
    read = {table: delivery for table, delivery in found.items() if delivery}
    deliveries = tuple((table, delivery.delivery_sha256) for table, delivery in sorted(read.items()))
    as_of = max((delivery.received_at for delivery in read.values()), default=datetime(1970, 1, 1))
    rules = transform.rules_version()
    benchmark = results.mark(paths.home)
    whole = completeness.assess(paths, period, as_of)
    made_from = [paths.origin, period, deliveries, rules, astuple(whole), *filter(None, [benchmark])]
    close_id = hashlib.sha256(json.dumps(made_from).encode()).hexdigest()[:16]
    return Identity(period, close_id, paths.origin, rules, as_of, deliveries, whole, benchmark)


def open_period(paths: Paths, period: str) -> quality.Verdict:
    """Build the warehouse's raw schema for one period from the lake, and judge the intake checklist."""
    this = identify(paths, period)
    warehouse.start_afresh(paths, period)
    found = [(table, *intake.resolve(paths, source, period, table=table.name)) for source, table in _tables()]
    shown = [(table, delivery) for table, delivery, _ in found if delivery and table.name in delivery.tables]
    harmed = lake.damages(paths, (delivery for _, delivery in shown))
    with warehouse.open_warehouse(paths, period) as connection:
        for table, delivery, is_stale in found:
            folder = delivery.tables.get(table.name) if delivery else None
            whole = None if folder in harmed else folder
            warehouse.show_table(connection, table, whole, period=period, is_stale=is_stale)
        warehouse.show_frame(connection, "cuadre__lake", lake.compare(connection, shown, harmed))
        files = ledger.deliveries_frame(paths, paths.origin, period)
        told = completeness.told(this.completeness, period, this.as_of, files)
        warehouse.show_frame(connection, "cuadre__deliveries", told)
        warehouse.show_frame(connection, "cuadre__close", _close_frame(this))
        warehouse.show_frame(connection, "cuadre__benchmark", results.load(paths.home))
        warehouse.show_frame(connection, "cuadre__published_leaks", _published_leaks(paths, period))
        warehouse.show_frame(connection, "cuadre__fiscal_ids", identity.fiscal_ids(connection))
        warehouse.show_frame(connection, "cuadre__gates", _gates(paths, this))
    standing.note(paths, period, "intake", "built")
    return judge_floor(paths, "intake", period)


def build_floor(paths: Paths, floor: str, period: str) -> dict[str, int | None]:
    """Build one floor of dbt on the floors below it, if they are those of this very close. Of the charges only the sources that
    changed since the close before are written again.

    Returns: model name → milliseconds.

    Raises:
        GateRefused: the month's warehouse holds another month, other deliveries, or floors that no gate has passed.
    """
    this = identify(paths, period)
    standing.expect(paths, period, this.close_id, below=floor)
    standing.note(paths, period, floor, None)
    unchanged: list[str] = []
    if floor == "marts":
        before = publish.closes(paths).get(period)
        unchanged = charges.keep_unchanged(paths, period, before, dict(this.deliveries), this.rules_version)
    timings = transform.build_floor(paths, floor, period, kept_sources=unchanged)
    standing.note(paths, period, floor, "built")
    return timings


def judge_floor(paths: Paths, floor: str, period: str) -> quality.Verdict:
    """Ask a floor's checklists whether what stands in the warehouse may pass, and keep the answers.

    After the reconciled floor the marts learn every verdict so far, and look-alike customers are proposed to a person.

    Raises:
        GateRefused: there is no such floor of this very close to judge.
    """
    this = identify(paths, period)
    standing.expect(paths, period, this.close_id, below=floor, built=floor)
    suites = importlib.import_module(f"expectations.{floor}").suites()
    verdict = quality.judge(
        paths,
        floor=floor,
        period=period,
        run_id=this.close_id,
        judged_at=this.as_of,
        database=lambda: warehouse.connect(paths, paths.warehouse(period), read_only=True),
        suites=suites,
    )
    quality.write_items(paths, verdict)
    standing.note(paths, period, floor, "passed" if verdict.passed else "built")
    if floor == "reconciled":
        with warehouse.open_warehouse(paths, period) as connection:
            warehouse.show_frame(connection, "cuadre__gates", _gates(paths, this))
            proposals.propose(paths, connection)
    return verdict


def publish_period(paths: Paths, period: str) -> publish.Release:
    """Publish what stands in the warehouse, if every gate of this very close has passed.

    Raises:
        GateRefused: a gate has not judged these deliveries, or has refused them. The last release stays as it is.
    """
    this = identify(paths, period)
    standing.expect(paths, period, this.close_id)
    missing = [
        floor
        for floor in quality.FLOORS
        if floor != "raw" and not quality.gate_passed(paths, period, floor, this.close_id)
    ]
    if missing:
        raise GateRefused(
            f"{period} is not published: the gate of {', '.join(missing)} has not passed these deliveries. Run the whole close."
        )
    asked_by = [this.close_id, *(raw_run_id(sha256) for _, sha256 in this.deliveries)]
    items = (
        quality.load_items(paths, period)
        .filter(pl.col("run_id").is_in(asked_by))
        .with_columns(pl.lit(this.close_id).alias("run_id"), pl.lit(this.as_of).alias("judged_at"))
    )
    made_from = {
        "close_id": this.close_id,
        "close_period": period,
        "manifest_sha256": this.manifest_sha256,
        "origin": this.origin,
        "rules_version": this.rules_version,
        "as_of": this.as_of.isoformat(),
        "deliveries": dict(this.deliveries),
        "benchmark": this.benchmark,
        "completeness": this.completeness.word,
        "provisional_because": this.completeness.because("en"),
        "inbox": watch.marks_read(paths, period),
    }
    release = publish.publish(paths, period, identity=made_from, checklist=items)
    quality.build_data_docs(paths)
    quality.write_pages(paths, period, items)
    return release


def close(paths: Paths, period: str) -> Outcome:
    """Run the job `close` for one month in this process, recorded in the home's Dagster history.

    Raises:
        WarehouseBusy: another close is writing this home.
    """
    # Before Dagster's storage is opened: two processes that set it up at once would both fail.
    with warehouse.sole_writer(paths):
        try:
            return _run(paths, period)
        except Exception as error:  # Dagster's own storage writes between the steps
            refusal = of_the_machine(error)
            if refusal is None:
                raise
            raise refusal from None


def _run(paths: Paths, period: str) -> Outcome:
    importlib.import_module("orchestration.definitions")
    gc.freeze()  # what is imported stays, and a million lines are read sooner when nobody looks through them so often
    gc.set_threshold(100_000)
    # Great Expectations takes two seconds to import: they pass while the first file is read, before its first gate asks for it.
    early = threading.Thread(target=importlib.import_module, args=("orchestration.quality.engine",), daemon=True)
    early.start()
    try:
        return _in_process(paths, period)
    finally:
        early.join()  # a process that ends in the middle of an import aborts, and its exit code is lost


def _in_process(paths: Paths, period: str) -> Outcome:
    import dagster as dg

    from orchestration.definitions import defs
    from orchestration.defs.home import Home, remember_months

    with dg.DagsterInstance.from_config(str(dagster_home(paths))) as instance:
        remember_months(instance, paths, period)
        result = defs.resolve_job_def("close").execute_in_process(
            partition_key=period,
            instance=instance,
            resources={"home": Home(path=str(paths.home), patience=0)},
            run_config=_QUIET,
            raise_on_error=False,
        )
        if result.success:
            return Outcome(period, CLOSED, release=publish.last_release(paths, period))
        return Outcome(period, *_why(result.all_events))


def last_run_seconds(paths: Paths) -> float:
    """How long the last run of this home took, as Dagster counts it."""
    import dagster as dg

    with dg.DagsterInstance.from_config(str(dagster_home(paths))) as instance:
        run = instance.get_run_records(limit=1)[0]
    return run.end_time - run.start_time


def dagster_home(paths: Paths) -> Path:
    """Dagster's folder in this home, made with a configuration that sends nothing out and runs one close at a time."""
    paths.dagster_home.mkdir(parents=True, exist_ok=True)
    file, wanted = (
        paths.dagster_home / "dagster.yaml",
        _DAGSTER.format(history=json.dumps(str(paths.dagster_home / "history"))),
    )
    if (
        not file.exists() or file.read_text() != wanted
    ):  # whoever reads it meanwhile finds the whole of the old or the new
        fresh = file.with_name(f".{file.name}.{os.getpid()}")
        fresh.write_text(wanted)
        fresh.replace(file)
    return _plainly_named(paths.dagster_home)


@functools.cache
def _plainly_named(folder: Path) -> Path:
    """The folder, by a name that Dagster can read its configuration under.

    Dagster takes the path of `dagster.yaml` for a pattern: in a home called `[1]` it finds none, and would send telemetry.
    """
    if glob.escape(str(folder)) == str(folder):
        return folder
    beside = Path(tempfile.mkdtemp(prefix="cuadre-"))
    atexit.register(shutil.rmtree, beside, ignore_errors=True)
    link = beside / "dagster"
    link.symlink_to(folder, target_is_directory=True)
    return link


_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""A run tells its story in the UI and in its reasons; the terminal belongs to whoever called."""

_DAGSTER = """\
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
event_log_storage:
  module: orchestration.history
  class: KeptOpenEventLog
  config:
    base_dir: {history}
run_storage:
  module: orchestration.history
  class: RunsWithOrigin
  config:
    base_dir: {history}
"""


def _why(events: Sequence) -> tuple[int, tuple[str, ...]]:
    """Exit code and words of a failed run. An unusable input outranks a refused gate: it is what to mend first."""
    codes, reasons = [], []
    for event in (event for event in events if event.is_step_failure):
        failure = event.step_failure_data
        if failure.user_failure_data is None:
            codes.append(GATE_REFUSED)
            reasons.append((failure.error.cause or failure.error).to_string())
            continue
        code = failure.user_failure_data.metadata.get("exit_code")
        codes.append(code.value if code else GATE_REFUSED)
        reasons.append(failure.user_failure_data.description)
    if not reasons:  # no step ever started
        ended = (event.job_failure_data.error for event in events if event.is_job_failure)
        reasons = [(error.cause or error).to_string() for error in ended if error]
    return max(codes, default=GATE_REFUSED), tuple(reasons)


def _tables() -> Iterator[tuple[Source, Table]]:
    return ((source, table) for source in SOURCES.values() for table in source.tables)


def _close_frame(this: Identity) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "close_period": [this.period],
            "close_id": [this.close_id],
            "origin": [this.origin],
            "manifest_sha256": [this.manifest_sha256],
            "rules_version": [this.rules_version],
            "as_of": [this.as_of],
            "completeness": [this.completeness.word],
            **{f"provisional_because_{lang}": [this.completeness.because(lang)] for lang in ("es", "pt", "en")},
            "has_ended": [this.completeness.has_ended],
            **{f"awaits_{kind}": [this.completeness.awaits(kind)] for kind in ("erp", "crm", "provider")},
        },
        schema_overrides={f"provisional_because_{lang}": pl.String for lang in ("es", "pt", "en")},
    )


def _published_leaks(paths: Paths, period: str) -> pl.DataFrame:
    """Leak ids of every earlier close, so that a finding that comes back keeps the period it was first seen."""
    files = [folder / "fct_leak.parquet" for name, folder in publish.closes(paths).items() if name < period]
    empty = pl.DataFrame(schema={"leak_id": pl.String, "close_period": pl.String})
    return pl.concat(
        [
            empty,
            *(
                pl.read_parquet(file, glob=False, columns=["leak_id", "close_period"])
                for file in files
                if file.exists()
            ),
        ]
    )


def _gates(paths: Paths, this: Identity) -> pl.DataFrame:
    """One row per floor, source and country that a blocking item of this close has judged so far."""
    items = quality.load_items(paths, this.period)
    return (
        items.filter((pl.col("severity") == "block") & pl.col("run_id").is_in([this.close_id]))
        .group_by("close_period", "floor", "source", "country")
        .agg(pl.col("passed").all())
        .sort("floor", "source", "country")
    )
