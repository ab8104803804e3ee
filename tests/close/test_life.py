"""A month is published by every run, certified and locked by people who may, and then nothing writes it again."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.close import life, verify, watch
from orchestration.contracts import SOURCES
from orchestration.definitions import defs
from orchestration.defs.home import remember_months
from orchestration.host import job, storage
from orchestration.intake import receive
from orchestration.publish import closes, events, kept, publish
from orchestration.publish.events import PeriodLocked, StepRefused
from orchestration.settings import Paths

pytestmark = pytest.mark.long

FIRST, SECOND = "2023-11", "2024-09"
NOON = datetime(2024, 10, 7, 12)

# ANA may prepare, BEA may approve, CARLA may do neither; DORA left in September.
ANALYSTS = """analyst_id,country,team,role,valid_from,valid_to
ANA,PE,billing,controller,2023-01-01,
BEA,PE,finance,finance_lead,2023-01-01,
CARLA,CL,billing,analyst,2023-01-01,
DORA,PE,finance,finance_lead,2023-01-01,2024-09-30
"""
AUTHORITY = """role,decision,country,may_prepare,may_approve,limit_usd,valid_from,valid_to
controller,certify,,true,false,,2023-01-01,
controller,lock,,true,false,,2023-01-01,
controller,reopen,,true,false,,2023-01-01,
finance_lead,certify,,false,true,,2023-01-01,
finance_lead,lock,,true,true,,2023-01-01,
finance_lead,reopen,,false,true,,2023-01-01,
analyst,certify,CL,true,true,,2023-01-01,
"""


@pytest.fixture
def with_authority(closed_home: Paths) -> Paths:
    """The closed home, to which the authority matrix was delivered."""
    folder = closed_home.inbox / "people" / SECOND
    (folder / "analysts.csv").write_text(ANALYSTS)
    (folder / "authority.csv").write_text(AUTHORITY)
    receive.accept(closed_home, receive.prepare(closed_home, SOURCES["people"], SECOND))
    return closed_home


def certify(paths: Paths, period: str = SECOND, by: str = "ANA", approved_by: str | None = "BEA") -> events.Event:
    return life.step(
        paths, period, "certified", by=by, approved_by=approved_by, reason="every figure was read", now=lambda: NOON
    )


def lock(paths: Paths, period: str = SECOND, by: str = "BEA") -> events.Event:
    return life.step(paths, period, "locked", by=by, reason="books are shut", now=lambda: NOON)


def months(paths: Paths) -> dict[str, tuple]:
    """Status, who certified and what the certificate is good for, as the published file says."""
    with duckdb.connect(str(paths.published / "cuadre.duckdb"), read_only=True) as marts:
        rows = marts.execute(
            "select close_period, status, certified_by, certified_for from marts.dim_close_period order by 1"
        ).fetchall()
    return {period: told for period, *told in rows}


def bytes_of(paths: Paths, period: str) -> dict[str, str]:
    """SHA-256 of every file of a month in the release, but its events: they tell what people did."""
    marts = paths.published / "marts"
    files = [file for file in sorted(marts.rglob("*.parquet")) if f"close_period={period}" in str(file)]
    return {
        str(file.relative_to(marts)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if "fct_period_event" not in str(file)
    }


def test_two_people_certify_a_month_and_the_published_file_says_who(with_authority: Paths) -> None:
    event = certify(with_authority)

    assert (event.by_role, event.approved_by_role, event.note) == ("controller", "finance_lead", None)
    assert months(with_authority) == {FIRST: ["published", None, None], SECOND: ["certified", "ANA", "margin"]}
    with duckdb.connect(str(with_authority.published / "cuadre.duckdb"), read_only=True) as marts:
        told = marts.execute(
            'select event, "by", approved_by, release_sha256 from marts.fct_period_event where close_period = ? order by sequence',
            [SECOND],
        ).fetchall()
    content = kept.content_sha256(closes.closes(with_authority)[SECOND])
    assert told == [("published", "pipeline", None, content), ("certified", "ANA", "BEA", content)]


def test_without_the_authority_matrix_a_certificate_is_good_for_a_report_only(closed_home: Paths) -> None:
    event = certify(closed_home, approved_by=None)

    assert event.note == "authority not delivered"
    assert months(closed_home)[SECOND] == ["certified", "ANA", "report"]


@pytest.mark.parametrize(
    ("by", "approved_by", "because"),
    [
        ("ANA", None, "needs two people"),
        ("ANA", "ANA", "cannot both prepare and approve"),
        ("ANA", "CARLA", "CARLA, as analyst, may not approve"),  # her limit holds in Chile alone
        ("BEA", "ANA", "BEA, as finance_lead, may not prepare"),
        ("ANA", "DORA", "DORA, with no role in people.analysts on that day"),
        ("EVA", "BEA", "EVA, with no role"),
        (" ", "BEA", "say who acts"),
    ],
)
def test_who_may_not_certify_is_told_why(with_authority: Paths, by: str, approved_by: str | None, because: str) -> None:
    with pytest.raises(StepRefused, match=because):
        certify(with_authority, by=by, approved_by=approved_by)

    assert events.of(with_authority, SECOND) == ()


@pytest.mark.parametrize(
    ("what", "because"), [("locked", "only a certified month"), ("reopened", "only a certified or locked month")]
)
def test_a_month_takes_its_steps_in_order(closed_home: Paths, what: events.What, because: str) -> None:
    with pytest.raises(StepRefused, match=because):
        life.step(closed_home, SECOND, what, by="ANA", approved_by="BEA", reason="now")


def test_what_is_not_published_cannot_be_certified(closed_home: Paths) -> None:
    with pytest.raises(StepRefused, match="2025-01 is not published"):
        certify(closed_home, "2025-01")


def test_a_locked_month_is_written_by_no_door(with_authority: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUADRE_HOME", str(with_authority.home))
    certify(with_authority)
    lock(with_authority)
    before = bytes_of(with_authority, SECOND)
    (with_authority.inbox / "fx" / SECOND / "_READY").touch()

    with pytest.raises(PeriodLocked) as refused:
        job.close(with_authority, SECOND)
    with pytest.raises(PeriodLocked):
        publish.withdraw(with_authority, SECOND, because="a mistake", inbox={})
    (month,) = [month for month in watch.months(with_authority) if month.period == SECOND]
    with dg.DagsterInstance.from_config(str(storage.dagster_home(with_authority))) as instance:
        remember_months(instance, with_authority, SECOND)
        clicked = defs.resolve_implicit_global_asset_job_def().execute_in_process(
            partition_key=SECOND,
            instance=instance,
            asset_selection=[dg.AssetKey(["published", "release"])],
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            raise_on_error=False,
        )

    assert refused.value.exit_code == 3
    assert "cuadre reopen" in str(refused.value)
    assert not month.has_news
    assert SECOND not in [month.period for month in watch.open_months(with_authority)]
    assert not clicked.success
    assert before == bytes_of(with_authority, SECOND)
    assert all(file.stat().st_mode & 0o222 == 0 for file in closes.closes(with_authority)[SECOND].rglob("*.parquet"))


def test_another_month_is_published_beside_a_locked_one_that_stays_byte_for_byte(with_authority: Paths) -> None:
    certify(with_authority)
    lock(with_authority)
    before = bytes_of(with_authority, SECOND)

    certify(with_authority, FIRST)

    assert months(with_authority) == {FIRST: ["certified", "ANA", "margin"], SECOND: ["locked", "ANA", "margin"]}
    assert before == bytes_of(with_authority, SECOND)


def test_an_opened_month_is_published_again_and_its_certificate_counts_no_more(with_authority: Paths) -> None:
    certify(with_authority)
    lock(with_authority)
    life.step(with_authority, SECOND, "reopened", by="ANA", approved_by="BEA", reason="a credit note", now=lambda: NOON)

    assert months(with_authority)[SECOND] == ["published", None, None]
    assert not events.is_locked(with_authority, SECOND)
    assert [event.event for event in events.of(with_authority, SECOND)] == [
        "published",
        "certified",
        "locked",
        "reopened",
    ]


def test_verify_finds_and_names_one_changed_byte_wherever_it_lies(with_authority: Paths) -> None:
    certify(with_authority)
    lock(with_authority)
    assert verify.home(with_authority) == []

    folder = closes.closes(with_authority)[SECOND]
    places = {
        "an event": next(with_authority.lake.rglob(f"{SECOND}.jsonl")),
        "a close": folder / "fct_margin.parquet",
        "a release": with_authority.published.resolve() / "cuadre.duckdb",
        "the lake": next((with_authority.lake / "inbox" / "crm").rglob("*.parquet")),
    }
    for place, file in places.items():
        told, mode = file.read_bytes(), file.stat().st_mode
        file.chmod(0o644)
        file.write_bytes(told[:40] + bytes([told[40] ^ 1]) + told[41:])
        faults = [str(fault) for fault in verify.home(with_authority)]
        assert any(file.name in fault or file.stem in fault for fault in faults), place
        file.write_bytes(told)
        file.chmod(mode)
    assert verify.home(with_authority) == []


def test_a_release_alone_is_verified_by_the_list_that_lies_in_it(closed_home: Paths, tmp_path: Path) -> None:
    release = closed_home.published.resolve()
    assert verify.pack(release) == []
    (release / "one_more.csv").write_text("1")

    (fault,) = verify.pack(release)
    assert (fault.file, fault.reason) == ("one_more.csv", "is not in the list of hashes")
