"""The groups of the asset graph. Dagster sorts them by name, so each name begins with its step of the staircase."""

from orchestration.floors import BUILT, PUBLISHED

GROUPS = {floor: f"{step}_{floor}" for step, floor in enumerate(("raw", *BUILT, PUBLISHED), 1)}
"""Floor → name of its group."""
