"""A fiscal id is who a customer is, if it is valid and belongs to somebody.

The ids are those of public examples, or computed from the authority's own check-digit rule.
"""

from __future__ import annotations

import duckdb
import pytest

from orchestration.warehouse.fiscal_ids import SCHEMA, fiscal_ids, identify


@pytest.mark.parametrize(
    ("country", "raw", "norm"),
    [
        ("PE", "20-51233379-7", "20512333797"),
        ("PE", " 20512333797 ", "20512333797"),
        ("CL", "76.086.428-5", "760864285"),
        ("CL", "0076086428-5", "760864285"),
        ("AR", "30-86834497-7", "30868344977"),
        ("CO", "985178128-2", "985178128-2"),
        ("CO", "9851781282", "985178128-2"),
        ("CO", "985178128", "985178128-2"),
        ("BR", "57.489.068/0001-01", "57489068000101"),
        ("BR", "12.ABC.345/01DE-35", "12ABC34501DE35"),
        ("BR", "3209101000165", "03209101000165"),
    ],
)
def test_one_company_is_one_id_however_its_systems_write_it(country, raw, norm):
    found = identify(country, raw)
    assert (found.norm, found.is_valid, found.is_generic) == (norm, True, False)


@pytest.mark.parametrize(
    ("country", "raw"),
    [
        ("PE", "20123456789"),
        ("CL", "76.086.428-6"),
        ("AR", "30868344970"),
        ("CO", "985178128-3"),
        ("BR", "57489068000102"),
        ("CO", "98517812-8"),
        ("US", "12-3456789"),
        ("PE", ""),
    ],
)
def test_a_wrong_check_digit_or_an_unknown_country_is_not_valid(country, raw):
    assert not identify(country, raw).is_valid


@pytest.mark.parametrize(
    ("country", "raw"),
    [
        ("CL", "66666666-6"),
        ("CL", "55.555.555-5"),
        ("CO", "222222222222"),
        ("AR", "50000000016"),
        ("AR", "0"),
        ("PE", "00000000000"),
    ],
)
def test_an_id_that_stands_for_nobody_is_generic_even_when_its_digits_add_up(country, raw):
    assert identify(country, raw).is_generic


def test_two_branches_of_one_brazilian_company_share_their_root():
    assert identify("BR", "57489068000101").group_root == "57489068"
    assert identify("BR", "12.ABC.345/01DE-35").group_root == "12ABC345"
    assert identify("PE", "20512333797").group_root is None


def test_every_stated_id_of_customers_and_documents_is_listed_once():
    connection = duckdb.connect()
    connection.execute("create schema raw")
    connection.execute(
        "create table raw.crm__customers as select * from (values ('PE', '20512333797'), ('PE', null)) as t(country, fiscal_id)"
    )
    connection.execute(
        "create table raw.erp__invoices as select * from (values ('PE', '20512333797'), ('PE', '20-51233379-7')) as t(country, customer_fiscal_id)"
    )
    frame = fiscal_ids(connection)
    assert dict(frame.schema) == SCHEMA
    assert frame.select("fiscal_id", "fiscal_id_norm").rows() == [
        ("20-51233379-7", "20512333797"),
        ("20512333797", "20512333797"),
    ]
