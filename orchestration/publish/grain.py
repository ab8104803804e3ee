"""What the yml of the published tables declares beside their columns: what tells their rows apart, and which row is newest.

Lives here: reading `meta` of `dbt_project/models/marts/*.yml`, the one place where a key is written. Does not: the tables
(dbt), their promises (expectations/floors/marts.py), or how they leave (publish).
"""

from __future__ import annotations

import functools

import yaml

from orchestration.errors import CuadreError
from orchestration.settings import dbt_project

PUBLISHED = ("fct_", "dim_", "rpt_")
"""How the name of a published table begins; anything else in the marts schema is evidence for a gate."""


class KeyMissing(CuadreError):
    """A mart was added without its key: a fault of the project, not of the data."""

    exit_code = 70  # EX_SOFTWARE of sysexits


@functools.cache
def keys() -> dict[str, list[str]]:
    """Each published table's key (`meta.key`): its rows are told apart, ordered and merged by it.

    Raises:
        KeyMissing: a mart's yml declares none.
    """
    found: dict[str, list[str]] = {name: list(meta.get("key") or ()) for name, meta in _declared().items()}
    unkeyed = sorted(name for name, key in found.items() if not key)
    if unkeyed:
        raise KeyMissing(
            f"marts without meta.key in their yml: {', '.join(unkeyed)}. Add the columns that tell their rows apart."
        )
    return found


@functools.cache
def newest_by() -> dict[str, list[str]]:
    """Tables whose column `is_current` marks, over all closes of a release, the newest row of the thing that `meta.newest_by` names."""
    return {name: list(meta["newest_by"]) for name, meta in _declared().items() if meta.get("newest_by")}


def _declared() -> dict[str, dict]:
    """`meta` of every published table: of each model, also of one that no yml describes, and of what stands beside the models."""
    folder = dbt_project() / "models" / "marts"
    files = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.yml"))]
    described = {model["name"]: model for file in files for model in file.get("models", ())}
    beside = {
        table["name"]: table for file in files for source in file.get("sources", ()) for table in source["tables"]
    }
    models = {model.stem for model in folder.glob("*.sql") if model.stem.startswith(PUBLISHED)}
    known = described | beside
    return {
        name: (known.get(name, {}).get("config") or {}).get("meta") or {} for name in sorted(models | beside.keys())
    }
