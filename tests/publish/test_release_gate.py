"""The release's own gate: each month once, under its own name, and no key twice, however it came to be otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from orchestration.errors import GateRefused
from orchestration.publish import release_gate

KEYS = {"fct_leak": ["close_period", "leak_id"], "fct_invoice": ["invoice_id"], "dim_customer": ["customer_id"]}


def _identity(period: str) -> dict[str, str]:
    return {"close_period": period, "close_id": f"id-{period}", "manifest_sha256": f"made-from-{period}"}


def _write(folder: Path, table: str, columns: str, *rows: tuple) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"create table t ({', '.join(f'{name} varchar' for name in columns.split())})")
        for row in rows:
            connection.execute(f"insert into t values ({', '.join('?' * len(row))})", row)
        connection.execute(f"copy t to '{folder / table}.parquet'")


def _close(folder: Path, period: str) -> Path:
    """Two leaks, one invoice and one customer of a month, and the month itself."""
    _write(folder, "dim_close_period", "close_period manifest_sha256", (period, f"made-from-{period}"))
    _write(folder, "fct_leak", "close_period leak_id", (period, "a"), (period, "b"))
    _write(folder, "fct_invoice", "invoice_id close_period", ("F1", period))
    _write(folder, "dim_customer", "customer_id", ("C1",))
    (folder / "manifest.json").write_text(json.dumps(_identity(period)))
    return folder


def _released(closes: dict[str, Path]) -> duckdb.DuckDBPyConnection:
    """The closes put together as publish does: facts stacked, customers once."""
    connection = duckdb.connect()
    connection.execute("create schema marts")
    for table in ("dim_close_period", "fct_leak", "fct_invoice"):
        parts = [str(folder / f"{table}.parquet") for folder in closes.values()]
        connection.execute(f"create table marts.{table} as from read_parquet({parts})")
    connection.execute("create table marts.dim_customer as select 'C1' as customer_id")
    return connection


def _judge(connection: duckdb.DuckDBPyConnection, closes: dict[str, Path]) -> None:
    manifests = {period: json.loads((folder / "manifest.json").read_text()) for period, folder in closes.items()}
    release_gate.judge_release(connection, closes, manifests, KEYS)


@pytest.fixture
def closes(tmp_path: Path) -> dict[str, Path]:
    return {period: _close(tmp_path / period, period) for period in ("2026-09", "2026-10")}


def test_a_close_of_its_own_month_and_a_release_of_both_months_pass(closes: dict[str, Path]) -> None:
    for period, folder in closes.items():
        release_gate.judge_close(duckdb.connect(), folder, _identity(period), KEYS)
    # F1 is one document that both months saw: it stands once in each close, so its key repeats in no month.
    _judge(_released(closes), closes)


def test_one_month_under_the_name_of_another_is_refused(closes: dict[str, Path]) -> None:
    with pytest.raises(GateRefused) as refused:
        release_gate.judge_close(duckdb.connect(), closes["2026-10"], _identity("2026-09"), KEYS)

    said = str(refused.value)
    assert said.startswith("2026-09 is not published, and the last release stays: ")
    assert "fct_leak holds 2 rows of 2026-10" in said
    assert "run the whole close again: `cuadre close 2026-09`." in said
    assert "\n" not in said


def test_a_close_made_from_other_deliveries_is_refused(closes: dict[str, Path]) -> None:
    with pytest.raises(GateRefused, match="2026-09 stands there as a close that nobody made"):
        release_gate.judge_close(
            duckdb.connect(), closes["2026-09"], _identity("2026-09") | {"manifest_sha256": "other"}, KEYS
        )


@pytest.mark.parametrize(
    ("table", "columns", "rows", "told"),
    [
        ("fct_leak", "close_period leak_id", [("2026-09", "a"), ("2026-09", "a")], "repeats 1 of its keys"),
        ("fct_invoice", "invoice_id close_period", [("F1", "2026-09"), ("F1", "2026-09")], "repeats 1 of its keys"),
        ("dim_customer", "customer_id", [("C1",), ("C1",), ("C2",)], "repeats 1 of its keys"),
        # An unknown part of a key tells no rows apart either.
        ("fct_leak", "close_period leak_id", [("2026-09", None), ("2026-09", None)], "repeats 1 of its keys"),
        ("fct_leak", "close_period leak_id", [(None, "a")], "holds 1 rows of no month"),
    ],
)
def test_a_close_that_holds_a_key_twice_or_a_row_of_no_month_is_refused(
    closes: dict[str, Path], table: str, columns: str, rows: list[tuple], told: str
) -> None:
    _write(closes["2026-09"], table, columns, *rows)
    with pytest.raises(GateRefused, match=f"{table} {told}"):
        release_gate.judge_close(duckdb.connect(), closes["2026-09"], _identity("2026-09"), KEYS)


@pytest.mark.parametrize(
    ("broken_by", "told"),
    [
        # What one click did: September's rows gone, October's twice.
        (
            "update marts.dim_close_period set close_period = '2026-10', manifest_sha256 = 'made-from-2026-10'",
            "2026-10 stands there as a close that nobody made; the close of 2026-09 is missing",
        ),
        ("delete from marts.fct_leak where close_period = '2026-09'", "fct_leak has 2 rows, and its closes have 4"),
        ("insert into marts.fct_leak values ('2026-08', 'c')", "fct_leak holds 1 rows of 2026-08"),
        ("insert into marts.dim_customer values ('C1')", r"dim_customer repeats 1 of its keys \(customer_id\)"),
        ("drop table marts.fct_invoice", "fct_invoice is missing"),
    ],
)
def test_a_release_that_is_not_its_closes_is_refused(closes: dict[str, Path], broken_by: str, told: str) -> None:
    connection = _released(closes)
    connection.execute(broken_by)
    with pytest.raises(GateRefused, match=told):
        _judge(connection, closes)
