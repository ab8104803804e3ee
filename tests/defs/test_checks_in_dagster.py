"""What the Dagster UI shows of a checklist is what the checklist found, on the asset that it judged."""

from __future__ import annotations

import importlib

import dagster as dg
import pytest

from orchestration import quality
from orchestration.close import checklists
from orchestration.contracts import SOURCES
from orchestration.defs import checks
from orchestration.errors import Fault, GateRefused, InputUnusable
from orchestration.quality.rules import every_row
from orchestration.settings import load_paths

VENDOR = SOURCES["vendor"]
WARN, ERROR = dg.AssetCheckSeverity.WARN, dg.AssetCheckSeverity.ERROR


@pytest.fixture
def found(database, judge, item):
    """The raw gate's check on the vendor's table, where `severity → holds` are its items, over three rows."""
    database.execute(
        "create schema raw; create table raw.t as select unnest([1, 2, 3]) as source_row, 'USD' as currency"
    )

    def run(**held: bool) -> dg.AssetCheckResult:
        items = tuple(
            item(
                every_row("true" if holds else "source_row = 1"),
                f"raw.t.{severity}",
                severity,
                priced_by=("source_row", "currency"),
            )
            for severity, holds in held.items()
        )
        verdict = judge(quality.Suite("raw", "raw.vendor__licence_charges", "raw.t", items))
        (result,) = checks.raw_results(VENDOR, "2026-10", "accepted", verdict.items)
        return result

    return run


@pytest.mark.parametrize(
    ("held", "passed", "severity"),
    [
        ({"block": True, "warn": True, "report": True}, True, None),
        ({"block": True, "warn": True, "report": False}, True, None),
        ({"block": True, "warn": False, "report": False}, False, WARN),
        ({"block": False, "warn": False, "report": True}, False, ERROR),
        ({"block": False, "warn": True}, False, ERROR),
    ],
)
def test_a_check_is_as_grave_as_the_gravest_item_that_failed(found, held, passed, severity):
    result = found(**held)
    assert result.passed is passed
    assert passed or result.severity == severity
    assert result.asset_key == dg.AssetKey(["vendor", "licence_charges"])
    told = result.metadata.get("not held")
    failed = [severity for severity in ("block", "warn", "report") if held.get(severity) is False]
    assert [record.data["severity"] for record in told.records] == failed if failed else told is None


def test_the_table_of_what_failed_says_what_how_much_where_and_what_to_do(found, paths):
    # the rows 2 and 3 break the rule: 2 + 3 = 5
    result = found(block=True, warn=False)
    (record,) = result.metadata["not held"].records
    assert record.data == {
        "severity": "warn",
        "title": "The amount is known",
        "observed": "2 of 3 for USD 5",
        "failed_rows": 2,
        "remedy": "Ask the provider for the amount.",
        "item": "raw.t.warn",
        "rows": "rejected/2026-10/raw/raw.t.warn.csv",
    }
    assert (paths.home / record.data["rows"]).exists()
    assert result.description == "2026-10: 1 warned of 2 items. The amount is known: 2 of 3 for USD 5."
    assert result.metadata["items"].value == "1 of 2 held"


def test_a_header_that_differs_shows_yellow_on_the_mart_of_conservation_while_its_floor_passes(database, judge):
    # header 130 − lines 100 = 30, named by a finding: the item warns, the floor's gate lets it pass
    from expectations.floors import marts

    database.execute("create schema marts; create table marts.fct_leak (class_code text, provider_invoice_id text)")
    database.execute("insert into marts.fct_leak values ('EX11', 'F1')")
    database.execute(
        "create table marts.fct_conservation as select 'provider' as side, 'aws' as provider, '2026-10' as close_period, "
        "'F1' as invoice_id, 'PEN' as currency, 1 as line_count, 100::decimal(38,12) as line_total, "
        "130::decimal(38,12) as header_total, 100::decimal(38,12) as bucket_total, 0::decimal(38,12) as unexplained_total, "
        "1::decimal(38,12) as tolerance, true as is_conserved"
    )
    verdict = judge(next(suite for suite in marts.suites() if suite.relation == "marts.fct_conservation"))
    key = dg.AssetKey(["marts", "fct_conservation"])
    told = {result.check_name: result for result in checks.floor_results("marts", [key], verdict)}
    assert verdict.passed
    assert (told["fct_conservation"].passed, told["fct_conservation"].severity) == (False, WARN)
    assert "header" in told["fct_conservation"].metadata["not held"].records[0].data["item"]
    assert told["marts_gate"].passed
    assert "1 warned" in told["marts_gate"].description


