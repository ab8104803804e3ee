"""Reading the published file: rows by column name, and what sentences look up in it.

Lives here: how a query's answer becomes rows. Does not: which rows anybody wants (console, decisions), nor any sentence (wording).
"""

from __future__ import annotations

from typing import Any

import duckdb

from orchestration.wording.verdicts import Books


def rows(connection: duckdb.DuckDBPyConnection, query: str, **values: object) -> list[dict[str, Any]]:
    """The rows of a query by column name; `values` are its named parameters."""
    cursor = connection.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def books(connection: duckdb.DuckDBPyConnection) -> Books:
    """Names of customers, leak classes, and the decimals of each currency."""

    def pairs(query: str) -> dict[str, Any]:
        return dict(connection.execute(query).fetchall())

    return Books(
        customers=pairs("select customer_id, legal_name from marts.dim_customer where legal_name is not null"),
        classes={row["code"]: row for row in rows(connection, "select * from marts.dim_leak_class")},
        decimals=pairs("select currency, any_value(currency_decimals) from marts.dim_country group by 1"),
    )
