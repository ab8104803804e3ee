"""The data home as a Dagster resource, and the months it can close.

Lives here: partitions, the resource that holds the writer's lock for a whole run, and how a refusal is spoken in a run.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from orchestration import inbox, warehouse
from orchestration.errors import CuadreError
from orchestration.settings import Paths, load_paths

close_periods = dg.MonthlyPartitionsDefinition(start_date="2018-01", fmt="%Y-%m", end_offset=1)
"""Every calendar month since the oldest sample; the current month can be closed provisionally."""


def working_paths(home: str = "") -> Paths:
    """The data home to work on: the user's inbox, or the bundled sample while that is empty."""
    paths = Paths(home=Path(home), inbox=Path(home) / "inbox") if home else load_paths()
    return paths if inbox.periods(paths) else paths.on_sample()


class Home(dg.ConfigurableResource):
    """The data home of a run. While a run holds it, no other run can write there."""

    path: str = ""
    """Empty means the home named by `CUADRE_HOME`."""

    @property
    def paths(self) -> Paths:
        return working_paths(self.path)

    @contextlib.contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Home"]:
        with refusals(), warehouse.sole_writer(self.paths):
            yield self


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Let a run fail with the words and exit code of the refusal instead of a traceback."""
    try:
        yield
    except CuadreError as refusal:
        raise dg.Failure(str(refusal), metadata={"exit_code": refusal.exit_code}, allow_retries=False) from None
