"""What a step says to Dagster: what it made, what its gate found, why it was refused.

Lives here: the order in which that is said, and what of it a run was asked for. Does not: the words of a check (checks) or the figures
of an asset (metadata).
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from orchestration import quality
from orchestration.defs import checks
from orchestration.errors import GATE_REFUSED, CuadreError, of_the_machine

Results = Iterator[dg.AssetCheckResult | dg.MaterializeResult]


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Let a run fail with the words and exit code of the refusal instead of a traceback."""
    try:
        yield
    except Exception as error:
        refusal = of_the_machine(error) or error
        if not isinstance(refusal, CuadreError):
            raise
        raise dg.Failure(str(refusal), metadata={"exit_code": refusal.exit_code}, allow_retries=False) from None


def judged(
    floor: str,
    keys: Sequence[dg.AssetKey],
    verdict: quality.Verdict,
    metadata: Mapping[tuple[str, ...], Mapping[str, Any]] | None = None,
) -> Results:
    """The assets of a floor, if its gate passed, then every check, so that Dagster knows what was judged.

    Args:
        metadata: what to show on an asset, by the parts of its key.

    Raises:
        Failure: the gate refused; the run ends with its reason.
    """
    for key in keys if verdict.passed else []:
        yield dg.MaterializeResult(asset_key=key, metadata=(metadata or {}).get(tuple(key.path), {}))
    yield from checks.floor_results(floor, keys, verdict)
    if not verdict.passed:
        raise dg.Failure(verdict.refused_reason, metadata={"exit_code": GATE_REFUSED}, allow_retries=False)


def selected(
    context: dg.AssetExecutionContext, results: Iterable[dg.AssetCheckResult | dg.MaterializeResult]
) -> Results:
    """What a run was asked for, of all that a step made.

    A delivery is replaced as a whole and a floor is built and judged as a whole, so a step that was asked for one table makes
    its others too: they are written to the run's log, because their assets would otherwise show what is no longer there. A run
    of checks alone judges, and makes nothing.
    """
    with _one_commit(context.instance):
        for result in results:
            if isinstance(result, dg.AssetCheckResult):
                event = _as_event(result)
                if event.asset_check_key in context.selected_asset_check_keys:
                    yield result
                else:
                    context.log_event(event)  # pyright: ignore[reportArgumentType]  Dagster logs it; its type leaves it out
            elif result.asset_key in context.selected_asset_keys:
                yield result
            elif context.selected_asset_keys and result.asset_key:
                context.log_event(
                    dg.AssetMaterialization(
                        asset_key=result.asset_key, partition=context.partition_key, metadata=result.metadata
                    )
                )


def _one_commit(instance: dg.DagsterInstance) -> contextlib.AbstractContextManager:
    """Where the home's own event log stores them (host), the events of all results of a step are one transaction."""
    return getattr(instance.event_log_storage, "together", contextlib.nullcontext)()


def _as_event(result: dg.AssetCheckResult) -> dg.AssetCheckEvaluation:
    if result.asset_key is None or result.check_name is None:
        raise ValueError("the result of a check names its asset and its check")
    return dg.AssetCheckEvaluation(
        asset_key=result.asset_key,
        check_name=result.check_name,
        passed=result.passed,
        metadata=result.metadata,
        severity=result.severity,
        description=result.description,
    )
