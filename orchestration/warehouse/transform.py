"""dbt, run inside this process, one floor at a time.

Lives here: how dbt is called. Does not: what it builds (dbt_project) nor what judges it (expectations).
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filelock

from orchestration.errors import CuadreError
from orchestration.floors import BUILT
from orchestration.settings import BUNDLED, PROJECT, Paths, dbt_project, memory_limit

_KEPT = "partial_parse.msgpack"
"""What dbt itself keeps of a parsed project, which spares a later process most of the parsing."""

_MEANING = ("models", "seeds", "macros", "dbt_project.yml")


class TransformFailed(CuadreError):
    """dbt could not build a model: a fault of ours or of the machine, not of the data."""

    exit_code = 70  # EX_SOFTWARE of sysexits
    may_be_the_machine = True


@functools.cache
def rules_version() -> str:
    """Hash of everything that decides or says what data means: models with their texts, seeds, macros and checklists.

    It is part of every close's identity: the same deliveries under other rules are another close.
    """
    digest = hashlib.sha256()
    roots = [dbt_project() / part for part in _MEANING] + [PROJECT / "expectations"]
    files = (file for root in roots for file in ([root] if root.is_file() else root.rglob("*")))
    # Named below the folder that holds them, so that a checkout and an installed wheel have one version.
    named = {file.relative_to(BUNDLED if file.is_relative_to(BUNDLED) else PROJECT): file for file in files}
    for name, file in sorted(named.items()):
        if file.is_file() and file.suffix in {".sql", ".yml", ".md", ".csv", ".py"}:
            digest.update(str(name).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class _Parsed:
    """The project as dbt parsed it, and the files in which dbt keeps it, by name."""

    project: Any
    files: Mapping[str, bytes]


_held: dict[str, _Parsed] = {}
"""By the version of the rules: parsing says nothing of a home or a month, so every home that this process closes has the same."""


def manifest(paths: Paths) -> Path:
    """dbt's manifest of the project as it is now, parsed anew only when a file of it changed."""
    if not _is_current(paths):
        paths.dbt_target.mkdir(parents=True, exist_ok=True)
        # Processes that start at once would read what another is still writing: one parses, the others wait for it.
        with filelock.FileLock(paths.dbt_target / "parse.lock"):
            if not _is_current(paths):
                _renew(paths)
    return paths.dbt_target / "manifest.json"


def _is_current(paths: Paths) -> bool:
    file, mark = paths.dbt_target / "manifest.json", paths.dbt_target / "manifest.rules"
    return file.exists() and mark.exists() and mark.read_text() == rules_version()


def _renew(paths: Paths) -> None:
    # What dbt kept of other rules stops it where a unit test moved to another file: it then sees the test twice.
    (paths.dbt_target / _KEPT).unlink(missing_ok=True)
    if rules_version() in _held:
        for name, content in _held[rules_version()].files.items():
            (paths.dbt_target / name).write_bytes(content)
    else:
        _parse(paths)
    (paths.dbt_target / "manifest.rules").write_text(rules_version())


def _parsed(paths: Paths) -> Any:
    if rules_version() not in _held:
        manifest(paths)
    if rules_version() not in _held:  # the home's manifest is that of another process; it stays as it is
        _parse(paths, "--no-write-json")
    return _held[rules_version()].project


def _parse(paths: Paths, *flags: str) -> None:
    project = _invoke(paths, None, ["parse", *flags])
    files = {name: (paths.dbt_target / name).read_bytes() for name in ("manifest.json", _KEPT)}
    _held[rules_version()] = _Parsed(project, files)


def _in(parsed: Any, file: Path) -> Any:
    """The parsed project with its relations in `file`: parsing writes the catalog, which is the file's name, into each node."""
    for node in (*parsed.nodes.values(), *parsed.sources.values()):
        node.database = file.stem
    return parsed


def build_floor(paths: Paths, floor: str, period: str, *, kept_sources: Sequence[str] = ()) -> dict[str, int | None]:
    """Build every model of one floor for one close period.

    Args:
        kept_sources: sources of charges whose published file is there already (charges.keep_unchanged).

    Returns: model name → seconds×1000 it took, for the run's metadata.
    Raises: TransformFailed naming each model that could not be built.
    """
    timings: dict[str, int | None] = {}
    for command in ("seed", "run") if floor == BUILT[0] else ("run",):
        select = [] if command == "seed" else ["--select", f"fqn:cuadre.{floor}"]
        arguments = [
            command,
            *select,
            "--no-write-json",
            "--cache-selected-only",
            "--vars",
            json.dumps({"close_period": period, "keep_open": True, "kept_sources": list(kept_sources)}),
        ]
        file = paths.warehouse(period)
        result = _invoke(paths, file, arguments, _in(_parsed(paths), file)).results
        timings |= {run.node.name: round(run.execution_time * 1000) for run in result}
    return timings


def _invoke(paths: Paths, file: Path | None, arguments: list[str], parsed: Any = None) -> Any:
    """Run one command of dbt on a warehouse, or on none: dbt reads the project anew wherever what profiles.yml asks for has changed
    since it kept it, so parsing is told of no home."""
    from dbt.cli.main import dbtRunner

    asked = {
        "CUADRE_WAREHOUSE": str(file),
        "CUADRE_DUCKDB_MEMORY": f"{memory_limit()}B",
        "CUADRE_DUCKDB_SPILL": str(paths.spill),
    }
    for name in asked:
        os.environ.pop(name, None)
    if file is not None:
        os.environ |= asked
    paths.dbt_target.mkdir(parents=True, exist_ok=True)
    paths.warehouses.mkdir(parents=True, exist_ok=True)
    flags = {
        "project-dir": dbt_project(),
        "profiles-dir": dbt_project(),
        "target-path": paths.dbt_target,
        "log-path": paths.dbt_target / "logs",
        "log-level": "none",  # what failed is in the outcome
        "log-level-file": "none",
    }
    named = [word for name, value in flags.items() for word in (f"--{name}", str(value))]
    outcome = dbtRunner(manifest=parsed).invoke([*arguments, *named, "--no-use-colors"])
    _release_adapter()
    if outcome.success:
        return outcome.result
    failed = [
        f"{run.node.name}: {str(run.message).strip()}"
        for run in getattr(outcome.result, "results", ()) or ()
        if str(run.status) in {"error", "fail"}
    ]
    raise TransformFailed("\n".join(failed) or str(outcome.exception))


def _release_adapter() -> None:
    """Close dbt's own connection, which otherwise keeps the warehouse file locked inside this process."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import cleanup_connections

    cleanup_connections()
    if DuckDBConnectionManager._ENV is not None:  # none before the first command that opens the file
        DuckDBConnectionManager.env().close()
