"""A release is its closes put together: the same rows and Parquet bytes whatever the order, every byte hashed, and cheap to renew.

Lives here: releases made of small closes written by hand, and what a real close publishes. Does not: what the tables hold.
"""

from __future__ import annotations

import glob
import json
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from orchestration.errors import GateRefused
from orchestration.ground import sql
from orchestration.ground.files import sha256_of
from orchestration.publish import kept, publish, release
from orchestration.publish.descriptions import Description
from orchestration.settings import Paths

KEYS = {
    "dim_close_period": ["close_period"],
    "dim_customer": ["customer_id"],
    "fct_invoice": ["close_period", "company_id", "invoice_id"],
    "fct_leak": ["close_period", "leak_id"],
    "fct_period_event": ["close_period", "sequence"],
    "fct_provider_charge": ["close_period", "source", "source_file", "source_row", "charge_id"],
}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    home = tmp_path / "o'brien [1]"
    return Paths(home=home, inbox=home / "inbox")


def _close(paths: Paths, period: str, version: str = "1", charges: int = 3, extra: str = "") -> Path:
    """A close of one month: two sources of charges, a leak, and two customers of whom one is renamed every month."""
    folder = paths.lake / "inbox" / "closes" / period / version
    tables = {
        "dim_close_period": f"select '{period}' as close_period, 'made of {version}' as manifest_sha256",
        "dim_customer": f"select 'C1' as customer_id, 'as of {period} {version}' as legal_name union all select 'C{period}', 'once'",
        "fct_leak": f"select '{period}' as close_period, 'l{version}' as leak_id, 1.5::decimal(38, 12) as amount{extra}",
    }
    for source in ("aws_cur", "vendor"):
        tables[f"fct_provider_charge/source={source}/part-0"] = (
            f"select '{period}' as close_period, '{source}' as source, 'f' as source_file, n as source_row, "
            f"sha256('{version}{source}' || n) as charge_id from range({charges}) as numbers (n)"
        )
    sums = {}
    for name, query in tables.items():
        file = folder / f"{name}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        duckdb.execute(f"copy ({query} order by all) to {sql.literal(file)} (format parquet)")
        sums[str(file.relative_to(folder))] = sha256_of(file)
    made = {"close_period": period, "manifest_sha256": f"made of {version}", "as_of": "2026-10-02", "files": sums}
    (folder / "manifest.json").write_text(json.dumps(made))
    return folder


def _rows(folder: Path) -> dict[str, list]:
    with duckdb.connect(str(folder / "cuadre.duckdb"), read_only=True) as marts:
        tables = marts.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
        return {table: marts.execute(f"from marts.{table} order by all").fetchall() for (table,) in sorted(tables)}


def _parquet(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*.parquet"))}


def _months(paths: Paths, folder: Path, table: str = "fct_provider_charge") -> dict[str, int]:
    with duckdb.connect(str(folder / "cuadre.duckdb"), read_only=True) as marts:
        return dict(marts.execute(f"select close_period, count(*) from marts.{table} group by 1").fetchall())


def test_months_closed_one_by_one_in_any_order_give_the_rows_and_parquet_of_all_at_once(
    paths: Paths, tmp_path: Path
) -> None:
    closes = {period: _close(paths, period) for period in ("2026-08", "2026-09", "2026-10")}
    for known in (["2026-10"], ["2026-08", "2026-10"], ["2026-08", "2026-09", "2026-10"]):
        made = release.make(paths, {period: closes[period] for period in known}, KEYS)

    other = Paths(home=tmp_path / "other", inbox=tmp_path / "other" / "inbox")
    at_once = release.make(other, closes, KEYS)

    assert made.name == at_once.name
    assert _rows(made) == _rows(at_once)
    assert _parquet(made) == _parquet(at_once)
    # the newest month names the customer
    assert ("C1", "as of 2026-10 1") in _rows(made)["dim_customer"]


def test_a_month_closed_again_replaces_its_rows_and_no_others(paths: Paths, tmp_path: Path) -> None:
    closes = {period: _close(paths, period) for period in ("2026-08", "2026-09")}
    release.make(paths, closes, KEYS)

    made = release.make(paths, closes | {"2026-08": _close(paths, "2026-08", version="2", charges=5)}, KEYS)

    assert _months(paths, made) == {"2026-08": 10, "2026-09": 6}  # two sources of 5 and of 3 charges
    fresh = Paths(home=tmp_path / "other", inbox=tmp_path / "other" / "inbox")
    assert _rows(made) == _rows(release.make(fresh, closes | {"2026-08": _close(paths, "2026-08", "2", 5)}, KEYS))


def test_a_month_taken_back_leaves_no_row(paths: Paths) -> None:
    closes = {period: _close(paths, period) for period in ("2026-08", "2026-09")}
    release.make(paths, closes, KEYS)

    made = release.make(paths, {"2026-08": closes["2026-08"]}, KEYS)

    assert _months(paths, made) == _months(paths, made, "dim_close_period") | {"2026-08": 6}
    assert [file for file in _parquet(made) if "2026-09" in file] == []
    assert "C2026-09" not in {row[0] for row in _rows(made)["dim_customer"]}


def test_a_column_that_only_new_closes_have_is_null_in_the_months_before(paths: Paths) -> None:
    closes = {"2026-08": _close(paths, "2026-08")}
    release.make(paths, closes, KEYS)

    made = release.make(paths, closes | {"2026-09": _close(paths, "2026-09", extra=", 'S1' as severity")}, KEYS)

    assert [(row[0], row[-1]) for row in _rows(made)["fct_leak"]] == [("2026-08", None), ("2026-09", "S1")]


def test_of_a_document_that_several_closes_hold_the_newest_row_is_current(paths: Paths) -> None:
    closes = {}
    for period, documents in {"2026-09": ["F1", "F2"], "2026-10": ["F1", "F3"]}.items():
        closes[period] = _close(paths, period)
        rows = ", ".join(f"('{period}', 'PE01', '{document}', true)" for document in documents)
        values = f"(values {rows}) as t(close_period, company_id, invoice_id, is_current)"
        duckdb.execute(
            f"copy (from {values}) to {sql.literal(closes[period] / 'fct_invoice.parquet')} (format parquet)"
        )
    wanted = [
        ("2026-09", "PE01", "F1", False),
        ("2026-09", "PE01", "F2", True),
        ("2026-10", "PE01", "F1", True),
        ("2026-10", "PE01", "F3", True),
    ]

    release.make(paths, {"2026-09": closes["2026-09"]}, KEYS)
    both = release.make(paths, closes, KEYS)

    assert _rows(both)["fct_invoice"] == wanted
    assert (
        duckdb.execute(f"from {kept.scan(sorted(both.glob('marts/fct_invoice/*/*')))} order by all").fetchall()
        == wanted
    )
    assert subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=both, check=False, capture_output=True).returncode == 0
    # October taken back: September's documents are the newest again
    assert [row[-1] for row in _rows(release.make(paths, {"2026-09": closes["2026-09"]}, KEYS))["fct_invoice"]] == [
        True,
        True,
    ]


