"""What lies in the lake is what was read, or nothing is closed from it."""

import shutil
from decimal import Decimal

import duckdb
import polars as pl
import pytest
from extracts import cur, customers, rates

from orchestration.contracts import SOURCES
from orchestration.intake import lake, ledger
from orchestration.settings import Paths
from orchestration.warehouse import raw_schema

AWS = SOURCES["aws_cur"].tables[0]


@pytest.fixture
def kept(home):
    """An accepted delivery of 1.25 + 2.50 + 3.00 = 6.75 dollars in two files, and its two Parquet parts."""
    home.drop("aws_cur/2026-10/a.csv", cur("1.25", "2.50"))
    home.drop("aws_cur/2026-10/b.csv", cur("3.00"))
    delivery = home.take_in("aws_cur")
    return delivery, sorted(delivery.tables["lines"].glob("*.parquet"))


def remove(part):
    part.unlink()


def cut(part):
    part.write_bytes(part.read_bytes()[:-1])


def flip(part):
    """Another byte in the same place: name and size stay."""
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 0xFF
    part.write_bytes(content)


def rewrite(part):
    """Other money under the same name."""
    pl.read_parquet(part).with_columns(line_item_unblended_cost=pl.lit(Decimal("9"), pl.Decimal(38, 12))).write_parquet(
        part
    )


def add(part):
    shutil.copy(part, part.with_name("0009-00000.parquet"))


DAMAGES = (remove, cut, flip, rewrite, add)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_delivery_is_read_again_when_its_files_still_lie_in_the_inbox(home, kept, damage):
    delivery, parts = kept
    damage(parts[1])
    assert home.take_in("aws_cur") == delivery
    assert lake.damages(home.paths, [delivery]) == {}
    assert pl.read_parquet(delivery.tables["lines"])["line_item_unblended_cost"].sum() == Decimal("6.75")


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_by_a_cheap_look_and_by_a_full_one(home, kept, damage):
    delivery, parts = kept
    assert (lake.damages(home.paths, [delivery]), lake.verify(home.paths)) == ({}, [])
    damage(parts[1])
    [(folder, said)] = lake.damages(home.paths, [delivery]).items()
    [fault] = lake.verify(home.paths)
    assert folder == delivery.tables["lines"]
    assert said == fault.reason
    assert ("0009" if damage is add else "0001") in said
    assert "inbox/aws_cur/2026-10/" in fault.remedy


def test_an_untouched_lake_is_not_hashed_again(home, kept, monkeypatch):
    monkeypatch.setattr(lake, "sha256_of", lambda file: pytest.fail(f"hashed {file}"))
    assert lake.damages(home.paths, [kept[0]]) == {}


def test_a_delivery_that_was_replaced_is_verified_too(home, kept):
    home.drop("aws_cur/2026-10/a.csv", cur("8"))
    home.take_in("aws_cur")
    remove(kept[1][0])
    [fault] = lake.verify(home.paths)
    assert kept[0].delivery_sha256 in fault.file


def compared(home, delivery, table=AWS, harmed=None):
    harmed = harmed or {}
    with duckdb.connect() as connection:
        folder = delivery.tables[table.name]
        shown = None if folder in harmed else folder
        raw_schema.show_table(connection, table, shown, period="2026-10", is_stale=False)
        return lake.compare(connection, [(table, delivery)], harmed).to_dicts()


def test_rows_and_money_of_each_file_are_compared_with_what_raw_shows(home, kept):
    delivery, _ = kept
    rows = compared(home, delivery)
    assert [(row["file"], row["currency"], row["kept_rows"], row["kept_total"]) for row in rows] == [
        ("aws_cur/2026-10/a.csv", "USD", 2, Decimal("3.75")),
        ("aws_cur/2026-10/b.csv", "USD", 1, Decimal("3.00")),
    ]
    assert all((row["kept_rows"], row["kept_total"]) == (row["shown_rows"], row["shown_total"]) for row in rows)
    assert {row["damage"] for row in rows} == {None}


