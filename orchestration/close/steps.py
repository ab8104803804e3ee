"""The steps of closing one month.

Lives here: what each step of the job does to the warehouse. Does not: the declarations of the job's assets (defs), nor running
the job (host).
"""

from __future__ import annotations

import importlib

import polars as pl

from orchestration import floors, quality
from orchestration.close import benchmark, completeness, proposals, watch
from orchestration.close.identity import Identity, identify, tables
from orchestration.close.ingest import raw_run_id
from orchestration.errors import GateRefused
from orchestration.intake import lake, ledger, receive
from orchestration.publish import charges, closes, publish
from orchestration.settings import Paths
from orchestration.warehouse import database, fiscal_ids, raw_schema, standing, transform


def open_period(paths: Paths, period: str) -> quality.Verdict:
    """Build the warehouse's raw schema for one period from the lake, and judge the intake checklist."""
    this = identify(paths, period)
    database.start_afresh(paths, period)
    found = [(table, *receive.resolve(paths, source, period, table=table.name)) for source, table in tables()]
    shown = [(table, delivery) for table, delivery, _ in found if delivery and table.name in delivery.tables]
    harmed = lake.damages(paths, (delivery for _, delivery in shown))
    with database.open_warehouse(paths, period) as connection:
        for table, delivery, is_stale in found:
            folder = delivery.tables.get(table.name) if delivery else None
            whole = None if folder in harmed else folder
            raw_schema.show_table(connection, table, whole, period=period, is_stale=is_stale)
        raw_schema.show_frame(connection, "cuadre__lake", lake.compare(connection, shown, harmed))
        files = ledger.deliveries_frame(paths, paths.origin, period)
        told = completeness.told(this.completeness, period, this.as_of, files)
        raw_schema.show_frame(connection, "cuadre__deliveries", told)
        raw_schema.show_frame(connection, "cuadre__close", _close_frame(this))
        raw_schema.show_frame(connection, "cuadre__benchmark", benchmark.load(paths.home))
        raw_schema.show_frame(connection, "cuadre__published_leaks", _published_leaks(paths, period))
        raw_schema.show_frame(connection, "cuadre__fiscal_ids", fiscal_ids.fiscal_ids(connection))
        raw_schema.show_frame(connection, "cuadre__gates", _gates(paths, this))
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
        before = closes.closes(paths).get(period)
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
    suites = importlib.import_module(f"expectations.floors.{floor}").suites()
    verdict = quality.judge(
        paths,
        floor=floor,
        period=period,
        run_id=this.close_id,
        judged_at=this.as_of,
        database=lambda: database.connect(paths, paths.warehouse(period), read_only=True),
        suites=suites,
    )
    quality.write_items(paths, verdict)
    standing.note(paths, period, floor, "passed" if verdict.passed else "built")
    if floor == "reconciled":
        with database.open_warehouse(paths, period) as connection:
            raw_schema.show_frame(connection, "cuadre__gates", _gates(paths, this))
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
        for floor in floors.JUDGED
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
    files = [folder / "fct_leak.parquet" for name, folder in closes.closes(paths).items() if name < period]
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