def test_parquet_of_a_month_that_did_not_change_is_the_same_file(paths: Paths) -> None:
    closes = {period: _close(paths, period) for period in ("2026-08", "2026-09")}
    before = release.make(paths, closes, KEYS)

    after = release.make(paths, closes | {"2026-09": _close(paths, "2026-09", version="2")}, KEYS)

    inside = "marts/fct_provider_charge/close_period=2026-08/source=aws_cur/part-0.parquet"
    assert (before / inside).stat().st_ino == (after / inside).stat().st_ino


def test_the_published_charges_are_read_as_one_data_set_by_month_and_source(paths: Paths) -> None:
    made = release.make(paths, {period: _close(paths, period) for period in ("2026-08", "2026-09")}, KEYS)

    marts = glob.escape(str(made / "marts"))
    read = f"read_parquet({sql.literal(f'{marts}/fct_provider_charge/**/*.parquet')}, hive_partitioning = true)"

    wanted = [("2026-08", "aws_cur", 3), ("2026-08", "vendor", 3), ("2026-09", "aws_cur", 3), ("2026-09", "vendor", 3)]
    assert (
        duckdb.execute(f"select close_period, source, count(*) from {read} group by all order by all").fetchall()
        == wanted
    )


def _comments(folder: Path) -> dict[str, str | None]:
    """What the file says of each table and column that it speaks of."""
    with duckdb.connect(str(folder / "cuadre.duckdb"), read_only=True) as marts:
        return dict(
            marts.execute(
                """
                select table_name, comment from duckdb_tables() where comment is not null
                union all
                select table_name || '.' || column_name, comment from duckdb_columns() where comment is not null
                """
            ).fetchall()
        )


def test_the_file_says_what_its_tables_are_and_says_it_anew_when_a_text_changes(paths: Paths) -> None:
    closes = {period: _close(paths, period) for period in ("2026-08", "2026-09")}
    leak = Description(
        "One finding.", {"amount": "It's money.", "close_period": "Month.", "gone": "A column that is not there."}
    )
    customer = Description("One account.", {"legal_name": "Name."})
    told = {"fct_leak": leak, "dim_customer": customer, "fct_gone": Description("A table that is not there.")}
    wanted = {
        "fct_leak": "One finding.",
        "fct_leak.amount": "It's money.",
        "fct_leak.close_period": "Month.",
        "dim_customer": "One account.",
        "dim_customer.legal_name": "Name.",
    }

    first = release.make(paths, {"2026-08": closes["2026-08"]}, KEYS, told)
    # a fact is a copy with one month more, a dimension is made anew
    second = release.make(paths, closes, KEYS, told)
    changed = told | {
        "fct_leak": Description("One finding of one class.", {"close_period": "Month.", "leak_id": "Id."})
    }
    third = release.make(paths, closes | {"2026-09": _close(paths, "2026-09", version="2")}, KEYS, changed)

    assert _comments(first) == wanted
    assert _comments(second) == wanted
    without_amount = {name: text for name, text in wanted.items() if name != "fct_leak.amount"}
    assert _comments(third) == without_amount | {"fct_leak": "One finding of one class.", "fct_leak.leak_id": "Id."}


