"""What the last detection benchmark of a home found: the input of the hidden-leak estimate.

Lives here: the stored table, its types, its hash, and the interval of a recall. Does not: running a benchmark, nor the estimate
itself, which is a model of the marts.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl

from orchestration.ground.files import sha256_of

CONFIDENCE = 0.95
MONEY, SHARE = pl.Decimal(38, 12), pl.Decimal(38, 12)
SCHEMA = {
    "class_code": pl.String,
    **dict.fromkeys(("seeded", "found", "missed", "wrong_class", "wrong_amount", "false"), pl.Int64),
    **dict.fromkeys(("seeded_usd", "found_usd", "false_usd"), MONEY),
    **dict.fromkeys(("recall", "recall_low", "recall_high", "precision", "recall_usd", "precision_usd"), SHARE),
}
"""One row per class and the row ALL. Shares are NULL where there was nothing to share."""


def path(home: Path) -> Path:
    """Where the table lies."""
    return home / "bench" / "detect.parquet"


def load(home: Path) -> pl.DataFrame:
    """The table of the last benchmark; empty before the first."""
    return pl.read_parquet(path(home), glob=False) if path(home).exists() else pl.DataFrame(schema=SCHEMA)


def mark(home: Path) -> str | None:
    """The table's hash: a close that uses it is another close than one that did not."""
    return sha256_of(path(home)) if path(home).exists() else None


def wilson(found: int, seeded: int) -> tuple[Decimal | None, Decimal | None]:
    """The Wilson score interval of a share (E. B. Wilson, 1927), as scipy computes it; unknown where nothing was seeded."""
    if not seeded:
        return None, None
    from scipy.stats import binomtest  # late: it takes a second

    interval = binomtest(found, seeded).proportion_ci(confidence_level=CONFIDENCE, method="wilson")
    return Decimal(f"{interval.low:.6f}"), Decimal(f"{interval.high:.6f}")
