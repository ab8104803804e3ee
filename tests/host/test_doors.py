"""Every way to start something in the UI: for exactly its month, one after the other, or refused in one sentence."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from playwright.sync_api import Page
from serving import Server, serving, wait_for

from orchestration.host import job
from orchestration.settings import Paths
from orchestration.simulator import simulate
from orchestration.warehouse import lock

pytestmark = pytest.mark.long

MONTHS = ["2026-09", "2026-10", "2026-11"]
BACKFILL = """
mutation Backfill($parameters: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $parameters) {
    __typename
    ... on LaunchBackfillSuccess { backfillId }
    ... on PythonError { message }
  }
}
"""
BACKFILLS = """
query Backfills {
  partitionBackfillsOrError {
    ... on PartitionBackfills { results { id status runs(limit: 20) { status tags { key value } } } }
  }
}
"""
NODES = "query Nodes { assetNodes { assetKey { path } groupName isExecutable partitionKeys } }"
CHECKS = """
query Checks {
  assetNodes { assetKey { path } assetChecksOrError { ... on AssetChecks { checks { name } } } }
}
"""
TERMINATE = "mutation Terminate($id: String!) { terminateRun(runId: $id) { __typename } }"
ADD = """
mutation Add($selector: RepositorySelector!, $key: String!) {
  addDynamicPartition(repositorySelector: $selector, partitionsDefName: "months", partitionKey: $key) { __typename }
}
"""
REPOSITORY = {"repositoryLocationName": "orchestration.definitions", "repositoryName": "__repository__"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A small reseller's three months, of which the command line has closed the first."""
    home = tmp_path_factory.mktemp("doors")
    simulate(home, seed=3, months=3, subscriptions=12, period=MONTHS[0])
    outcome = job.close(Paths(home=home, inbox=home / "inbox"), MONTHS[0])
    assert outcome.exit_code == 0, outcome.reasons
    with serving(home) as started:
        yield started


def _assets(server: Server) -> list[dict]:
    return [node for node in server.ask(NODES)["assetNodes"] if node["isExecutable"]]


def _published(server: Server) -> list[tuple[str, int]]:
    with duckdb.connect(str(server.home / "published/cuadre.duckdb"), read_only=True) as connection:
        return connection.execute(
            "select close_period, count(*) from marts.dim_close_period group by all order by all"
        ).fetchall()


def test_partitions_are_the_months_of_the_home(server: Server) -> None:
    assert {tuple(node["partitionKeys"]) for node in _assets(server)} == {tuple(MONTHS)}


def test_a_close_of_the_command_line_stands_in_the_timeline(server: Server, page: Page) -> None:
    page.goto(f"{server.address}/overview/timeline", wait_until="domcontentloaded")
    job = page.locator('a[href*="/locations/orchestration.definitions/jobs/close"]').first
    job.wait_for(timeout=120_000)
    assert "close" in job.inner_text()


def test_tables_of_several_sources_are_received_in_one_run(server: Server) -> None:
    chosen = [["crm", "customers"], ["crm", "contracts"], ["erp", "invoices"], ["aws_cur", "lines"]]
    assert server.ended(server.launch("2026-10", chosen)) == "SUCCESS"


def test_a_group_waits_for_the_close_that_another_process_runs_and_says_so(server: Server) -> None:
    raw = [node["assetKey"]["path"] for node in _assets(server) if node["groupName"] == "1_raw"]

    def waiting(run: str) -> str:
        return "waits" if any("Waiting for up to 60 minutes." in line for line in server.log(run)) else "silent"

    with lock.sole_writer(Paths(home=server.home, inbox=server.home / "inbox")):
        ended_by_a_person = server.launch("2026-10", raw)
        wait_for(lambda: waiting(ended_by_a_person), {"waits"}, 240)
        server.ask(TERMINATE, {"id": ended_by_a_person})
        assert server.ended(ended_by_a_person) == "CANCELED"
        run = server.launch("2026-10", raw)
        wait_for(lambda: waiting(run), {"waits"}, 240)
        assert server.status(run) in {"STARTING", "STARTED"}
    assert server.ended(run) == "SUCCESS"


