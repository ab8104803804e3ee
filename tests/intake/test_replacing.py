"""A delivery replaces its source and period as a whole; nothing that came before is lost."""

import shutil

import polars as pl
from extracts import cur, customers, rates

from orchestration.contracts import SOURCES
from orchestration.errors import Fault
from orchestration.intake import ledger, receive


def test_a_corrected_delivery_replaces_the_earlier_one_which_stays_named(home):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    first = home.take_in("aws_cur")
    home.drop("aws_cur/2026-10/a.csv", cur("2"))
    second = home.take_in("aws_cur")
    assert home.current("aws_cur") == second
    assert all(folder.is_dir() for folder in first.tables.values())
    status = {row["delivery_sha256"]: (row["status"], row["reason"]) for row in home.rows()}
    assert status == {
        first.delivery_sha256: ("replaced", f"replaced by delivery {second.delivery_sha256[:12]}"),
        second.delivery_sha256: ("accepted", None),
    }


def test_the_same_delivery_again_changes_nothing_and_is_recorded_as_duplicate(home):
    file = home.drop("aws_cur/2026-10/a.csv", cur("1"))
    first = home.take_in("aws_cur")
    before = home.rows()
    file.unlink()
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    assert home.prepare("aws_cur") == receive.Unchanged(first)
    assert home.rows() == before
    assert home.events() == ["accepted", "duplicate"]


def test_looking_again_at_untouched_files_is_not_a_delivery(home):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    home.take_in("aws_cur")
    home.take_in("aws_cur")
    assert home.events() == ["accepted"]


def test_dropping_an_older_delivery_again_makes_it_current_without_reading_it_anew(home):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    first = home.take_in("aws_cur")
    written = {file: file.read_bytes() for file in first.tables["lines"].iterdir()}
    home.drop("aws_cur/2026-10/a.csv", cur("2"))
    second = home.take_in("aws_cur")
    home.drop("aws_cur/2026-10/renamed.csv", cur("1"))
    (home.paths.inbox / "aws_cur/2026-10/a.csv").unlink()
    candidate = home.prepare("aws_cur")
    assert isinstance(candidate, receive.Candidate)
    again = receive.accept(home.paths, candidate)
    assert again.delivery_sha256 == first.delivery_sha256
    assert {file: file.read_bytes() for file in again.tables["lines"].iterdir()} == written
    status = {row["delivery_sha256"]: row["status"] for row in home.rows()}
    assert status == {first.delivery_sha256: "accepted", second.delivery_sha256: "replaced"}


def test_a_lake_that_lost_its_parquet_is_filled_again_from_the_inbox(home):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    first = home.take_in("aws_cur")
    shutil.rmtree(home.paths.lake / "inbox")
    assert home.take_in("aws_cur") == first
    assert pl.read_parquet(first.tables["lines"] / "*.parquet").height == 1


def test_removing_the_files_from_the_inbox_leaves_what_was_accepted(home):
    file = home.drop("aws_cur/2026-10/a.csv", cur("1"))
    first = home.take_in("aws_cur")
    file.unlink()
    assert isinstance(home.prepare("aws_cur"), receive.Missing)
    assert home.current("aws_cur") == first


def test_a_refused_delivery_leaves_what_was_accepted(home):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    first = home.take_in("aws_cur")
    home.drop("aws_cur/2026-10/a.csv", cur("one"))
    home.refusal("aws_cur")
    assert home.current("aws_cur") == first
    assert sorted(row["status"] for row in home.rows()) == ["accepted", "rejected"]


def test_a_candidate_that_the_gate_refuses_leaves_what_was_accepted(home):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    first = home.take_in("aws_cur")
    home.drop("aws_cur/2026-10/a.csv", cur("2"))
    candidate = home.prepare("aws_cur")
    fault = Fault("aws_cur/2026-10/a.csv", "cost out of range", "Ask AWS.")
    receive.reject(home.paths, candidate, [fault], {"cost range": pl.DataFrame({"cost": ["=2"]})})
    assert home.current("aws_cur") == first
    assert not candidate.scratch.exists()
    folder = home.paths.rejected / "aws_cur" / "2026-10" / candidate.delivery_sha256[:12]
    assert (folder / "failed_rows_cost_range.csv").read_text().splitlines() == ["cost", "'=2"]


def test_a_delivery_refused_once_may_be_accepted_later(home):
    home.drop("aws_cur/2026-10/a.csv", cur("2"))
    receive.reject(home.paths, home.prepare("aws_cur"), [Fault("aws_cur/2026-10/a.csv", "not yet", "Wait.")])
    home.take_in("aws_cur")
    assert [row["status"] for row in home.rows()] == ["accepted"]
    assert home.events() == ["rejected", "accepted"]


def test_reference_tables_carry_forward_and_say_so(home):
    home.drop("fx/2026-08/fx_rates.csv", rates("3.70", month="2026-08"))
    home.drop("fx/2026-09/fx_rates.csv", rates("3.75", month="2026-09"))
    home.take_in("fx", "2026-08")
    september = home.take_in("fx", "2026-09")
    assert receive.resolve(home.paths, SOURCES["fx"], "2026-09") == (september, False)
    assert receive.resolve(home.paths, SOURCES["fx"], "2026-12") == (september, True)
    assert receive.resolve(home.paths, SOURCES["fx"], "2026-07") == (None, False)


def test_each_reference_table_may_carry_forward_alone(home):
    home.drop("crm/2026-09/customers.csv", customers("C1"))
    home.drop(
        "crm/2026-10/customer_xref.csv",
        "id_system,id_value,customer_id,valid_from,match_method\nerp,1,C1,2026-01-01,manual\n",
    )
    september, october = home.take_in("crm", "2026-09"), home.take_in("crm")
    crm = SOURCES["crm"]
    assert receive.resolve(home.paths, crm, "2026-10", "customers") == (september, True)
    assert receive.resolve(home.paths, crm, "2026-10", "customer_xref") == (october, False)
    assert receive.resolve(home.paths, crm, "2026-10", "contracts") == (None, False)


def test_a_provider_never_carries_forward(home):
    home.drop("aws_cur/2026-09/a.csv", cur("1", month="2026-09"))
    home.take_in("aws_cur", "2026-09")
    assert receive.resolve(home.paths, SOURCES["aws_cur"], "2026-10") == (None, False)


def test_deliveries_of_one_period_are_listed_alone(home):
    for month in ("2026-09", "2026-10"):
        home.drop(f"aws_cur/{month}/a.csv", cur("1", month=month))
        home.take_in("aws_cur", month)
    frame = ledger.deliveries_frame(home.paths, "inbox", "2026-09")
    assert frame["close_period"].to_list() == ["2026-09"]
    assert ledger.deliveries_frame(home.paths, "sample").is_empty()
