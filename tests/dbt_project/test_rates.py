"""No document is ever held to a rate from its future, nor to one older than seven days, whatever the bank's calendar.

Lives here: the models of daily and ruled rates as dbt compiles them, run in DuckDB beside a plain Python reading of the same
rule. Does not: documents (their cases stand in the models' unit tests).
"""

from __future__ import annotations

import csv
import os
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pytest
from dbt.cli.main import dbtRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.settings import dbt_project

START = date(2026, 8, 1)
SERIES = {
    "PE": ("SBS_BCRP", "PD04640PD", "sell", "USD", "PEN"),
    "CL": ("BCCH", "F073.TCO.PRE.Z.D", "mid", "USD", "CLP"),
    "AR": ("ARCA_BNA", "DOL", "sell", "USD", "ARS"),
    "CO": ("TRM", "32sa-8pi3", "mid", "USD", "COP"),
    "BR": ("PTAX", "CotacaoDolar", "sell", "USD", "BRL"),
}
LOOKS_AT_THE_DAY_BEFORE = {"AR", "BR"}

quoted_days = st.sets(st.integers(0, 45), min_size=1, max_size=25)


@pytest.fixture(scope="module")
def rates(tmp_path_factory):
    """A function (country, days quoted) → {day: (rate, rate date)} that asks the models."""
    scratch = tmp_path_factory.mktemp("dbt")
    os.environ["CUADRE_WAREHOUSE"] = str(scratch / "w.duckdb")
    folder = dbt_project()
    places = {"project-dir": folder, "profiles-dir": folder, "target-path": scratch / "t", "log-path": scratch / "logs"}
    named = [word for name, place in places.items() for word in (f"--{name}", str(place))]
    models = ["int_fx__daily", "int_fx__rule"]
    result = dbtRunner().invoke(["--quiet", "compile", "--no-introspect", "--select", *models, *named])
    assert result.success, result.exception
    compiled = {done.node.name: done.node.compiled_code for done in result.result.results}

    connection = duckdb.connect(str(scratch / "w.duckdb"))
    for schema in ("staging", "seeds", "reconciled"):
        connection.execute(f"create schema if not exists {schema}")
    rules = folder / "seeds/reference/fx_rules.csv"
    with rules.open(encoding="utf-8", newline="") as file:
        assert {row["country"] for row in csv.DictReader(file)} == set(SERIES)
    connection.execute(
        f"create table seeds.fx_rules as select * from read_csv('{rules}', types = {{'valid_to': 'DATE', 'carry_days': 'INTEGER'}})"
    )
    connection.execute(
        "create table staging.stg_fx__fx_rates (source varchar, series varchar, side varchar, base_currency varchar, "
        "quote_currency varchar, rate decimal(38, 12), rate_date date, valid_from date, valid_to date, published_at timestamp)"
    )
    for model in models:
        connection.execute(f"create view reconciled.{model} as {compiled[model]}")

    def ask(country: str, days: set[int]) -> dict[date, tuple[Decimal, date]]:
        connection.execute("delete from staging.stg_fx__fx_rates")
        rows = [(*SERIES[country], Decimal(1000 + day), START + timedelta(day)) for day in days]
        connection.executemany(
            "insert into staging.stg_fx__fx_rates select ?, ?, ?, ?, ?, ?, ?, null, null, null", rows
        )
        found = connection.execute("select on_date, rate, rate_date from reconciled.int_fx__rule").fetchall()
        assert len(found) == len({on_date for on_date, _, _ in found}), "one day, one rate"
        return {on_date: (rate, rate_date) for on_date, rate, rate_date in found}

    return ask


def by_hand(country: str, days: set[int], issued: date) -> tuple[Decimal, date] | None:
    """The rule as a person reads it: the latest rate not after the day that counts, and at most seven days before it."""
    counts = issued - timedelta(1) if country in LOOKS_AT_THE_DAY_BEFORE else issued
    usable = [day for day in days if START + timedelta(day) <= counts]
    if not usable or (counts - (START + timedelta(max(usable)))).days > 7:
        return None
    return Decimal(1000 + max(usable)), START + timedelta(max(usable))


@settings(max_examples=25, deadline=None)
@pytest.mark.parametrize("country", sorted(SERIES))
@given(days=quoted_days)
def test_a_document_finds_the_latest_rate_its_rule_allows_or_none(rates, country, days):
    found = rates(country, days)
    for offset in range(-3, 60):
        issued = START + timedelta(offset)
        assert found.get(issued) == by_hand(country, days, issued), issued


@settings(max_examples=25, deadline=None)
@pytest.mark.parametrize("country", sorted(SERIES))
@given(days=quoted_days)
def test_no_rate_comes_from_the_future_or_from_more_than_seven_days_of_silence(rates, country, days):
    for issued, (_, rate_date) in rates(country, days).items():
        assert rate_date <= issued
        assert (issued - rate_date).days <= (8 if country in LOOKS_AT_THE_DAY_BEFORE else 7)
