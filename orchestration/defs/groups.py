"""The groups of the asset graph. Dagster sorts them by name, so each name begins with its step of the staircase."""

FLOORS = ("raw", "staging", "focus", "reconciled", "marts", "published")

GROUPS = {floor: f"{step}_{floor}" for step, floor in enumerate(FLOORS, 1)}
"""Floor → name of its group."""
