"""What every asset says of itself: its group, who answers for it, its stage of the value chain, its version, how fresh it must be.

Lives here: these labels, each decided once. Does not: any asset (sources, warehouse, floors, outputs). No asset has a country: every
table holds the rows of all countries.
"""

import csv
import functools
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject

from orchestration.contracts import SOURCES
from orchestration.floors import BUILT, PUBLISHED
from orchestration.settings import dbt_project
from orchestration.warehouse.transform import rules_version

GROUPS = {floor: f"{step}_{floor}" for step, floor in enumerate(("raw", *BUILT, PUBLISHED), 1)}
"""Floor → name of its group. Dagster sorts groups by name, so each name begins with its step of the staircase."""

OWNERS = {
    "focus": "provider_manager",
    "reconciled": "billing_analyst",
    "marts": "finance_lead",
    "published": "data_team",
}
"""Floor → the role that answers for what stands on it. For a raw or staged table this is its source's owner."""

TIMEZONE = "America/Lima"
NIGHTLY = "0 2 * * *"
"""When the nightly schedule starts, by the clock of `TIMEZONE`."""

FRESH_EACH_MORNING = dg.FreshnessPolicy.cron(
    deadline_cron="0 6 * * *", lower_bound_delta=timedelta(hours=4), timezone=TIMEZONE
)
"""The nightly close asks every source and publishes between 02:00 and 06:00. What is older at 06:00 is overdue."""

RAW = [dg.AssetKey([source.name, table.name]) for source in SOURCES.values() for table in source.tables]
"""Every table that a source delivers."""

GATES = dg.AssetKey(["cuadre", "gates"])
CLOSE = dg.AssetKey(["cuadre", "close"])


def team(role: str) -> list[str]:
    """A role of the checklists as the owner of an asset."""
    return [f"team:{role}"]


def stage_tag(stage: int | None) -> dict[str, str]:
    """The tag of a stage of the value chain, 1 to 6; no tag for what serves every stage."""
    return {"stage": _stages()[stage]} if stage else {}


@functools.cache
def _stages() -> dict[int, str]:
    with (dbt_project() / "seeds" / "reference" / "stages.csv").open(encoding="utf-8", newline="") as file:
        names = {int(row["stage"]): row["name_en"].lower() for row in csv.DictReader(file)}
    return {stage: f"{stage}_{re.sub('[^a-z]+', '_', name)}" for stage, name in names.items()}


class ModelLabels(DagsterDbtTranslator):
    """A model of dbt as an asset: key, lineage, columns and description are dbt's, the labels are those above."""

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        """The asset of one dbt resource; of what is no model, only its key matters."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        model = self.get_resource_props(manifest, unique_id)
        if model["resource_type"] != "model":
            return spec
        _, floor, folder, *_ = model["fqn"]
        source = SOURCES.get(folder) if floor == "staging" else None
        tables = {f"stg_{table.id}": table.stage for table in source.tables} if source else {}
        labelled = spec.replace_attributes(group_name=GROUPS[floor], code_version=rules_version())
        return labelled.merge_attributes(
            owners=team(source.owner if source else OWNERS.get(floor, "data_team")),
            tags=stage_tag(model["config"]["meta"].get("stage") or tables.get(model["name"])),
        )
