"""Where things are.

Lives here: the one reading of the environment, and the paths derived from it. Does not: anything that opens a file.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from orchestration.errors import CuadreError
from orchestration.ground import machine

_PACKAGE = Path(__file__).resolve().parent
_IN_THE_WHEEL = _PACKAGE / "bundled"

PROJECT = _PACKAGE.parent
"""The folder of the code: the checkout, or where a wheel was installed."""

BUNDLED = _IN_THE_WHEEL if _IN_THE_WHEEL.is_dir() else PROJECT
"""The folder of the models and the sample: the checkout, or a folder inside the installed package. pyproject.toml fills it."""

MEMORY_SHARE = Decimal("0.25")
"""Of the memory that a process may count on; the rest is for Polars, dbt and whoever else works on the machine."""

ENOUGH_MEMORY = 2 << 30
"""More makes no close faster (10 million lines, 2026-11), so more is taken only where someone asks for it."""

LEAST_MEMORY = 256 << 20
"""Below it DuckDB refuses even a small month."""


@dataclass(frozen=True)
class Paths:
    """Every folder of one data home. Nothing here is created until something is written."""

    home: Path
    inbox: Path

    @property
    def lake(self) -> Path:
        """Typed Parquet of every accepted delivery, and the ledger that names them."""
        return self.home / "lake"

    @property
    def rejected(self) -> Path:
        """What was refused, with the reason, rows and line numbers."""
        return self.home / "rejected"

    @property
    def warehouses(self) -> Path:
        """One DuckDB file for each month closed lately."""
        return self.home / "warehouse"

    def warehouse(self, period: str) -> Path:
        """The DuckDB file that dbt builds for one month. May be deleted at any time: the lake rebuilds it."""
        return self.warehouses / f"{period}.duckdb"

    @property
    def published(self) -> Path:
        """A link to the newest release: `cuadre.duckdb`, the same tables as Parquet below `marts/`, and their hashes. BI opens only this."""
        return self.home / "published"

    @property
    def releases(self) -> Path:
        """Finished releases; `published` points at one of them, so a reader never sees half a close."""
        return self.home / "releases"

    @property
    def quality(self) -> Path:
        """Verdicts of the gates and the Data Docs site."""
        return self.home / "quality"

    @property
    def review(self) -> Path:
        """What a person is asked to decide: proposals that nothing applies by itself."""
        return self.home / "review"

    @property
    def scratch(self) -> Path:
        """Work in progress; emptied by the next run after a kill."""
        return self.home / "scratch"

    @property
    def spill(self) -> Path:
        """Where DuckDB puts what does not fit into its memory."""
        return self.scratch / "spill"

    @property
    def dagster_home(self) -> Path:
        """Dagster's run history."""
        return self.home / ".dagster"

    @property
    def dbt_target(self) -> Path:
        """dbt's compiled output."""
        return self.home / ".dbt"

    @property
    def is_sample(self) -> bool:
        """Whether this home closes the bundled sample instead of the user's inbox."""
        return self.inbox == samples() / "inbox"

    @property
    def origin(self) -> str:
        """Which inbox a delivery came from; sample deliveries never reach a real close."""
        return "sample" if self.is_sample else "inbox"

    def on_sample(self) -> Paths:
        """The same home, fed by the bundled sample."""
        return replace(self, inbox=samples() / "inbox")


def silence() -> None:
    """Switch off what Dagster, dbt and Great Expectations would send to their makers, whatever this machine's user has set."""
    os.environ |= {
        "DAGSTER_DISABLE_TELEMETRY": "true",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
    }


def samples() -> Path:
    """The bundled sample files, with their licences and provenance."""
    return BUNDLED / "data" / "samples"


def dbt_project() -> Path:
    """The dbt project folder."""
    return BUNDLED / "dbt_project"


def load_paths() -> Paths:
    """Paths of the data home: `CUADRE_HOME`; without it `data/` of the checkout, or of the current folder for an installed wheel."""
    beside = PROJECT if BUNDLED == PROJECT else Path.cwd()
    home = Path(os.environ.get("CUADRE_HOME") or beside / "data").expanduser().resolve()
    return Paths(home=home, inbox=home / "inbox")


def warehouses_kept() -> int:
    """How many months' warehouse files stay on disk: `CUADRE_WAREHOUSES_KEPT`, by default six, at least the one in work."""
    return _at_least_one("CUADRE_WAREHOUSES_KEPT", "6")


def releases_kept() -> int:
    """How many releases stay on disk, the published one included: `CUADRE_KEEP_RELEASES`, by default three."""
    return _at_least_one("CUADRE_KEEP_RELEASES", "3")


def memory_limit() -> int:
    """Bytes that DuckDB may hold before it spills: `CUADRE_MEMORY` (such as 3GB), by default a share of what the machine has.

    Polars, dbt and Great Expectations need about one gigabyte beside it.

    Raises:
        CuadreError: `CUADRE_MEMORY` is no size, or too small to close a month with.
    """
    stated = os.environ.get("CUADRE_MEMORY")
    if stated is None:
        share = int(machine.memory() * MEMORY_SHARE)
        return max(LEAST_MEMORY, min(share, ENOUGH_MEMORY))
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?([KMGT])(i?)B", stated.strip(), re.IGNORECASE | re.ASCII)
    size = 0
    if found:
        number, power, binary = Decimal(found[1]), "KMGT".index(found[2].upper()) + 1, found[3]
        size = int(number * (1024 if binary else 1000) ** power)
    if size < LEAST_MEMORY:
        raise CuadreError(
            f"CUADRE_MEMORY is {stated!r}. Set it to a size of at least {LEAST_MEMORY >> 20}MiB, such as 3GB, or not at all."
        )
    return size


def quiet_minutes() -> int:
    """How long a month's inbox must lie still before it closes by itself: `CUADRE_QUIET_MINUTES`, by default ten."""
    stated = os.environ.get("CUADRE_QUIET_MINUTES", "10")
    if not stated.isascii() or not stated.isdigit():
        raise CuadreError(
            f"CUADRE_QUIET_MINUTES is {stated!r}. Set it to a whole number of minutes from 0, or not at all."
        )
    return int(stated)


def _at_least_one(name: str, default: str) -> int:
    stated = os.environ.get(name, default)
    if not stated.isascii() or not stated.isdigit() or int(stated) < 1:
        raise CuadreError(f"{name} is {stated!r}. Set it to a whole number from 1, or not at all.")
    return int(stated)


def environment(home: Path) -> dict[str, str]:
    """This process's environment with another data home, for a process of its own."""
    return os.environ | {"CUADRE_HOME": str(home)}
