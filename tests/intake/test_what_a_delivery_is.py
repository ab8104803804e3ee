"""A delivery is its content: names, folders and dates of files are not."""

import os
import shutil
from datetime import datetime

import polars as pl
from extracts import cur, customers, rates
from hypothesis import given
from hypothesis import strategies as st

from orchestration.contracts import SOURCES
from orchestration.intake import receive
from orchestration.intake.delivery import delivery_hash

contents = st.lists(
    st.tuples(st.text("0123456789abcdef", min_size=64, max_size=64), st.sampled_from(["lines", "customers"]))
)


@given(contents, st.randoms())
def test_the_hash_of_a_delivery_depends_on_its_contents_and_not_on_their_order(contents, chance):
    shuffled = list(contents)
    chance.shuffle(shuffled)
    assert delivery_hash(shuffled) == delivery_hash(contents)


@given(contents, contents)
def test_two_deliveries_have_one_hash_only_when_they_have_the_same_contents(one, other):
    assert (delivery_hash(one) == delivery_hash(other)) == (sorted(one) == sorted(other))


def test_an_accepted_delivery_lies_in_the_lake_under_its_hash(home):
    home.drop("aws_cur/2026-10/october.csv", cur("1.25", "0.75"))
    delivery = home.take_in("aws_cur")
    assert (
        delivery.tables["lines"]
        == home.paths.lake / "inbox" / "aws_cur" / "2026-10" / delivery.delivery_sha256 / "lines"
    )
    lines = pl.read_parquet(delivery.tables["lines"] / "*.parquet")
    assert lines["_delivery_sha256"].unique().to_list() == [delivery.delivery_sha256]
    assert lines["_source_file"].unique().to_list() == ["aws_cur/2026-10/october.csv"]


def test_touching_and_renaming_the_files_changes_nothing(home):
    file = home.drop("aws_cur/2026-10/october.csv", cur("1.25"))
    first = home.take_in("aws_cur")
    before = home.rows()
    os.utime(file, (0, 0))
    file.rename(file.with_name("renamed.csv"))
    assert home.prepare("aws_cur") == receive.Unchanged(first)
    assert home.rows() == before


def test_renaming_the_folder_inside_the_delivery_changes_nothing(home):
    file = home.drop("aws_cur/2026-10/first/october.csv", cur("1.25"))
    first = home.take_in("aws_cur")
    file.parent.rename(file.parent.with_name("second"))
    assert home.take_in("aws_cur") == first


def test_the_same_bytes_as_another_table_are_another_delivery():
    assert delivery_hash([("aa", "customers")]) != delivery_hash([("aa", "contracts")])


def test_a_declared_dialect_is_part_of_the_content(home):
    home.drop("fx/2026-10/fx_rates.csv", rates("3.75").replace(",", ";"))
    home.drop("fx/2026-10/dialect.toml", 'delimiter = ";"\n')
    first = home.take_in("fx")
    home.drop("fx/2026-10/dialect.toml", 'delimiter = ";"\nthousands = " "\n')
    assert home.take_in("fx").delivery_sha256 != first.delivery_sha256


def test_the_same_content_twice_in_one_folder_is_read_once_and_said(home):
    home.drop("aws_cur/2026-10/recon (1).csv", cur("1.25"))
    home.drop("aws_cur/2026-10/recon.csv", cur("1.25"))
    delivery = home.take_in("aws_cur")
    assert pl.read_parquet(delivery.tables["lines"] / "*.parquet").height == 1
    copy, read = home.rows()
    assert (read["file"], read["status"], read["rows"], str(read["amount_total"])) == (
        "aws_cur/2026-10/recon.csv", "accepted", 1, "1.250000000000",
    )  # fmt: skip
    assert (copy["file"], copy["status"], copy["rows"]) == ("aws_cur/2026-10/recon (1).csv", "duplicate", None)
    assert copy["reason"] == "same content as aws_cur/2026-10/recon.csv"


def test_a_copy_beside_an_accepted_file_is_no_new_delivery(home):
    file = home.drop("aws_cur/2026-10/recon.csv", cur("1.25"))
    first = home.take_in("aws_cur")
    shutil.copy(file, file.with_name("recon (1).csv"))
    assert home.prepare("aws_cur") == receive.Unchanged(first)


