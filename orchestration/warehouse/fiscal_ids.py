"""Who a customer is, by law.

Lives here: fiscal ids normalised and validated by python-stdnum, which no SQL engine can do. Does not: the order in which
identities are tried (int_identity__*), nor proposals of look-alikes (proposals).
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache

import duckdb
import polars as pl
from stdnum.ar import cuit
from stdnum.br import cnpj, cpf
from stdnum.cl import rut
from stdnum.co import nit
from stdnum.exceptions import ValidationError
from stdnum.pe import ruc

from orchestration.settings import dbt_project

SCHEMA = {
    "country": pl.String,
    "fiscal_id": pl.String,
    "fiscal_id_norm": pl.String,
    "is_valid": pl.Boolean,
    "is_generic": pl.Boolean,
    "group_root": pl.String,
}
"""Columns of `raw.cuadre__fiscal_ids`: one row per country and id as delivered; `group_root` is a CNPJ's first eight characters."""


@dataclass(frozen=True)
class FiscalId:
    """One id as its tax authority writes it. An invalid id keeps its characters, so that a person can recognise it."""

    norm: str
    is_valid: bool
    is_generic: bool
    group_root: str | None = None


def fiscal_ids(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Every fiscal id that the delivered customers and customer documents state, normalised, once."""
    stated = connection.execute(
        "select distinct country, fiscal_id from raw.crm__customers where fiscal_id is not null "
        "union select distinct country, customer_fiscal_id from raw.erp__invoices where customer_fiscal_id is not null "
        "order by all"
    ).fetchall()
    rows = [(country, raw, *_row(identify(country, raw))) for country, raw in stated]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def identify(country: str, raw: str) -> FiscalId:
    """Normalise one id of one country. A country without rules here keeps the id, not valid: it never merges."""
    text = re.sub(r"[^0-9A-Z]", "", raw.upper())
    norm, is_valid = _RULES.get(country, _unknown)(raw, text)
    root = norm[:8] if country == "BR" and is_valid and len(norm) == 14 else None
    return FiscalId(norm, is_valid, _is_generic(country, text), root)


def _row(found: FiscalId) -> tuple[str, bool, bool, str | None]:
    return found.norm, found.is_valid, found.is_generic, found.group_root


def _checked(rule, text: str) -> tuple[str, bool]:
    try:
        return rule.validate(text), True
    except ValidationError:
        return text, False


def _peru(raw: str, text: str) -> tuple[str, bool]:
    return _checked(ruc, text)


def _chile(raw: str, text: str) -> tuple[str, bool]:
    return _checked(rut, text.lstrip("0"))  # SAP pads a RUT with zeros, which stdnum refuses


def _argentina(raw: str, text: str) -> tuple[str, bool]:
    return _checked(cuit, text)


def _colombia(raw: str, text: str) -> tuple[str, bool]:
    """NIT-DV. Nine digits without a hyphen are a company's NIT before its check digit, which is then computed."""
    if text.isdigit() and len(text) == 9 and "-" not in raw:
        return f"{text}-{nit.calc_check_digit(text)}", True
    norm, is_valid = _checked(nit, text)
    return (f"{norm[:-1]}-{norm[-1]}", True) if is_valid else (norm, False)


def _brazil(raw: str, text: str) -> tuple[str, bool]:
    """CNPJ, alphanumeric since July 2026, or a person's CPF. Spreadsheets drop leading zeros: they are put back."""
    if len(text) == 11 and cpf.is_valid(text):
        return text, True
    return _checked(cnpj, text.zfill(14) if text.isdigit() else text)


def _unknown(raw: str, text: str) -> tuple[str, bool]:
    return text, False


_RULES = {"PE": _peru, "CL": _chile, "AR": _argentina, "CO": _colombia, "BR": _brazil}


def _is_generic(country: str, text: str) -> bool:
    """Whether the id stands for nobody in particular (seed generic_fiscal_ids)."""
    exact, prefixes = _generic()[country] if country in _generic() else (frozenset(), ())
    return (text.lstrip("0") or "0") in exact or (len(text) == 11 and text.startswith(prefixes))


@cache
def _generic() -> dict[str, tuple[frozenset[str], tuple[str, ...]]]:
    with (dbt_project() / "seeds" / "reference" / "generic_fiscal_ids.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    def of(country: str, match: str) -> list[str]:
        return [row["fiscal_id_norm"] for row in rows if (row["country"], row["match"]) == (country, match)]

    return {
        country: (frozenset(of(country, "exact")), tuple(of(country, "prefix")) or ("\0",))
        for country in {row["country"] for row in rows}
    }
