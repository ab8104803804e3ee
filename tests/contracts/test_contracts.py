"""Contracts are data that other code relies on: names that resolve, words that mean one thing."""

from __future__ import annotations

import pytest
import yaml

from orchestration.contracts import DECIMALS, SOURCES, Table
from orchestration.contracts.words import columns
from orchestration.readers.names import normalise, place, squash
from orchestration.settings import dbt_project

TABLES = [pytest.param(table, id=table.id) for source in SOURCES.values() for table in source.tables]


@pytest.mark.parametrize("table", TABLES)
def test_every_column_that_a_table_points_at_exists(table: Table) -> None:
    pointed = {table.amount, table.currency, table.period_from, *table.key} - {None}
    assert pointed <= set(table.names)
    assert table.amount is None or table.column(table.amount).type in DECIMALS
    assert 1 <= table.stage <= 6


@pytest.mark.parametrize("table", TABLES)
def test_every_header_word_means_one_column(table: Table) -> None:
    words = [squash(word) for column in table.columns for word in (column.name, *column.aliases)]
    assert len(set(words)) == len(words)
    assert all(normalise(name) == name for name in table.names)


@pytest.mark.parametrize("table", TABLES)
def test_what_an_absent_column_means_has_its_reason_beside_it(table: Table) -> None:
    assert all(column.note for column in table.columns if column.absent_means is not None)


@pytest.mark.parametrize("table", TABLES)
def test_the_staged_model_says_the_grain_and_the_key_of_the_contract(table: Table) -> None:
    (file,) = (dbt_project() / "models" / "staging" / table.source).glob("*.yml")
    models = yaml.safe_load(file.read_text(encoding="utf-8"))["models"]
    (said,) = [model["description"] for model in models if model["name"] == f"stg_{table.id}"]
    grain = table.grain.partition(";")[0]
    assert said.lower().startswith(grain.lower())
    assert said.partition(" Key: ")[2] == (f"{', '.join(table.key)}." if table.key else "")


def test_a_canonical_table_may_carry_where_it_came_from() -> None:
    canonical = [table for source in SOURCES.values() for table in source.tables if table.key]
    assert all({"source_system", "company_id", "extracted_at"} <= set(table.names) for table in canonical)
    assert len(canonical) == 22


def test_focus_has_the_57_columns_of_version_1_2() -> None:
    names = set(SOURCES["focus"].tables[0].names)
    assert len(names) == 57 + 1  # and the id of the published sample
    assert {
        "billed_cost",
        "sku_price_details",
        "pricing_currency_effective_cost",
        "capacity_reservation_status",
    } <= names


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("lineItem/UnblendedCost", "line_item_unblended_cost"),
        ("PCToBCExchangeRateDate", "pc_to_bc_exchange_rate_date"),
        ("pcToBCExchangeRateDate", "pc_to_bc_exchange_rate_date"),
        ("ResourceURI", "resource_uri"),
        ("Tier2MpnId", "tier2_mpn_id"),
        ("service.id", "service_id"),
        ("\ufeffPartnerId", "partner_id"),
        (" Centro de Costo ", "centro_de_costo"),
        ("resourceTags/user:Name", "resource_tags_user_name"),
    ],
)
def test_headers_are_normalised(header: str, name: str) -> None:
    assert normalise(header) == name


def test_an_exact_name_wins_over_an_alias_which_is_then_kept_as_text() -> None:
    table = SOURCES["microsoft_csp_invoice"].tables[0]
    placement = place(table, ["TotalForCustomer", "Total"])
    assert placement.names == ("total_for_customer", "total")
    assert placement.doubled == (("total", "Total", "TotalForCustomer"),)


def test_unknown_headers_that_collide_are_told_apart() -> None:
    table = SOURCES["aws_cur"].tables[0]
    assert place(table, ["resourceTags/user:App", "resourceTags/user:app", ""]).names == (
        "resource_tags_user_app",
        "resource_tags_user_app_2",
        "column_3",
    )


@pytest.mark.parametrize("line", ["nothing", "amount dollars", "a text\na text", "a text! x|y ? z"])
def test_a_misspelt_contract_does_not_load(line: str) -> None:
    with pytest.raises(ValueError):
        columns(line)