def test_two_versions_of_one_file_are_refused_and_not_added_up(home):
    home.drop("aws_cur/2026-10/recon.csv", cur("1.25"))
    home.drop("aws_cur/2026-10/recon (1).csv", cur("1.30"))
    (fault,) = home.refusal("aws_cur")
    assert fault.file == "aws_cur/2026-10/recon (1).csv"
    assert "another version or form of aws_cur/2026-10/recon.csv" in fault.reason


def test_a_file_and_its_packed_form_are_refused_and_not_added_up(home):
    home.drop("aws_cur/2026-10/recon.csv", cur("1.25"))
    home.drop("aws_cur/2026-10/recon.csv.gz", cur("1.25"))
    assert "version or form" in home.refusal("aws_cur")[0].reason


def test_two_different_files_for_one_table_are_refused(home):
    home.drop("crm/2026-10/customers.csv", customers("C1"))
    home.drop("crm/2026-10/Customers (2).csv", customers("C2"))
    assert "version or form" in home.refusal("crm")[0].reason


def test_each_file_of_a_delivery_has_its_own_totals(home):
    home.drop("aws_cur/2026-10/a.csv", cur("1.25", "0.75"))
    home.drop("aws_cur/2026-10/b.csv", cur("10", "-0.000000000001"))
    home.take_in("aws_cur")
    assert [(row["rows"], str(row["amount_total"]), row["currency"]) for row in home.rows()] == [
        (2, "2.000000000000", "USD"),  # 1.25 + 0.75
        (2, "9.999999999999", "USD"),  # 10 − 0.000000000001
    ]


def test_a_file_in_several_currencies_has_no_single_total(home):
    two = cur("1.25") + cur("30", currency="BRL").splitlines()[1] + "\n"
    home.drop("aws_cur/2026-10/a.csv", two)
    home.take_in("aws_cur")
    (row,) = home.rows()
    assert (row["amount_total"], row["currency"]) == (None, None)
    assert row["reason"].startswith("several currencies: BRL 30")


def test_received_at_is_the_newest_change_of_the_files_when_first_accepted(home):
    old, new = home.drop("aws_cur/2026-10/a.csv", cur("1")), home.drop("aws_cur/2026-10/b.csv", cur("2"))
    os.utime(old, (0, 0))
    os.utime(new, (1_791_000_000.9, 1_791_000_000.9))
    delivery = home.take_in("aws_cur")
    assert delivery.received_at == datetime(2026, 10, 3, 4, 0)
    os.utime(new, (1_800_000_000, 1_800_000_000))
    assert home.take_in("aws_cur").received_at == delivery.received_at


def test_an_empty_or_absent_folder_is_missing(home):
    assert home.prepare("aws_cur") == receive.Missing("aws_cur", "2026-10")
    (home.paths.inbox / "aws_cur" / "2026-10").mkdir(parents=True)
    assert home.prepare("aws_cur") == receive.Missing("aws_cur", "2026-10")


def test_two_homes_with_the_same_inbox_have_the_same_ledger_rows(home, tmp_path):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    home.drop("crm/2026-10/customers.csv", customers("C1"))
    other = type(home)(type(home.paths)(home=tmp_path / "other", inbox=tmp_path / "other" / "inbox"))
    shutil.copytree(home.paths.inbox, other.paths.inbox)
    for name in ("aws_cur", "crm"):
        assert home.take_in(name).delivery_sha256 == other.take_in(name).delivery_sha256
    assert home.rows() == other.rows()


def test_a_change_of_the_contract_reads_the_files_again(home, monkeypatch):
    home.drop("fx/2026-10/fx_rates.csv", rates("3.75"))
    first = home.take_in("fx")
    changed = type(SOURCES["fx"])(**{**vars(SOURCES["fx"]), "tables": (SOURCES["fx"].tables[0],)})
    assert isinstance(receive.prepare(home.paths, changed, "2026-10"), receive.Unchanged)
    table = type(changed.tables[0])(**{**vars(changed.tables[0]), "grain": "one rate"})
    changed = type(changed)(**{**vars(changed), "tables": (table,)})
    again = receive.prepare(home.paths, changed, "2026-10")
    assert isinstance(again, receive.Candidate)
    assert again.delivery_sha256 == first.delivery_sha256
    assert receive.accept(home.paths, again).received_at == first.received_at
