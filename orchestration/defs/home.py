"""The data home as a Dagster resource, and the months it can close.

Lives here: partitions, the resource that holds the writer's lock for a whole run, and how a refusal is spoken in a run.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
from dagster._core.errors import raise_execution_interrupts

from orchestration.close import periods
from orchestration.errors import CuadreError, of_the_machine
from orchestration.intake import inbox
from orchestration.settings import Paths, load_paths
from orchestration.warehouse import lock

close_periods = dg.DynamicPartitionsDefinition(name="months")
"""The months that the home knows: what lies in its inbox, and what it closed."""

PATIENCE = 60 * 60
"""Seconds that a run waits while another process closes a month in the same home."""


def working_paths(home: str = "") -> Paths:
    """The data home to work on: the user's inbox, or the bundled sample while nothing at all lies there."""
    paths = Paths(home=Path(home), inbox=Path(home) / "inbox") if home else load_paths()
    return paths if periods.known(paths) or periods.passed_over(paths) else paths.on_sample()


def remember_months(instance: dg.DagsterInstance, paths: Paths, *more: str, forget: bool = False) -> None:
    """Make each month that the home knows a partition.

    Args:
        more: months to add although nothing lies there for them.
        forget: also take away the partitions that are no month of this home any more. Their runs stay.
    """
    wanted = sorted({*periods.known(paths), *more})
    if forget:
        for gone in set(instance.get_dynamic_partitions(close_periods.name)) - set(wanted):
            instance.delete_dynamic_partition(close_periods.name, gone)
    instance.add_dynamic_partitions(close_periods.name, wanted)


class Home(dg.ConfigurableResource):
    """The data home of a run. While a run holds it, no other run can write there."""

    path: str = ""
    """Empty means the home named by `CUADRE_HOME`."""
    patience: int = PATIENCE
    """Seconds to wait for another process that holds the home. The command line does not wait: a person is told at once."""

    @property
    def paths(self) -> Paths:
        return working_paths(self.path)

    @contextlib.contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Home"]:
        with refusals(), contextlib.ExitStack() as held:
            paths = self.paths
            try:
                held.enter_context(lock.sole_writer(paths))
            except lock.WarehouseBusy as busy:
                if not self.patience:
                    raise
                context.log.warning(f"Waiting for up to {self.patience // 60} minutes. {busy}")
                with raise_execution_interrupts():  # Dagster would keep a person's "Terminate" until the wait is over
                    held.enter_context(lock.sole_writer(paths, patience=self.patience))
                context.log.info("The home is free: this run goes on.")
            for told in periods.passed_over(paths):
                context.log.warning(f"Passed over in the inbox: {told}")
            yield self


def month_of(context: dg.AssetExecutionContext) -> str:
    """The month of a run. The UI lets a person add a partition of any name.

    Raises:
        CuadreError: the partition is no month.
    """
    if not inbox.PERIOD.fullmatch(context.partition_key):
        raise CuadreError(
            f"The partition {context.partition_key!r} is no month, so nothing was done: name it like 2026-10, as its folders in the inbox."
        )
    return context.partition_key


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


def as_selected(
    context: dg.AssetExecutionContext, made: Iterator[dg.AssetCheckResult | dg.MaterializeResult]
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult]:
    """What a run was asked for, of all that a step made.

    A delivery is replaced as a whole and a floor is built and judged as a whole, so a step that was asked for one table makes
    its others too: they are written to the run's log, because their assets would otherwise show what is no longer there. A run
    of checks alone judges, and makes nothing.
    """
    for result in made:
        if isinstance(result, dg.AssetCheckResult):
            if dg.AssetCheckKey(result.asset_key, result.check_name) in context.selected_asset_check_keys:
                yield result
            else:
                context.log_event(
                    dg.AssetCheckEvaluation(
                        asset_key=result.asset_key,
                        check_name=result.check_name,
                        passed=result.passed,
                        metadata=result.metadata,
                        severity=result.severity,
                        description=result.description,
                    )
                )
        elif result.asset_key in context.selected_asset_keys:
            yield result
        elif context.selected_asset_keys:
            context.log_event(
                dg.AssetMaterialization(
                    asset_key=result.asset_key, partition=context.partition_key, metadata=result.metadata
                )
            )
