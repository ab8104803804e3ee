"""The floors of the staircase, named here and nowhere else.

Lives here: their names and their order. Does not: what stands on them (dbt_project) nor what judges them (expectations).
"""

from typing import Literal, get_args

Floor = Literal["intake", "raw", "staging", "focus", "reconciled", "marts"]
"""A floor with a gate."""

JUDGED: tuple[Floor, ...] = get_args(Floor)
"""Every floor with a gate. `intake` is the record of what arrived and what did not; `raw` judges a delivery before it is kept."""

BUILT: tuple[Floor, ...] = ("staging", "focus", "reconciled", "marts")
"""Floors that dbt builds."""

IN_WAREHOUSE: tuple[Floor, ...] = ("intake", *BUILT)
"""What stands in a month's warehouse."""

PUBLISHED = "published"
"""Behind the last gate: what others may open."""
