"""A month is complete when it has ended and whoever delivered before has delivered, or is declared absent."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.close import completeness, identity
from orchestration.close.ingest import ingest
from orchestration.console import findings
from orchestration.contracts import SOURCES
from orchestration.errors import InputUnusable
from orchestration.host import job
from orchestration.settings import Paths

RATES = (
    "source,series,base_currency,quote_currency,side,rate,rate_date\n"
    "SBS_BCRP,PD04640PD,USD,PEN,sell,3.75,{month}-01\n"
)  # fmt: skip
READINGS = "meter_id,counter,read_at,value,unit,reading_kind\nM1,A,{month}-28T00:00:00Z,5,GB,actual\n"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(home=tmp_path, inbox=tmp_path / "inbox")


def _drop(paths: Paths, name: str, text: str, arrived: str) -> None:
    file = paths.inbox / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    seconds = datetime.fromisoformat(arrived).replace(tzinfo=UTC).timestamp()
    os.utime(file, (seconds, seconds))


def _rates(paths: Paths, month: str, arrived: str) -> None:
    _drop(paths, f"fx/{month}/fx_rates.csv", RATES.format(month=month), arrived)


def _readings(paths: Paths, month: str, arrived: str) -> None:
    _drop(paths, f"meters/{month}/readings.csv", READINGS.format(month=month), arrived)


def _declare(paths: Paths, source: str, month: str, reason: str) -> None:
    _drop(paths, f"{source}/{month}/_ABSENT", reason, f"{month}-28")


def _received(paths: Paths, month: str) -> completeness.Completeness:
    """What the home knows once intake has looked at every source. Of CRM and ERP, nothing is to come in these months."""
    for source in ("crm", "erp"):
        _declare(paths, source, month, "not part of this test")
    for source in SOURCES.values():
        ingest(paths, source, month)
    return identity.identify(paths, month).completeness


@pytest.mark.parametrize(
    ("arrived", "word"),
    [("2026-10-12", "provisional"), ("2026-10-31 23:59:59", "provisional"), ("2026-11-01", "complete")],
)
def test_a_month_is_provisional_until_a_file_arrived_after_its_last_day(paths: Paths, arrived: str, word: str) -> None:
    _rates(paths, "2026-10", arrived)

    whole = _received(paths, "2026-10")

    assert whole.word == word
    assert (whole.because("en") is None) == (word == "complete")


def test_a_source_that_delivered_before_is_awaited_and_named_in_three_languages(paths: Paths) -> None:
    _rates(paths, "2026-09", "2026-10-02")
    _readings(paths, "2026-09", "2026-10-02")
    _received(paths, "2026-09")
    _rates(paths, "2026-10", "2026-11-02")

    whole = _received(paths, "2026-10")

    assert (whole.word, whole.awaited) == ("provisional", ("meters",))
    assert [whole.because(lang) for lang in ("es", "pt", "en")] == [
        "Falta la entrega de: meters.",
        "Falta a entrega de: meters.",
        "Not delivered yet: meters.",
    ]


def test_the_first_month_of_all_needs_a_crm_and_an_erp(paths: Paths) -> None:
    _rates(paths, "2026-10", "2026-11-02")
    for source in SOURCES.values():
        ingest(paths, source, "2026-10")

    whole = identity.identify(paths, "2026-10").completeness

    assert (whole.word, whole.awaited) == ("provisional", ("crm", "erp"))
    assert whole.awaits("erp") and whole.awaits("crm") and not whole.awaits("provider")


def test_the_month_before_need_not_have_been_closed_for_its_sources_to_be_awaited(paths: Paths) -> None:
    # The order in which months are closed must leave no trace.
    _readings(paths, "2026-09", "2026-10-02")
    _rates(paths, "2026-10", "2026-11-02")
    before = _received(paths, "2026-10")
    _received(paths, "2026-09")

    assert before.awaited == ("meters",)
    assert identity.identify(paths, "2026-10").completeness == before


def test_a_source_declared_absent_is_not_awaited_and_the_reason_is_part_of_the_close(paths: Paths) -> None:
    _readings(paths, "2026-09", "2026-10-02")
    _rates(paths, "2026-10", "2026-11-02")
    _received(paths, "2026-10")
    undeclared = identity.identify(paths, "2026-10")
    _declare(paths, "meters", "2026-10", "The last meter was\ntaken out on 2026-09-30.\n")

    whole = _received(paths, "2026-10")

    assert whole.word == "complete"
    assert dict(whole.absent)["meters"] == "The last meter was taken out on 2026-09-30."
    assert identity.identify(paths, "2026-10").close_id != undeclared.close_id
    assert identity.identify(paths, "2026-10").manifest_sha256 != undeclared.manifest_sha256


def test_a_declaration_taken_back_no_longer_counts(paths: Paths) -> None:
    _readings(paths, "2026-09", "2026-10-02")
    _rates(paths, "2026-10", "2026-11-02")
    _declare(paths, "meters", "2026-10", "none this month")
    _received(paths, "2026-10")
    (paths.inbox / "meters/2026-10/_ABSENT").unlink()

    assert _received(paths, "2026-10").awaited == ("meters",)


def test_equal_deliveries_give_an_equal_close(paths: Paths, tmp_path: Path) -> None:
    other = Paths(home=tmp_path / "other", inbox=tmp_path / "other" / "inbox")
    for home in (paths, other):
        _readings(home, "2026-09", "2026-10-02")
        _rates(home, "2026-10", "2026-10-20")
        _received(home, "2026-10")

    assert identity.identify(paths, "2026-10") == identity.identify(other, "2026-10")


def test_a_declaration_says_why(paths: Paths) -> None:
    _declare(paths, "meters", "2026-10", " \n")

    with pytest.raises(InputUnusable, match=r"meters/2026-10/_ABSENT: does not say why\. Write in one line why"):
        _received(paths, "2026-10")


def test_a_declaration_beside_the_files_it_denies_is_refused(paths: Paths) -> None:
    _readings(paths, "2026-10", "2026-11-02")
    _declare(paths, "meters", "2026-10", "contract ended")

    with pytest.raises(InputUnusable, match="says that nothing will come, and files lie beside it"):
        _received(paths, "2026-10")


@pytest.mark.long
def test_an_absence_stands_among_the_deliveries_with_its_reason(closed_sample: Paths) -> None:
    with duckdb.connect(str(closed_sample.published / "cuadre.duckdb"), read_only=True) as marts:
        absent = marts.execute("""
            select source, file, rows, reason from marts.fct_delivery where close_period = '2024-09' and status = 'absent'
        """).fetchall()
        whole = marts.execute(
            "select close_period, completeness, status from marts.dim_close_period order by 1"
        ).fetchall()
    assert [row[:3] for row in absent] == [("aws_cur", "aws_cur/2024-09/_ABSENT", None)]
    assert absent[0][3].startswith("The sample holds one real Cost and Usage Report")
    assert whole == [("2023-11", "complete", "published"), ("2024-09", "complete", "published")]


@pytest.mark.long
def test_a_month_whose_erp_has_not_come_is_published_as_provisional_and_claims_no_loss_for_it(
    half_closed_home: Paths,
) -> None:
    shutil.rmtree(half_closed_home.inbox / "erp" / "2024-09")

    assert job.close(half_closed_home, "2024-09").exit_code == 0

    with duckdb.connect(str(half_closed_home.published / "cuadre.duckdb"), read_only=True) as marts:
        whole = marts.execute("""
            select completeness, provisional_because_en, certified_at, certified_by from marts.dim_close_period
            where close_period = '2024-09'
        """).fetchone()
        found = findings.of_month(marts, "2024-09", "en")
    assert whole == ("provisional", "Not delivered yet: erp.", None, None)
    # Of all that the sample seeds, one loss needs no ERP: the real AWS account that nobody contracted, 13.62.
    assert [(line.code, round(line.loss.usd, 2)) for line in found.lines if line.section == "counted"] == [
        ("EX01", Decimal("13.62"))
    ]
    # The Chilean subscription that ended in the CRM may have been invoiced all the same: 467.50.
    assert [(line.code, line.loss.usd) for line in found.lines if line.section == "to_come"] == [
        ("TP01", Decimal("467.50"))
    ]
