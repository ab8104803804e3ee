"""Running the job `close` in this process, for the command line, the benchmarks and the tests.

Lives here: one run, its lock, and how its events become an exit code and words. Does not: the job itself (defs), what its steps do
(close), nor where Dagster keeps its history (storage).
"""

from __future__ import annotations

import gc
import importlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.errors import CLOSED, GATE_REFUSED, CuadreError, of_the_machine
from orchestration.host.storage import dagster_home
from orchestration.publish import events, publish
from orchestration.settings import Paths
from orchestration.warehouse import lock


@dataclass(frozen=True)
class Outcome:
    """How a close ended."""

    period: str
    exit_code: int
    reasons: tuple[str, ...] = ()
    release: publish.Release | None = None


def close(paths: Paths, period: str) -> Outcome:
    """Run the job `close` for one month in this process, recorded in the home's Dagster history.

    Raises:
        WarehouseBusy: another close is writing this home.
        PeriodLocked: people locked the month.
    """
    # Before Dagster's storage is opened: two processes that set it up at once would both fail.
    with lock.sole_writer(paths):
        events.refuse_if_locked(paths, period)
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
    if run.start_time is None or run.end_time is None:
        raise CuadreError(f"the last run of {paths.home} has not ended")
    return run.end_time - run.start_time


_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""A run tells its story in the UI and in its reasons; the terminal belongs to whoever called."""


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
