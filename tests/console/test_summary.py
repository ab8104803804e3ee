"""The closing summary adds up what is lost and nothing else, and never writes 0.00 for what nobody knows."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest
from rich.console import Console

from orchestration.console import findings, summary
from orchestration.console.phrases import PHRASES

LEAKS = [
    # class, direction, country, customer, amount, currency, amount_usd, is_provisional
    ("EX03", "L", "PE", "C1", "350.00", "USD", "350.00", False),
    ("EX03", "L", "PE", "C2", "375.00", "PEN", None, False),  # the currency has no rate
    ("EX03", "L", "PE", "C2", "25.50", "PEN", None, False),
    ("PR02", "O", "CL", "C3", "-67.50", "USD", "-67.50", False),
    ("PR08", "D", "CL", None, "40.00", "USD", "40.00", False),  # the provider charged above its list
    ("TX05", "L", None, None, None, "PEN", None, False),  # amount and country are unknown
    ("EX03", "L", "AR", "C4", "900.00", "USD", "900.00", True),  # the invoice may still come
    ("DQ02", "R", "AR", "C4", "5000.00", "USD", "5000.00", True),
    ("BL04", "R", "AR", "C4", "70.00", "PEN", None, False),
    ("FX04", "T", "BR", "C5", "12.00", "USD", "12.00", False),
    ("BL02", "T", "BR", "C5", "0.01", "USD", "0.01", False),
    ("BL02", "T", "BR", "C5", "0.02", "PEN", None, False),
]


@pytest.fixture
def marts() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("""
            create schema marts;
            create table marts.fct_leak (leak_id varchar, close_period varchar, class_code varchar, direction varchar,
                country varchar, customer_id varchar, amount decimal(38, 12), currency varchar, amount_usd decimal(38, 12),
                is_provisional boolean);
            create table marts.dim_leak_class (code varchar, class varchar, class_es varchar, class_pt varchar);
            create table marts.dim_close_period (close_period varchar, provisional_because_es varchar,
                provisional_because_pt varchar, provisional_because_en varchar);
            insert into marts.dim_leak_class select c, c || ' in words', c || ' en palabras', c || ' em palavras'
                from (values ('EX03'), ('PR02'), ('PR08'), ('DQ02'), ('BL04'), ('FX04'), ('BL02')) as t(c);
            insert into marts.dim_close_period values ('2026-10', 'Falta la entrega de: erp.', 'Falta a entrega de: erp.',
                'Not delivered yet: erp.'), ('2026-09', null, null, null)
        """)
        for number, leak in enumerate(LEAKS):
            code, direction, country, customer, amount, currency, usd, provisional = leak
            row = [f"leak-{number}", "2026-10", code, direction, country, customer, amount, currency, usd, provisional]
            connection.execute("insert into marts.fct_leak values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        yield connection


def _shown(marts: duckdb.DuckDBPyConnection, lang: str, period: str = "2026-10") -> str:
    console = Console(file=io.StringIO(), width=220)
    summary._findings(console, findings.of_month(marts, period, lang), PHRASES[lang])
    summary._completeness(console, marts, period, lang, PHRASES[lang])
    return console.file.getvalue()


def test_the_loss_holds_losses_and_disputes_and_neither_risk_nor_timing_nor_what_may_still_come(marts) -> None:
    total = findings.of_month(marts, "2026-10", "en").total

    # 350.00 (L) + 40.00 (D); not 900.00 still to come, not 5,000.00 of risk, not 12.00 of timing, not rounding
    assert total.loss.usd == Decimal("390.00")
    assert total.over.usd == Decimal("-67.50")
    assert total.net.usd == Decimal("322.50")
    assert total.count == 6


def test_what_has_no_rate_stays_in_its_own_currency_and_what_is_unknown_is_counted(marts) -> None:
    total = findings.of_month(marts, "2026-10", "en").total

    assert total.loss.local == {"PEN": Decimal("400.50")}  # 375.00 + 25.50
    assert total.over.local == {} and total.net.unknown == 1


def test_a_sum_of_nothing_but_unrated_money_is_not_zero_dollars(marts) -> None:
    marts.execute("delete from marts.fct_leak where amount_usd is not null")

    shown = _shown(marts, "en")

    assert findings.of_month(marts, "2026-10", "en").total.loss.usd is None
    assert "400.50 PEN (no rate)" in shown and not re.search(r"(?<!\d)0\.00", shown)


def test_what_a_provider_owes_is_a_part_of_the_loss_and_named(marts) -> None:
    found = findings.of_month(marts, "2026-10", "en")

    assert found.to_claim.usd == Decimal("40.00")
    assert "to claim from providers (D): 40.00" in _shown(marts, "en")


def test_findings_without_a_customer_are_said(marts) -> None:
    found = findings.of_month(marts, "2026-10", "en").no_customer

    assert (found.count, found.net.usd, found.net.unknown) == (2, Decimal("40.00"), 1)  # PR08 and TX05
    assert "without a known customer: 2 cases, 40.00, 1 of unknown amount" in _shown(marts, "en")


def test_every_finding_stands_in_exactly_one_line(marts) -> None:
    found = findings.of_month(marts, "2026-10", "en")

    assert sum(line.count for line in found.lines) + found.rounding.count == len(LEAKS)
    assert {(line.section, line.code) for line in found.lines if line.section != "counted"} == {
        ("to_come", "EX03"), ("R", "DQ02"), ("R", "BL04"), ("T", "FX04"),
    }  # fmt: skip
    assert found.rounding.net.usd == Decimal("0.01") and found.rounding.net.local == {"PEN": Decimal("0.02")}


def test_the_first_finding_to_see_is_the_dearest_that_counts(marts) -> None:
    assert findings.of_month(marts, "2026-10", "en").example == "leak-0"


@pytest.mark.parametrize(
    ("lang", "no_rate", "unknown", "risk", "because"),
    [
        ("es", "400.50 PEN (sin tipo de cambio)", "desconocido", "riesgo (R)", "Falta la entrega de: erp."),
        ("pt", "400.50 PEN (sem taxa de câmbio)", "desconhecido", "risco (R)", "Falta a entrega de: erp."),
        ("en", "400.50 PEN (no rate)", "unknown", "risk (R)", "Not delivered yet: erp."),
    ],
)
def test_it_speaks_three_languages(marts, lang: str, no_rate: str, unknown: str, risk: str, because: str) -> None:
    shown = _shown(marts, lang)

    for words in (no_rate, unknown, risk, because, "390.00", "-67.50"):
        assert words in shown


def test_a_month_without_findings_says_so(marts) -> None:
    assert _shown(marts, "en", "2026-09").strip() == PHRASES["en"]["none"]


def test_the_three_languages_say_the_same_things() -> None:
    assert PHRASES["es"].keys() == PHRASES["pt"].keys() == PHRASES["en"].keys()
