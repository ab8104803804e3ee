"""What the bundled months must show once they are closed: the money of the files, exactly."""

from __future__ import annotations

import csv
import hashlib
import shutil
from decimal import Decimal

import duckdb
import pytest

from orchestration.host import job
from orchestration.publish import closes
from orchestration.settings import Paths, samples

pytestmark = pytest.mark.long


def _marts(paths: Paths) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(paths.published / "cuadre.duckdb"), read_only=True)


def _file_sum(pattern: str, amount: str, by: str) -> dict[str, Decimal]:
    """The total of a bundled CSV, added up by the csv module and decimal alone: no code of ours."""
    (file,) = (samples() / "inbox").glob(pattern)
    totals: dict[str, Decimal] = {}
    with file.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            totals[row[by]] = totals.get(row[by], Decimal(0)) + Decimal(row[amount])
    return totals


def test_published_focus_totals_equal_the_file(closed_sample: Paths) -> None:
    # The publisher states AWS 18.0066…, Microsoft 1.9765…, Oracle 0.5371… USD; the exact decimals come from the file.
    expected = _file_sum("focus/2024-09/*.csv", "BilledCost", "ProviderName")
    assert {name: round(total, 4) for name, total in expected.items()} == {
        "AWS": Decimal("18.0066"),
        "Microsoft": Decimal("1.9765"),
        "Oracle": Decimal("0.5371"),
    }
    with _marts(closed_sample) as marts:
        published = marts.execute(
            "select provider_name, sum(billed_cost) from marts.fct_provider_charge where source = 'focus' group by 1"
        ).fetchall()
    assert dict(published) == expected


def test_published_cur_totals_equal_the_file(closed_sample: Paths) -> None:
    expected = _file_sum("aws_cur/2023-11/*.csv", "lineItem/UnblendedCost", "lineItem/LineItemType")
    assert expected["Tax"] == Decimal("0.08")
    assert round(sum(expected.values()), 4) == Decimal("1.6823")
    with _marts(closed_sample) as marts:
        published = marts.execute("""
            select original_charge_type, sum(billed_cost) from marts.fct_provider_charge where source = 'aws_cur' group by 1
        """).fetchall()
        (tax,) = marts.execute("""
            select sum(billed_cost) from marts.fct_provider_charge where source = 'aws_cur' and charge_category = 'Tax'
        """).fetchone()
    assert dict(published) == expected
    assert tax == Decimal("0.08")


def test_every_provider_invoice_and_every_document_is_conserved(closed_sample: Paths) -> None:
    with _marts(closed_sample) as marts:
        broken = marts.execute("""
            select * from marts.fct_conservation where not is_conserved or unexplained_total <> 0
        """).fetchall()
        sides = {side for (side,) in marts.execute("select distinct side from marts.fct_conservation").fetchall()}
    assert broken == []
    assert sides == {"provider", "erp", "contract_days"}


def test_the_bridge_of_every_unit_adds_up_to_the_last_decimal(closed_sample: Paths) -> None:
    with _marts(closed_sample) as marts:
        assert (
            marts.execute("""
            select unit_id from marts.fct_reconciliation
            where difference_amount is distinct from quantity_effect + period_effect + price_effect + fx_effect
                                                     + existence_effect + rounding_effect
               or difference_amount is distinct from expected_amount - invoiced_amount
        """).fetchall()
            == []
        )
        assert (
            marts.execute("""
            select unit_id, difference_amount, found
            from marts.fct_reconciliation
            left join (
                select close_period, unit_id, sum(amount) as found from marts.fct_leak where is_bridge group by all
            ) using (close_period, unit_id)
            where difference_amount is distinct from coalesce(found, 0)
        """).fetchall()
            == []
        )


def test_the_seeded_leaks_are_found_with_their_amount_and_nothing_else(closed_sample: Paths) -> None:
    truth = []
    for name in ("truth-2023-11.csv", "truth.csv"):
        with (samples() / name).open(encoding="utf-8", newline="") as stream:
            truth += csv.DictReader(stream)
    assert len({row["class_code"] for row in truth}) >= 8
    with _marts(closed_sample) as marts:
        found = marts.execute("""
            select class_code, coalesce(subscription_id, '') || ' ' || coalesce(invoice_id, '') || ' ' || evidence, amount_usd
            from marts.fct_leak where class_code <> 'BL02' and direction <> 'T'
        """).fetchall()
    for row in truth:
        names = [name for name in (row["subscription_id"], row["invoice_id"]) if name]
        hits = [
            leak
            for leak in found
            if leak[0] == row["class_code"]
            and (not names or any(name in leak[1] for name in names))
            and abs(leak[2] - Decimal(row["amount_usd"])) <= Decimal("0.01")
        ]
        assert hits, f"{row} not among {[leak for leak in found if leak[0] == row['class_code']]}"
        found.remove(hits[0])
    assert found == []


def test_closing_again_makes_the_same_bytes_and_says_so(closed_sample: Paths, tmp_path) -> None:
    again = Paths(home=tmp_path / "moved", inbox=closed_sample.inbox)
    shutil.copytree(closed_sample.home, again.home, symlinks=True)
    outcome = job.close(again, "2024-09")
    assert outcome.exit_code == 0
    assert outcome.release.changes == ()
    assert _hashes(again) == _hashes(closed_sample)


def test_another_home_and_another_order_make_the_same_bytes(closed_sample: Paths, tmp_path) -> None:
    # The first home closed 2023-11 and then 2024-09; a release must not remember that order.
    other = Paths(home=tmp_path, inbox=closed_sample.inbox)
    for period in ("2024-09", "2023-11"):
        assert job.close(other, period).exit_code == 0
    assert _hashes(other) == _hashes(closed_sample)


def test_every_published_close_names_the_deliveries_it_was_made_from(closed_sample: Paths) -> None:
    made = closes.manifest_of(closed_sample, "2024-09")
    assert made["deliveries"].keys() >= {"focus__lines", "crm__subscriptions", "erp__invoices", "fx__fx_rates"}
    with _marts(closed_sample) as marts:
        accepted = marts.execute("""
            select delivery_sha256 from marts.fct_delivery where close_period = '2024-09' and status = 'accepted'
        """).fetchall()
    assert {sha256 for (sha256,) in accepted} == set(made["deliveries"].values())


def _hashes(paths: Paths) -> dict[str, str]:
    marts = paths.published / "marts"
    files = marts.rglob("*.parquet")
    return {str(file.relative_to(marts)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
