"""Judging: checklists go in, a verdict comes out.

Lives here: running a suite through Great Expectations and refusing whatever was not truly judged. Does not: any rule
(expectations), nor where verdicts are kept (items). A suite that judged nothing, an item that GX dropped and an
expectation that raised are refusals, never passes.
"""

from __future__ import annotations

import contextlib
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import CuadreError, GateRefused, of_the_machine
from orchestration.quality import countries, evidence
from orchestration.quality.model import Floor, Item, ItemResult, Suite, Verdict
from orchestration.settings import Paths

Database = duckdb.DuckDBPyConnection | Path | Callable[[], duckdb.DuckDBPyConnection]
"""An open connection (left open), a DuckDB file (opened read-only), or a way to open one (closed at the end)."""


def judge(
    paths: Paths,
    floor: Floor,
    period: str,
    run_id: str,
    judged_at: datetime,
    database: Database,
    suites: Sequence[Suite],
) -> Verdict:
    """Judge one floor by its checklists, inside DuckDB.

    Args:
        paths: the data home; rows that fail are left under `rejected/<period>/<floor>/`.
        run_id: who asks. Goes into each item, with `judged_at`; nothing here reads the clock.
        database: the database that holds the suites' relations.
        suites: the checklists. None at all is a refusal.

    Raises:
        GateRefused: it could not judge at all; said in one sentence, the traceback beside the failed rows.
        HomeUnwritable: the disk is full, or the home may not be written.
    """
    try:
        return Verdict(floor, period, run_id, tuple(_judged(paths, period, run_id, judged_at, database, suites)))
    except CuadreError:
        raise
    except Exception as failure:  # whatever it is, nothing was judged: a person needs words, and nothing may pass
        raise of_the_machine(failure) or GateRefused(_unable(paths, floor, period, failure)) from failure


def _judged(
    paths: Paths, period: str, run_id: str, judged_at: datetime, database: Database, suites: Sequence[Suite]
) -> Iterator[ItemResult]:
    from orchestration.quality import docs, engine

    with _opened(database) as connection, engine.datasource(paths.quality, connection) as source:
        for suite in suites:
            stamp = _Stamp(suite, period, run_id, judged_at)
            if not suite.items:
                yield stamp.nothing("the suite has no item", "Give the suite at least one item.")
                continue
            results, failure = _validate(source, suite)
            judged = [_item(paths, connection, stamp, item, results.get(item.item_id), failure) for item in suite.items]
            yield from countries.split(connection, suite, judged)
            if not suite.may_be_empty and not any(item.evaluated_count for item in judged):
                yield stamp.nothing(f"{suite.relation} has no row", "Deliver the data, or find where it was lost.")
            docs.keep(paths, period, run_id, judged_at, suite, results.result)


def _unable(paths: Paths, floor: str, period: str, failure: Exception) -> str:
    """Why a gate could not judge, and what to do."""
    told = f"The {floor} gate of {period} could not judge ({_first_line(failure)}), so nothing behind it was built or published."
    kept = paths.rejected / period / floor / "traceback.txt"
    with contextlib.suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        lines = traceback.format_exception(failure)
        kept.write_text("".join(lines), encoding="utf-8", errors="backslashreplace")
    return f"{told} Close again; should it happen again, send {kept} to whoever keeps the checklists."


class _Results(dict[str, Any]):
    """GX results by item id, and the whole result they came from."""

    result: Any = None


def _validate(source: Any, suite: Suite) -> tuple[_Results, str]:
    """One GX validation. Returns results by item id, and why there are none where GX itself failed."""
    import great_expectations as gx

    schema, _, table = suite.relation.partition(".")
    expectations = [
        item.expectation.copy(
            update={
                "meta": {"item": item.item_id, "severity": item.severity, "why": item.why, "remedy": item.remedy},
                "description": f"[{item.severity}] {item.item_id}: {item.title_es} / {item.title_pt} / {item.title_en}",
            }
        )
        for item in suite.items
    ]
    found = _Results()
    try:
        with warnings.catch_warnings():
            # GX would have the schema in the connection; one DuckDB holds the schemas of every floor
            warnings.filterwarnings("ignore", message="`schema_name` is deprecated")
            asset = source.add_table_asset(suite.name, table_name=table, schema_name=schema)
        batch = asset.add_batch_definition_whole_table("all").get_batch()
        found.result = batch.validate(gx.ExpectationSuite(name=suite.name, expectations=expectations))
    except Exception as failure:  # noqa: BLE001  whatever GX meets here means that nothing was judged, which the caller refuses
        return found, _first_line(failure)
    for result in found.result.results:
        found[result.expectation_config.meta["item"]] = result
    return found, "Great Expectations dropped the item"