@pytest.mark.parametrize("floor", ["intake", "staging", "focus", "reconciled", "marts"])
def test_every_checklist_has_one_check_and_only_the_floors_gate_stops_a_run(floor):
    import orchestration.definitions  # noqa: F401  the assets that checks stand on

    judged = {suite.name: suite for suite in importlib.import_module(f"expectations.floors.{floor}").suites()}
    known = checklists.of_floor(load_paths(), floor)
    assert {one.suite: (one.relation, one.items) for one in known} == {
        name: (suite.relation, len(suite.items)) for name, suite in judged.items()
    }
    keys = [dg.AssetKey(one.relation.split(".")) for one in known]
    specs = checks.floor_specs(floor, keys)
    own = [spec for spec in specs if not spec.blocking]
    assert {(spec.asset_key, spec.name) for spec in own} == {
        (dg.AssetKey(suite.relation.split(".")), name.split(".", 1)[1]) for name, suite in judged.items()
    }
    assert {spec.name for spec in specs if spec.blocking} == {f"{floor}_gate"}


def test_each_check_of_the_code_location_stands_on_the_asset_that_its_checklist_judges():
    from orchestration.definitions import defs

    graph = defs.resolve_asset_graph()
    for floor in ("staging", "focus", "reconciled", "marts"):
        for one in checklists.of_floor(load_paths(), floor):
            key = dg.AssetCheckKey(dg.AssetKey(one.relation.split(".")), one.suite.split(".", 1)[1])
            assert key in graph.asset_check_keys, key


def test_a_checklist_that_nobody_judged_is_not_green(judge, database, item):
    database.execute("create schema raw; create table raw.t as select 1 as source_row")
    verdict = judge(quality.Suite("raw", "another", "raw.t", (item(every_row("true")),)))
    key = dg.AssetKey(["reconciled", "int_leaks"])
    told = {result.check_name: result for result in checks.floor_results("reconciled", [key], verdict)}
    assert not told["leaks"].passed
    assert "not judged" in told["leaks"].description


def test_a_delivery_that_cannot_be_read_fails_the_check_of_its_tables_with_every_fault():
    fault = Fault("vendor/2026-10/a.csv", "is not a number", "Correct it.", line=7, column="amount", value="x")
    (result,) = checks.refused_results(VENDOR, "2026-10", InputUnusable([fault]))
    assert (result.passed, result.severity) == (False, ERROR)
    (record,) = result.metadata["what is wrong"].records
    assert record.data == {
        "file": "vendor/2026-10/a.csv", "line": "7", "column": "amount", "value": "x", "reason": "is not a number",
        "remedy": "Correct it.",
    }  # fmt: skip
    assert "line 7" in result.description


def test_a_refusal_without_a_checklist_says_its_words():
    (result,) = checks.refused_results(VENDOR, "2026-10", GateRefused("the lake lost a part"))
    assert not result.passed
    assert result.description == "2026-10: refused. the lake lost a part"


def test_what_was_judged_before_is_told_again_and_what_never_came_says_so(paths, judge, database, item):
    database.execute("create schema raw; create table raw.t as select 1 as source_row")
    verdict = judge(
        quality.Suite("raw", "raw.vendor__licence_charges", "raw.t", (item(every_row("false"), "x", "warn"),))
    )
    quality.write_items(paths, verdict)
    kept = quality.kept_items(paths, "2026-10", "raw", "run-1")
    assert kept == verdict.items
    assert quality.kept_items(paths, "2026-10", "raw", "run-2") == ()
    (never,) = checks.raw_results(VENDOR, "2026-10", "missing", ())
    assert never.description == "2026-10: not delivered; nothing was judged."