def test_a_backfill_of_three_months_outside_the_job_publishes_each_of_them(server: Server) -> None:
    parameters = {"assetSelection": [node["assetKey"] for node in _assets(server)], "partitionNames": MONTHS}
    launched = server.ask(BACKFILL, {"parameters": parameters})["launchPartitionBackfill"]
    assert launched["__typename"] == "LaunchBackfillSuccess", launched

    assert sorted(_runs_of_backfill(server, launched["backfillId"])) == [(month, "SUCCESS") for month in MONTHS]
    assert _published(server) == [(month, 1) for month in MONTHS]


def _runs_of_backfill(server: Server, backfill: str) -> list[tuple[str, str]]:
    """(month, status) of each run of a backfill that has ended."""

    def found() -> dict:
        return {each["id"]: each for each in server.ask(BACKFILLS)["partitionBackfillsOrError"]["results"]}[backfill]

    wait_for(lambda: found()["status"], {"COMPLETED_SUCCESS", "COMPLETED_FAILED", "FAILED"}, 1200)
    runs = [({tag["key"]: tag["value"] for tag in run["tags"]}, run["status"]) for run in found()["runs"]]
    return [(tags["dagster/partition"], status) for tags, status in runs]


def test_a_click_on_materialise_for_all_months_leaves_the_release_as_it_was(server: Server, page: Page) -> None:
    known = {each["id"] for each in server.ask(BACKFILLS)["partitionBackfillsOrError"]["results"]}
    before = (server.home / "published").resolve()
    page.goto(f"{server.address}/assets/published/release", wait_until="domcontentloaded")
    page.get_by_role("button", name="Materialize").first.click(timeout=120_000)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="All", exact=True).click(timeout=120_000)
    dialog.get_by_role("button", name="Launch backfill").click(timeout=120_000)

    def started() -> str:
        ids = {each["id"] for each in server.ask(BACKFILLS)["partitionBackfillsOrError"]["results"]} - known
        return min(ids, default="none")

    wait_for(lambda: "no" if started() == "none" else "yes", {"yes"}, 120)
    assert sorted(_runs_of_backfill(server, started())) == [(month, "SUCCESS") for month in MONTHS]
    assert (server.home / "published").resolve() == before
    assert _published(server) == [(month, 1) for month in MONTHS]


def test_a_run_of_one_check_alone_judges_and_builds_nothing(server: Server) -> None:
    built = (server.home / "warehouse" / f"{MONTHS[0]}.duckdb").stat().st_ino
    asset = ["staging", "stg_erp__invoices"]
    (node,) = [node for node in server.ask(CHECKS)["assetNodes"] if node["assetKey"]["path"] == asset]
    name = node["assetChecksOrError"]["checks"][0]["name"]

    run = server.launch(MONTHS[0], checks=[(asset, name)])

    assert server.ended(run) == "SUCCESS"
    said = server.log(run)
    assert not [line for line in said if line.startswith("Materialized value")]
    assert [line for line in said if name in line]
    assert (server.home / "warehouse" / f"{MONTHS[0]}.duckdb").stat().st_ino == built


@pytest.mark.parametrize("name", ["octubre", "2026-13", "../2026-10"])
def test_a_partition_that_is_no_month_is_refused_in_one_sentence(server: Server, name: str) -> None:
    before = (server.home / "published").resolve()
    server.ask(ADD, {"selector": REPOSITORY, "key": name})

    run = server.launch(name, [["crm", "customers"]])

    assert server.ended(run) == "FAILURE"
    assert [
        line for line in server.log(run) if line.startswith(f"The partition {name!r} is no month, so nothing was done")
    ]
    assert (server.home / "published").resolve() == before
