"""A tiny DuckDB to judge, and an item to judge it by."""

from datetime import datetime

import duckdb
import pytest

from orchestration import quality
from orchestration.settings import Paths

JUDGED_AT = datetime(2026, 11, 1, 2, 0)


@pytest.fixture
def paths(tmp_path):
    return Paths(home=tmp_path, inbox=tmp_path / "inbox")


@pytest.fixture
def database():
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture
def judge(paths, database):
    """Judge suites over the tiny database: `judge(suite, …) -> Verdict`."""

    def run(*suites, run_id="run-1", floor=None):
        floor = floor or (suites[0].floor if suites else "raw")
        return quality.judge(paths, floor, "2026-10", run_id, JUDGED_AT, database, suites)

    return run


@pytest.fixture
def item():
    """An item with everything said, of which a test changes what it is about."""

    def make(expectation, item_id="charges.amount_known", severity="block", **changes):
        said = {
            "title_es": "El importe es conocido",
            "title_pt": "O valor é conhecido",
            "title_en": "The amount is known",
            "why": "Unknown money cannot be reconciled.",
            "stage": 5,
            "cause_7m": "MT",
            "owner_role": "data_team",
            "remedy": "Ask the provider for the amount.",
        }
        return quality.Item(item_id=item_id, expectation=expectation, severity=severity, **said | changes)

    return make
