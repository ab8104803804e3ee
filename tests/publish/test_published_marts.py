"""What a BI user finds in the published file of the bundled months: types, keys and figures that agree between marts."""

from __future__ import annotations

import json
from collections.abc import Iterator

import duckdb
import pytest

from orchestration.settings import Paths
from orchestration.warehouse import transform

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def published(closed_sample: Paths) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(closed_sample.published / "cuadre.duckdb"), read_only=True) as connection:
        connection.execute("set schema = 'marts'")
        yield connection


def test_a_stage_is_text_in_every_mart(published) -> None:
    types = published.execute(
        "select table_name, data_type from information_schema.columns where table_schema = 'marts' and column_name = 'stage'"
    ).fetchall()
    assert {table for table, _ in types} >= {"dim_stage", "dim_leak_class", "fct_leak", "fct_checklist_item"}
    assert {kind for _, kind in types} == {"VARCHAR"}


def test_every_column_of_every_mart_is_described(closed_sample: Paths) -> None:
    nodes = json.loads(transform.manifest(closed_sample).read_text())["nodes"].values()
    marts = [
        n
        for n in nodes
        if n["resource_type"] == "model" and n["schema"] == "marts" and not n["name"].startswith("gate_")
    ]
    bare = [f"{n['name']}.{c['name']}" for n in marts for c in n["columns"].values() if not c["description"].strip()]
    assert marts
    assert bare == []
    assert [n["name"] for n in marts if not n["contract"]["enforced"]] == []


def test_the_file_says_what_each_table_and_each_column_is(published) -> None:
    """A BI tool shows the comments of the file as they are."""
    tables = dict(published.execute("select table_name, comment from duckdb_tables()").fetchall())
    columns = {
        (table, column): comment
        for table, column, comment in published.execute(
            "select table_name, column_name, comment from duckdb_columns() where schema_name = 'marts'"
        ).fetchall()
    }

    assert tables.keys() == {table for table, _ in columns} >= {"fct_leak", "dim_customer", "fct_checklist_item"}
    assert [table for table, comment in tables.items() if not comment] == []
    assert [column for column, comment in columns.items() if not comment] == []
    assert columns["fct_leak", "is_bridge"] == "Whether it is a term of R − B."


def test_what_customers_paid_in_the_month_stands_in_the_margins(published) -> None:
    """The bundled month's customers paid documents of August in September."""
    by_margin, by_unit = published.execute(
        """
        select
            (select sum(collected_in_month_usd) from fct_margin where close_period = '2024-09'),
            (select sum(collected_in_month_usd) from fct_reconciliation where close_period = '2024-09')
        """
    ).fetchone()
    assert by_margin > 0
    assert 0 < by_unit <= by_margin


def test_a_margin_is_certified_only_as_reconciled_and_without_a_finding(published) -> None:
    rows = published.execute(
        "select certified_margin_usd, reconciled_margin_usd, finding_count, not_certified_because from fct_margin"
    ).fetchall()
    certified = [row for row in rows if row[0] is not None]
    assert certified
    assert all(row[0] == row[1] and row[2] == 0 and row[3] is None for row in certified)
    assert all(row[3] for row in rows if row[0] is None)


def test_reconciled_less_booked_margin_is_what_the_findings_of_it_say(published) -> None:
    """Terms of R − B and what a provider owes, above tolerance; not timing, not risk."""
    moved, found = published.execute(
        """
        select
            (select sum(reconciled_margin_usd - booked_margin_usd) from fct_margin),
            (select sum(l.amount_usd) from fct_leak as l join dim_leak_class as c on l.class_code = c.code
             where not l.is_rounding and l.direction not in ('T', 'R') and (l.is_bridge or c.margin_term is not null))
        """
    ).fetchone()
    assert moved == found != 0


def test_a_document_is_current_once(published) -> None:
    documents, current = published.execute(
        "select count(distinct (company_id, invoice_id)), count(*) filter (is_current) from fct_invoice"
    ).fetchone()
    assert documents == current > 0