def test_the_file_does_not_grow_with_every_close(paths: Paths) -> None:
    closes = {period: _close(paths, period, charges=4_000) for period in ("2026-07", "2026-08", "2026-09")}
    first = (release.make(paths, closes, KEYS) / "cuadre.duckdb").stat().st_size

    sizes = []
    for again in range(12):
        period = ("2026-09", "2026-07")[again % 2]
        closes[period] = _close(paths, period, version=f"again{again}", charges=4_000)
        sizes.append((release.make(paths, closes, KEYS) / "cuadre.duckdb").stat().st_size)

    # DuckDB counts a replaced month as in use until its blocks are written over, and the file may be twice what is in use.
    assert max(sizes) <= 3 * first
    assert min(sizes[-6:]) <= 1.1 * first, "built anew once it is bloated"


def test_the_newest_releases_are_kept_as_many_as_the_setting_says(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUADRE_KEEP_RELEASES", "2")
    made = [release.make(paths, {"2026-08": _close(paths, "2026-08", version=str(n))}, KEYS) for n in range(4)]

    assert set(paths.releases.iterdir()) == set(made[-2:])
    assert paths.published.resolve() == made[-1]


def test_a_reader_of_a_release_that_is_let_go_reads_to_the_end(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUADRE_KEEP_RELEASES", "1")
    release.make(paths, {"2026-08": _close(paths, "2026-08", charges=200_000)}, KEYS)

    with duckdb.connect(str(paths.published / "cuadre.duckdb"), read_only=True) as reader:
        release.make(paths, {"2026-08": _close(paths, "2026-08", version="2", charges=7)}, KEYS)
        assert reader.execute("select count(distinct charge_id) from marts.fct_provider_charge").fetchone() == (
            400_000,
        )


def test_a_release_that_is_refused_leaves_the_last_one(paths: Paths) -> None:
    closes = {"2026-08": _close(paths, "2026-08")}
    before = release.make(paths, closes, KEYS)
    strange = _close(paths, "2026-09")
    duckdb.execute(
        f"copy (select '2026-10' as close_period, 'x' as manifest_sha256) to {sql.literal(strange / 'dim_close_period.parquet')} (format parquet)"
    )

    with pytest.raises(GateRefused):
        release.make(paths, closes | {"2026-09": strange}, KEYS)

    assert paths.published.resolve() == before


def test_every_published_file_is_hashed_and_a_flipped_byte_is_found(closed_sample: Paths, tmp_path: Path) -> None:
    copy = shutil.copytree(closed_sample.published.resolve(), tmp_path / "release")
    check = ["sha256sum", "-c", "--quiet", "SHA256SUMS"]
    listed = {line.split("  ")[1] for line in (copy / "SHA256SUMS").read_text().splitlines()}

    assert subprocess.run(check, cwd=copy, check=False, capture_output=True).returncode == 0
    assert listed == {str(file.relative_to(copy)) for file in copy.rglob("*") if file.is_file()} - {"SHA256SUMS"}
    assert json.loads((copy / "manifest.json").read_text())["files"].keys() == listed - {"manifest.json"}

    for name in sorted(listed):
        whole = (copy / name).read_bytes()
        (copy / name).write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
        found = subprocess.run(check, cwd=copy, check=False, capture_output=True, text=True)
        assert found.returncode == 1 and f"{name}: FAILED" in found.stdout
        (copy / name).write_bytes(whole)


def test_a_fact_names_its_month_and_a_dimension_stands_in_one_file(closed_sample: Paths) -> None:
    marts = closed_sample.published / "marts"
    facts = [folder for folder in marts.iterdir() if folder.is_dir()]

    assert {folder.name.split("_")[0] for folder in facts} == {"fct"}
    assert {file.stem.split("_")[0] for file in marts.glob("*.parquet")} == {"dim"}
    for folder in facts:
        months = duckdb.execute(
            f"select distinct close_period from {kept.scan(sorted(folder.rglob('*.parquet')))}"
        ).fetchall()
        assert {f"close_period={month}" for (month,) in months} <= {part.name for part in folder.iterdir()}


def test_a_close_that_an_earlier_version_kept_is_refused_with_what_to_do(paths: Paths) -> None:
    folder = _close(paths, "2026-09")
    (folder.parent / "current").write_text(folder.name)
    (folder / "manifest.json").write_text(json.dumps({"close_period": "2026-09", "tables": {}}))

    with pytest.raises(GateRefused, match="2026-09 was closed by an earlier version.*close each month again"):
        publish._release(paths, KEYS)
    assert not paths.published.exists()
