"""Data Docs: the verdicts as a static site that an auditor can read without us.

Lives here: keeping GX results and building the site from them. Does not: judge. Bounded: only the last result of each
(period, suite) is kept.
"""

from __future__ import annotations

import logging
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.quality.model import Suite
from orchestration.settings import Paths

_log = logging.getLogger(__name__)


def keep(paths: Paths, period: str, run_id: str, judged_at: datetime, suite: Suite, result: Any) -> None:
    """Keep one suite's GX result, in place of the last one about the same period."""
    if result is None:
        return
    from great_expectations.core import RunIdentifier
    from great_expectations.data_context.types.resource_identifiers import (
        ExpectationSuiteIdentifier,
        ValidationResultIdentifier,
    )

    from orchestration.quality import engine

    run = RunIdentifier(run_name=period, run_time=judged_at)
    result.meta |= {"run_id": run, "validation_time": judged_at, "cuadre_run": run_id}
    shutil.rmtree(_results(paths) / suite.name / period, ignore_errors=True)
    name = ExpectationSuiteIdentifier(suite.name)
    engine.context(paths.quality).validation_results_store.store_validation_results(
        suite_validation_result=result,
        suite_validation_result_identifier=ValidationResultIdentifier(name, run, suite.relation.replace(".", "-")),
        expectation_suite_identifier=name,
    )


def build_data_docs(paths: Paths) -> Path | None:
    """Build the site from every kept result. Returns its first page.

    The site is built after the month was published, which it must not undo: what keeps it from being built is told as a warning, in
    words, and None is returned.
    """
    from orchestration.quality import engine, rules  # noqa: F401  a result's page asks for its expectation

    shutil.rmtree(paths.quality / "data_docs", ignore_errors=True)
    try:
        engine.context(paths.quality).build_data_docs()
    except Exception as failure:  # whatever Great Expectations or the disk does here, the figures are out
        _log.warning(
            "The Data Docs in %s could not be built (%s). The month is published and its checklists are in fct_checklist_item; "
            "the next close builds the site again.",
            paths.quality / "data_docs",
            str(failure).strip().split("\n")[0] or type(failure).__name__,
        )
        return None
    return paths.quality / "data_docs" / "index.html"


def _results(paths: Paths) -> Path:
    return paths.quality / "results"
