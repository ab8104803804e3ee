"""The dbt project as a dbt user would test it: every unit test and every data test, on a month that was closed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from orchestration.settings import Paths, dbt_project
from orchestration.warehouse import transform

PERIOD = "2024-09"

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def results(closed_sample: Paths, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """Status and message by the unique id of each test node, from one `dbt test` over the whole project."""
    from dbt.adapters.factory import cleanup_connections
    from dbt.cli.main import dbtRunner

    folder = tmp_path_factory.mktemp("dbt")
    warehouse = Path(shutil.copy(closed_sample.warehouse(PERIOD), folder))
    target, project = str(folder / "target"), str(dbt_project())
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CUADRE_WAREHOUSE", str(warehouse))
        outcome = dbtRunner().invoke(
            ["test", "--vars", json.dumps({"close_period": PERIOD}), "--project-dir", project]
            + ["--profiles-dir", project, "--target-path", target, "--log-path", target]
            + ["--log-level", "none", "--log-level-file", "none"]
        )
        cleanup_connections()
    found = getattr(outcome.result, "results", None) or []
    assert found, outcome.exception
    # dbt also lists its first statement, which creates the functions that models call
    return {
        run.node.unique_id: (str(run.status), str(run.message))
        for run in found
        if run.node.resource_type != "operation"
    }


def test_every_test_of_the_project_passes(results: dict[str, tuple[str, str]]) -> None:
    assert {name: told for name, told in results.items() if told[0] != "pass"} == {}


def test_every_test_of_the_project_was_run(results: dict[str, tuple[str, str]], tmp_path: Path) -> None:
    manifest = json.loads(transform.manifest(Paths(home=tmp_path, inbox=tmp_path / "inbox")).read_text())
    declared = {key for key, node in manifest["nodes"].items() if node["resource_type"] == "test"}

    assert declared | set(manifest["unit_tests"]) == set(results)