def test_a_part_that_is_gone_is_told_by_rows_and_money_too(home, kept):
    """Also where nothing remembers the parts, as in a lake that is older than their list."""
    delivery, parts = kept
    remove(parts[1])
    rows = {row["file"]: row for row in compared(home, delivery)}
    assert (rows["aws_cur/2026-10/b.csv"]["shown_rows"], rows["aws_cur/2026-10/b.csv"]["shown_total"]) == (0, None)


def test_a_damaged_table_is_shown_empty_and_says_why(home, kept):
    delivery, parts = kept
    cut(parts[1])
    harmed = lake.damages(home.paths, [delivery])
    rows = compared(home, delivery, harmed=harmed)
    assert {(row["shown_rows"], row["damage"] is None) for row in rows} == {(0, False)}


def test_members_of_an_archive_count_for_the_archive(home, tmp_path):
    import zipfile

    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.csv", cur("1"))
        archive.writestr("two.csv", cur("2", "3"))
    home.drop("aws_cur/2026-10/a.zip", packed.read_bytes())
    [row] = compared(home, home.take_in("aws_cur"))
    assert (row["kept_rows"], row["shown_rows"], row["shown_total"]) == (3, 3, Decimal(6))


def test_a_stand_in_of_an_earlier_month_is_compared_with_its_own_files(home):
    home.drop("crm/2026-09/customers.csv", customers("C1", "C2"))
    september = home.take_in("crm", "2026-09")
    table = next(table for table in SOURCES["crm"].tables if table.name == "customers")
    [row] = compared(home, september, table)
    assert (row["close_period"], row["kept_rows"], row["shown_rows"]) == ("2026-09", 2, 2)


def test_a_file_without_rows_is_no_damage(home):
    home.drop("fx/2026-10/fx_rates.csv", rates("3.7").splitlines()[0] + "\n")
    delivery = home.take_in("fx")
    table = SOURCES["fx"].tables[0]
    assert [(row["kept_rows"], row["shown_rows"]) for row in compared(home, delivery, table)] == [(0, 0)]


@pytest.mark.long
def test_a_close_over_a_damaged_lake_is_refused_and_the_files_put_back_mend_it(closed_home: Paths, tmp_path):
    from orchestration.host import job

    published = closed_home.published.resolve()
    delivery = ledger.current(closed_home, "microsoft_csp_invoice", "2024-09")
    inbox, aside = closed_home.inbox / "microsoft_csp_invoice" / "2024-09", tmp_path / "aside"
    inbox.rename(aside)
    next(delivery.tables["lines"].glob("*.parquet")).unlink()

    refused = job.close(closed_home, "2024-09")
    assert refused.exit_code == 1
    assert "lines/0000-00000.parquet is gone" in refused.reasons[0]
    assert "inbox/microsoft_csp_invoice/2024-09/" in refused.reasons[0]
    assert closed_home.published.resolve() == published

    aside.rename(inbox)
    assert job.close(closed_home, "2024-09").exit_code == 0
    assert lake.verify(closed_home) == []


@pytest.mark.long
def test_the_intake_gate_refuses_a_stand_in_that_was_damaged_for_the_table_that_stands_on_it(closed_home: Paths):
    from orchestration.close import steps
    from orchestration.close.identity import identify

    shutil.rmtree(closed_home.inbox / "crm" / "2024-09")
    known = ledger.current(closed_home, "crm", "2024-09").tables["customers"]
    next(known.glob("*.parquet")).unlink()
    verdict = steps.open_warehouse(closed_home, identify(closed_home, "2024-09"))
    assert [item.item_id for item in verdict.blocking] == ["intake.crm_is_as_it_was_read"]
    assert "inbox/crm/<YYYY-MM>/" in verdict.refused_reason
    rows = (closed_home.rejected / "2024-09/intake/intake.crm_is_as_it_was_read.csv").read_text()
    assert "customers/0000-00000.parquet is gone" in rows
