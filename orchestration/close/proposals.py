"""Look-alikes for a person to judge: which CRM customer an unmatched provider customer could be.

Lives here: names made comparable, splink's scoring, and the review file. Does not: any merge. Nothing here is read back; a
person who agrees adds a row to the CRM's crosswalk (`match_method` approved_proposal), and the next close uses it.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from orchestration.ground.spreadsheets import write_csv
from orchestration.settings import Paths

MOST_UNMATCHED, MOST_CUSTOMERS, MOST_CANDIDATES, LEAST_PROBABILITY = 500, 200_000, 5, 0.2
"""Bounds of one run: the costliest unmatched first, the likeliest candidates of each. Less likely is not worth anyone's time."""

_SUFFIXES = (
    "sociedad anonima cerrada|sociedad anonima|s a c|sac|s a a|saa|s a s|sas|s a|sa|s r l|srl|e i r l|eirl|s p a|spa|ltda me"
    "|ltda epp|ltda|limitada|cia|inc|llc|corp"
)
_SUFFIX = re.compile(rf"^(?P<core>.+?) (?P<suffix>{_SUFFIXES})$")

_OPENING = 12
"""Only names that open alike are compared: many companies share a first word, and a pair for each would never end."""

HEADER = [
    "id_system", "id_value", "provider_customer_name", "provider_customer_domain", "cost_usd",
    "customer_id", "legal_name", "country", "match_probability", "approved_by", "approved_at",
]  # fmt: skip


def comparable(name: str | None) -> tuple[str, str]:
    """A company name without accents, case and punctuation, and its legal suffix apart: the suffix tells persons apart.

    Returns:
        (core, suffix); `("distribuidora lima", "srl")` for "Distribuidora Lima S.R.L.".
    """
    plain = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore").decode().lower()
    words = " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())
    found = _SUFFIX.match(words)
    return (found["core"], found["suffix"].replace(" ", "")) if found else (words, "")


def domain_stem(domain: str | None) -> str | None:
    """The part of a domain that names somebody: `contoso` of contoso.onmicrosoft.com and of contoso.com.pe."""
    return domain.lower().removeprefix("www.").split(".")[0] or None if domain else None


def propose(paths: Paths, connection: duckdb.DuckDBPyConnection) -> Path | None:
    """Write the review file for the unmatched charges of the open warehouse.

    Returns:
        The file, or None where every charge has a customer and no file was needed.
    """
    unmatched = connection.execute(
        """
        select charges.customer_id_system, charges.provider_customer_id,
            max(charges.provider_customer_name) as name, max(charges.provider_customer_domain) as domain,
            sum(charges.billed_cost / usd.units_per_usd) as cost_usd
        from reconciled.int_identity__charges as charges
        left join reconciled.int_fx__period_usd as usd on charges.billing_currency = usd.currency
        where charges.customer_id is null and charges.provider_customer_id is not null
            and coalesce(charges.provider_customer_name, charges.provider_customer_domain) is not null
        group by all
        order by abs(coalesce(sum(charges.billed_cost / usd.units_per_usd), 0)) desc, 1, 2
        limit ?
        """,
        [MOST_UNMATCHED],
    ).fetchall()
    if not unmatched:
        return None
    customers = connection.execute(
        "select customer_id, legal_name, email_domain, country from reconciled.int_identity__customers order by 1 limit ?",
        [MOST_CUSTOMERS],
    ).fetchall()
    return write(paths.review / "customer_proposals.csv", pair(unmatched, customers))


def pair(unmatched: list[tuple], customers: list[tuple]) -> list[list[object]]:
    """Score unmatched (system, id, name, domain, cost) against customers (id, name, domain, country), best first."""
    from splink import Linker, SettingsCreator, block_on
    from splink import comparison_level_library as level
    from splink import comparison_library as comparison
    from splink.backends.duckdb import DuckDBAPI
    from splink.internals.comparison_level_creator import ComparisonLevelCreator

    def one_of(column: str, *levels: tuple) -> comparison.CustomComparison:
        chosen: list[ComparisonLevelCreator | dict[str, Any]] = [level.NullLevel(column)]
        chosen += [made.configure(m_probability=m, u_probability=u) for made, m, u in levels]
        return comparison.CustomComparison(comparison_levels=chosen, output_column_name=column)

    # Fixed odds, not trained: too few pairs are known, and the same input must give the same file. They are assumptions of
    # the product: a name that agrees is strong, a domain stronger, a differing legal suffix speaks against.
    settings = SettingsCreator(
        link_type="link_only",
        probability_two_random_records_match=0.005,
        blocking_rules_to_generate_predictions=[block_on("opening"), block_on("stem")],
        comparisons=[
            one_of(
                "core",
                (level.ExactMatchLevel("core"), 0.70, 0.0005),
                (level.JaroWinklerLevel("core", 0.95), 0.20, 0.002),
                (level.JaroWinklerLevel("core", 0.88), 0.07, 0.02),
                (level.ElseLevel(), 0.03, 0.9775),
            ),
            one_of("suffix", (level.ExactMatchLevel("suffix"), 0.90, 0.25), (level.ElseLevel(), 0.10, 0.75)),
            one_of("stem", (level.ExactMatchLevel("stem"), 0.60, 0.00001), (level.ElseLevel(), 0.40, 0.99999)),
        ],
    )
    left = {f"u{n:06}": row for n, row in enumerate(unmatched)}
    right = {f"c{n:06}": row for n, row in enumerate(customers)}
    connection = duckdb.connect()
    backend = DuckDBAPI(connection)
    tables = [
        _register(connection, backend, "unmatched", [(key, row[2], row[3]) for key, row in left.items()]),
        _register(connection, backend, "customers", [(key, row[1], row[2]) for key, row in right.items()]),
    ]
    linker = Linker(tables, settings, log_level="WARNING")
    scored = linker.inference.predict(threshold_match_probability=LEAST_PROBABILITY)
    pairs = connection.execute(
        f"select unique_id_l, unique_id_r, match_probability from {scored.physical_name}"
    ).fetchall()
    # splink orders the two sides by name, so the key says which is which
    sided = [(a, b, p) if a in left else (b, a, p) for a, b, p in pairs]
    sided.sort(key=lambda found: (found[0], -found[2], found[1]))
    kept = [pair for _, group in groupby(sided, key=lambda found: found[0]) for pair in islice(group, MOST_CANDIDATES)]
    return [
        [*left[a][:4], _money(left[a][4]), right[b][0], right[b][1], right[b][3], f"{p:.3f}", "", ""]
        for a, b, p in kept
    ]


def write(file: Path, rows: list[list[object]]) -> Path:
    """Write the review file whole or not at all, for Excel to know it as UTF-8."""
    return write_csv(file, HEADER, rows, encoding="utf-8-sig")


def _register(connection: duckdb.DuckDBPyConnection, backend, name: str, rows: list[tuple]):
    prepared = []
    for key, company, domain in rows:
        core, suffix = comparable(company)
        prepared.append((key, core or None, suffix, core[:_OPENING] or None, domain_stem(domain)))
    columns = ["unique_id", "core", "suffix", "opening", "stem"]
    connection.register("prepared", pl.DataFrame(prepared, schema=dict.fromkeys(columns, pl.String), orient="row"))
    connection.execute(f"create table {name}_in as select * from prepared")
    connection.unregister("prepared")
    return backend.register(f"{name}_in", dataset_display_name=name)


def _money(value: object) -> str:
    return "" if value is None else f"{value:.2f}"
