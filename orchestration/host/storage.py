"""Dagster's folder in a data home.

Lives here: its configuration, which sends nothing out. Does not: how events and runs are stored (history).
"""

from __future__ import annotations

import atexit
import functools
import glob
import json
import os
import shutil
import tempfile
from pathlib import Path

from orchestration.settings import Paths


def dagster_home(paths: Paths) -> Path:
    """Dagster's folder in this home, made with a configuration that sends nothing out and runs one close at a time."""
    paths.dagster_home.mkdir(parents=True, exist_ok=True)
    file, wanted = (
        paths.dagster_home / "dagster.yaml",
        _DAGSTER.format(history=json.dumps(str(paths.dagster_home / "history"))),
    )
    if (
        not file.exists() or file.read_text() != wanted
    ):  # whoever reads it meanwhile finds the whole of the old or the new
        fresh = file.with_name(f".{file.name}.{os.getpid()}")
        fresh.write_text(wanted)
        fresh.replace(file)
    return _plainly_named(paths.dagster_home)


@functools.cache
def _plainly_named(folder: Path) -> Path:
    """The folder, by a name that Dagster can read its configuration under.

    Dagster takes the path of `dagster.yaml` for a pattern: in a home called `[1]` it finds none, and would send telemetry.
    """
    if glob.escape(str(folder)) == str(folder):
        return folder
    beside = Path(tempfile.mkdtemp(prefix="cuadre-"))
    atexit.register(shutil.rmtree, beside, ignore_errors=True)
    link = beside / "dagster"
    link.symlink_to(folder, target_is_directory=True)
    return link


_DAGSTER = """\
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
event_log_storage:
  module: orchestration.host.history
  class: KeptOpenEventLog
  config:
    base_dir: {history}
run_storage:
  module: orchestration.host.history
  class: RunsWithOrigin
  config:
    base_dir: {history}
"""