def _item(
    paths: Paths, connection: duckdb.DuckDBPyConnection, stamp: _Stamp, item: Item, result: Any, failure: str
) -> ItemResult:
    if result is None:
        return stamp.item(item, passed=False, could_not=failure)
    raised = _raised(result.exception_info)
    if raised or "observed_value" not in result.result and "unexpected_count" not in result.result:
        return stamp.item(item, passed=False, could_not=raised or "the expectation returned no count")
    evaluated = int(result.result["element_count"])
    failed = int(result.result.get("observed_value", result.result.get("unexpected_count", 0)))
    observed = f"{failed} of {evaluated}" if evaluated else "nothing to judge"
    path = None
    try:
        if result.success:
            evidence.drop(paths, stamp.period, stamp.suite, item)
        else:
            observed += evidence.price(connection, stamp.suite.relation, item)
            path = evidence.keep(paths, stamp.period, stamp.suite, item, failed, connection)
    except duckdb.Error as error:  # a row that can be counted and not be read, such as a sum beyond its type
        if of_the_machine(error):
            raise
        return stamp.item(
            item, passed=False, evaluated=evaluated, failed=failed, could_not=f"{observed}, and {_first_line(error)}"
        )
    return stamp.item(
        item, passed=bool(result.success), evaluated=evaluated, failed=failed, observed=observed, evidence_path=path
    )


class _Stamp:
    """What every result of one suite in one run has in common."""

    def __init__(self, suite: Suite, period: str, run_id: str, judged_at: datetime):
        self.suite, self.period, self.run_id, self.judged_at = suite, period, run_id, judged_at

    def item(
        self,
        item: Item,
        *,
        passed: bool,
        evaluated: int = 0,
        failed: int = 0,
        observed: str = "",
        evidence_path: str | None = None,
        could_not: str = "",
    ) -> ItemResult:
        return ItemResult(
            run_id=self.run_id,
            judged_at=self.judged_at,
            close_period=self.period,
            floor=self.suite.floor,
            suite=self.suite.name,
            item_id=item.item_id,
            title_es=item.title_es,
            title_pt=item.title_pt,
            title_en=item.title_en,
            why=item.why,
            stage=item.stage,
            cause_7m=item.cause_7m,
            owner_role=item.owner_role,
            severity="block" if could_not else item.severity,
            source=self.suite.source,
            country=None,
            passed=passed,
            evaluated_count=evaluated,
            failed_count=failed,
            observed=f"could not be judged: {could_not}" if could_not else observed,
            expected=item.expectation.expected,
            evidence_path=evidence_path,
            remedy=item.remedy,
        )

    def nothing(self, observed: str, remedy: str) -> ItemResult:
        """The refusal of a suite that judged nothing."""
        return ItemResult(
            run_id=self.run_id,
            judged_at=self.judged_at,
            close_period=self.period,
            floor=self.suite.floor,
            suite=self.suite.name,
            item_id=f"{self.suite.name}.judged_something",
            title_es="La lista de control juzgó al menos una fila",
            title_pt="A lista de controle julgou ao menos uma linha",
            title_en="The checklist judged at least one row",
            why="A control that looks at nothing would pass whatever the data says.",
            stage=5,
            cause_7m="MD",
            owner_role="data_team",
            severity="block",
            source=self.suite.source,
            country=None,
            passed=False,
            evaluated_count=0,
            failed_count=0,
            observed=observed,
            expected="at least one row judged",
            evidence_path=None,
            remedy=remedy,
        )


def _raised(info: dict[str, Any]) -> str:
    """The message of an exception inside an expectation, in either shape that GX gives it."""
    if "raised_exception" in info:
        return _first_line(info["exception_message"]) if info["raised_exception"] else ""
    return next((_first_line(each["exception_message"]) for each in info.values() if each["raised_exception"]), "")


def _first_line(failure: object) -> str:
    return str(failure).strip().split("\n")[0][:300] or type(failure).__name__


@contextlib.contextmanager
def _opened(database: Database) -> Iterator[duckdb.DuckDBPyConnection]:
    if isinstance(database, duckdb.DuckDBPyConnection):
        yield database
        return
    connection = duckdb.connect(str(database), read_only=True) if isinstance(database, Path) else database()
    try:
        yield connection
    finally:
        connection.close()
