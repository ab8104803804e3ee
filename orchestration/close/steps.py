"""The steps of closing one month.

Lives here: what each step of the job does to the warehouse. Does not: the declarations of the job's assets (defs), nor running
the job (host). A step is given the close's identity by its caller, who asks for it once when the step begins: a step that is
started alone, days after the others, then finds out that a delivery or a rule has changed.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import polars as pl

from orchestration import floors, quality
from orchestration.close import benchmark, completeness, proposals, watch
from orchestration.close.identity import Identity, tables
from orchestration.close.ingest import raw_run_id
from orchestration.errors import GateRefused
from orchestration.floors import Floor
from orchestration.intake import lake, ledger, receive
from orchestration.publish import charges, closes, publish
from orchestration.settings import Paths
from orchestration.warehouse import database, fiscal_ids, raw_schema, standing, transform


def open_warehouse(paths: Paths, close: Identity) -> quality.Verdict:
    """Make the month's warehouse anew, with the raw schema that the lake gives, and judge the intake checklist."""
    period = close.period
    database.remove_warehouse(paths, period)
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
        listed = completeness.with_absent_sources(files, close.completeness, period, close.as_of)
        raw_schema.show_frame(connection, "cuadre__deliveries", listed)
        raw_schema.show_frame(connection, "cuadre__close", _close_frame(close))
        raw_schema.show_frame(connection, "cuadre__benchmark", benchmark.load(paths.home))
        raw_schema.show_frame(connection, "cuadre__published_leaks", _published_leaks(paths, period))
        raw_schema.show_frame(connection, "cuadre__fiscal_ids", fiscal_ids.fiscal_ids(connection))
    standing.note(paths, period, "intake", "built")
    return judge_floor(paths, "intake", close)


def build_floor(paths: Paths, floor: str, close: Identity) -> dict[str, int | None]:
    """Build one floor of dbt on the floors below it, if they are those of this very close. Of the charges only the sources that
    changed since the close before are written again.

    Returns: model name → milliseconds.

    Raises:
        GateRefused: the month's warehouse holds another month, other deliveries, or floors that no gate has passed.
    """
    period = close.period
    standing.expect(paths, period, close.close_id, below=floor, built="gates" if floor == "marts" else None)
    standing.note(paths, period, floor, None)
    unchanged: list[str] = []
    if floor == "marts":
        before = closes.closes(paths).get(period)
        unchanged = charges.keep_unchanged(paths, period, before, dict(close.deliveries), close.rules_version)
    timings = transform.build_floor(paths, floor, period, kept_sources=unchanged)
    standing.note(paths, period, floor, "built")
    return timings


def judge_floor(paths: Paths, floor: Floor, close: Identity) -> quality.Verdict:
    """Ask a floor's checklists whether what stands in the warehouse may pass, and keep the answers.

    Raises:
        GateRefused: there is no such floor of this very close to judge.
    """
    period = close.period
    standing.expect(paths, period, close.close_id, below=floor, built=floor)
    suites = importlib.import_module(f"expectations.floors.{floor}").suites()
    verdict = quality.judge(
        paths,
        floor=floor,
        period=period,
        run_id=close.close_id,
        judged_at=close.as_of,
        database=lambda: database.connect(paths, paths.warehouse(period), read_only=True),
        suites=suites,
    )
    quality.write_items(paths, verdict)
    standing.note(paths, period, floor, "passed" if verdict.passed else "built")
    return verdict


def write_gates(paths: Paths, close: Identity) -> int:
    """Tell the marts what the gates of the floors below them said, as the table `raw.cuadre__gates`.

    Returns: rows of the table.

    Raises:
        GateRefused: one of these floors does not stand, or its gate has not passed.
    """
    standing.expect(paths, close.period, close.close_id, below="marts")
    gates = _gates(paths, close)
    with database.open_warehouse(paths, close.period) as connection:
        raw_schema.show_frame(connection, "cuadre__gates", gates)
    standing.note(paths, close.period, "gates", "built")
    return gates.height


def propose_customers(paths: Paths, close: Identity) -> Path | None:
    """Write the look-alike customers of charges that found none, for a person to judge.

    Returns: the file, or None where every charge has a customer.

    Raises:
        GateRefused: the reconciled floor of this very close does not stand, or its gate has not passed.
    """
    standing.expect(paths, close.period, close.close_id, below="marts")
    with database.open_warehouse(paths, close.period, read_only=True) as connection:
        return proposals.propose(paths, connection)


def publish_close(paths: Paths, close: Identity) -> publish.Release:
    """Publish what stands in the warehouse, if every gate of this very close has passed.

    Raises:
        GateRefused: a gate has not judged these deliveries, or has refused them. The last release stays as it is.
    """
    period = close.period
    standing.expect(paths, period, close.close_id)
    missing = [
        floor
        for floor in floors.JUDGED
        if floor != "raw" and not quality.gate_passed(paths, period, floor, close.close_id)
    ]
    if missing:
        raise GateRefused(
            f"{period} is not published: the gate of {', '.join(missing)} has not passed these deliveries. Run the whole close."
        )
    asked_by = [close.close_id, *(raw_run_id(sha256) for _, sha256 in close.deliveries)]
    items = (
        quality.load_items(paths, period)
        .filter(pl.col("run_id").is_in(asked_by))
        .with_columns(pl.lit(close.close_id).alias("run_id"), pl.lit(close.as_of).alias("judged_at"))
    )
    made_from = {
        "close_id": close.close_id,
        "close_period": period,
        "manifest_sha256": close.manifest_sha256,
        "origin": close.origin,
        "rules_version": close.rules_version,
        "as_of": close.as_of.isoformat(),
        "deliveries": dict(close.deliveries),
        "benchmark": close.benchmark,
        "completeness": close.completeness.word,
        "provisional_because": close.completeness.because("en"),
        "inbox": watch.marks_read(paths, period),
    }
    release = publish.publish(paths, period, identity=made_from, checklist=items)
    quality.build_data_docs(paths)
    quality.write_pages(paths, period, items)
    return release


def _close_frame(close: Identity) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "close_period": [close.period],
            "close_id": [close.close_id],
            "origin": [close.origin],
            "manifest_sha256": [close.manifest_sha256],
            "rules_version": [close.rules_version],
            "as_of": [close.as_of],
            "completeness": [close.completeness.word],
            **{f"provisional_because_{lang}": [close.completeness.because(lang)] for lang in ("es", "pt", "en")},
            "has_ended": [close.completeness.has_ended],
            **{f"awaits_{kind}": [close.completeness.awaits(kind)] for kind in ("erp", "crm", "provider")},
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


def _gates(paths: Paths, close: Identity) -> pl.DataFrame:
    """One row per floor below the marts, source and country that a blocking item of this close has judged."""
    below = floors.IN_WAREHOUSE[: floors.IN_WAREHOUSE.index("marts")]
    items = quality.load_items(paths, close.period)
    return (
        items.filter(pl.col("severity") == "block", pl.col("run_id") == close.close_id, pl.col("floor").is_in(below))
        .group_by("close_period", "floor", "source", "country")
        .agg(pl.col("passed").all())
        .sort("floor", "source", "country")
    )
