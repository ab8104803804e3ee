"""The data home as a Dagster resource, and the months it can close.

Lives here: partitions, and the resource that holds the writer's lock for a whole run. Does not: which inbox a home is fed from (periods).
"""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
from dagster._core.errors import raise_execution_interrupts
from pydantic import Field, PrivateAttr

from orchestration.close import periods
from orchestration.close.identity import Identity, identify
from orchestration.defs.results import refusals
from orchestration.errors import CuadreError
from orchestration.intake import inbox
from orchestration.publish import events
from orchestration.settings import Paths, load_paths
from orchestration.warehouse import lock

_MONTHS = "months"
close_periods = dg.DynamicPartitionsDefinition(name=_MONTHS)
"""The months that the home knows: what lies in its inbox, and what it closed."""

PATIENCE = 60 * 60
"""Seconds that a run waits while another process closes a month in the same home."""


def working_paths(home: str = "") -> Paths:
    """A data home, by default that of `CUADRE_HOME`, with the inbox that it is fed from."""
    return periods.with_inbox(Paths(home=Path(home), inbox=Path(home) / "inbox") if home else load_paths())


def remember_months(instance: dg.DagsterInstance, paths: Paths, *more: str, forget: bool = False) -> None:
    """Make each month that the home knows a partition.

    Args:
        more: months to add although nothing lies there for them.
        forget: also take away the partitions that are no month of this home any more. Their runs stay.
    """
    wanted = sorted({*periods.known(paths), *more})
    if forget:
        for gone in set(instance.get_dynamic_partitions(_MONTHS)) - set(wanted):
            instance.delete_dynamic_partition(_MONTHS, gone)
    instance.add_dynamic_partitions(_MONTHS, wanted)


class Home(dg.ConfigurableResource):
    """The data home of a run. While a run holds it, no other run can write there."""

    path: str = Field(default="", description="Folder of the data home. Empty means the one named by CUADRE_HOME.")
    patience: int = Field(
        default=PATIENCE,
        description="Seconds to wait for another process that closes a month in the home. 0 refuses at once, as the command line does.",
    )
    _paths: Paths = PrivateAttr()

    @property
    def paths(self) -> Paths:
        """The home with the inbox that this run is fed from, which no file that comes meanwhile changes."""
        return self._paths

    @contextlib.contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Home"]:
        with refusals(), contextlib.ExitStack() as held:
            self._hold(context, held)
            self._paths = working_paths(self.path)
            for sentence in periods.passed_over(self._paths):
                _log(context).warning(f"Passed over in the inbox: {sentence}")
            yield self

    def _hold(self, context: dg.InitResourceContext, held: contextlib.ExitStack) -> None:
        """Take the right to write the home, and wait for it where another process has it."""
        paths = working_paths(self.path)
        try:
            held.enter_context(lock.sole_writer(paths))
        except lock.WarehouseBusy as busy:
            if not self.patience:
                raise
            _log(context).warning(f"Waiting for up to {self.patience // 60} minutes. {busy}")
            with raise_execution_interrupts():  # Dagster would keep a person's "Terminate" until the wait is over
                held.enter_context(lock.sole_writer(paths, patience=self.patience))
            _log(context).info("The home is free: this run goes on.")


def _log(context: dg.InitResourceContext) -> logging.Logger:
    """The run's log; Dagster gives none where a resource is used outside a run."""
    return context.log or dg.get_dagster_logger()


def close_of(context: dg.AssetExecutionContext, home: Home) -> Identity:
    """The close that a step works for, asked for once when the step begins.

    Raises:
        PeriodLocked: the month is locked, so nothing may be written for it.
    """
    period = month_of(context)
    events.refuse_if_locked(home.paths, period)
    return identify(home.paths, period)


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
