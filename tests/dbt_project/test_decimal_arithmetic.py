"""Money divides as money: the warehouse's quotient is Python's decimal quotient, to the last of twelve decimals.

Lives here: the functions that dbt creates in DuckDB, called as the models call them. Does not: any model.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from pathlib import Path

import duckdb
import pytest
from dbt.cli.main import dbtRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orchestration.settings import dbt_project

WIDE = Context(prec=76, rounding=ROUND_HALF_UP)
STEP = Decimal("0.000000000001")
TENTH_DECIMAL = Decimal("0.0000000001")
MONTH = 377_580
"""Ticks of a contract month (macros/contract_months.sql)."""

Arithmetic = Callable[[str, object, object], Decimal]


def amounts(largest: int) -> st.SearchStrategy[Decimal]:
    """Decimals with twelve places, up to `largest` in size."""
    return st.integers(-largest * 10**12, largest * 10**12).map(lambda n: Decimal(n).scaleb(-12))


@pytest.fixture(scope="module")
def rendered(tmp_path_factory) -> Callable[[str], str]:
    """A function: a line with macros → SQL, as dbt renders it for DuckDB."""
    scratch = tmp_path_factory.mktemp("dbt")
    folder = str(dbt_project())
    places = {"project-dir": folder, "profiles-dir": folder, "target-path": scratch, "log-path": scratch / "logs"}
    named = [word for name, place in places.items() for word in (f"--{name}", str(place))]

    def render(line: str) -> str:
        os.environ["CUADRE_WAREHOUSE"] = str(scratch / "w.duckdb")
        result = dbtRunner().invoke(["--quiet", "compile", "--inline", line, *named])
        assert result.success, result.exception
        return result.result.results[0].node.compiled_code

    return render


@pytest.fixture(scope="module")
def warehouse(rendered, tmp_path_factory) -> Path:
    """An empty warehouse in which dbt's first statement of every command was run."""
    file = tmp_path_factory.mktemp("warehouse") / "month.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(rendered("{{ create_engine_functions() }}"))
    return file


@pytest.fixture(scope="module")
def arithmetic(rendered, warehouse) -> Arithmetic:
    """A function (operation, left, right) → value that asks DuckDB as a compiled model does."""
    connection = duckdb.connect(str(warehouse), read_only=True)
    names = ("decimal_divide", "decimal_multiply", "for_ticks")
    statements = {name: rendered(f"select {{{{ {name}('$1', '$2') }}}}") for name in names}
    return lambda operation, left, right: connection.execute(statements[operation], [left, right]).fetchone()[0]


@settings(max_examples=400, deadline=None)
@given(dividend=amounts(10**13), divisor=amounts(10**7).filter(bool))
@example(dividend=Decimal(2), divisor=Decimal(3))
@example(dividend=Decimal(-2), divisor=Decimal(3))
@example(dividend=Decimal("0.000000000001"), divisor=Decimal(2))
@example(dividend=Decimal("-0.000000000003"), divisor=Decimal(2))
@example(dividend=Decimal("-7.5"), divisor=Decimal(1))
@example(dividend=Decimal("79999999999999"), divisor=Decimal("-969.7448"))
@example(dividend=Decimal("687538941.240270650431"), divisor=Decimal("0.000000000001"))
@example(dividend=Decimal("9999999999999.999999999999"), divisor=Decimal("0.000000000003"))
@example(dividend=Decimal("-7654321098765.432109876543"), divisor=Decimal("0.000000700001"))
def test_a_quotient_is_exact_to_twelve_decimals_and_rounds_half_away_from_zero(arithmetic, dividend, divisor):
    expected = WIDE.divide(dividend, divisor).quantize(STEP, ROUND_HALF_UP, WIDE)
    if abs(expected) >= Decimal(10) ** 26:  # beyond DECIMAL(38,12) the engine stops rather than answer wrongly
        with pytest.raises(duckdb.Error):
            arithmetic("decimal_divide", dividend, divisor)
    else:
        assert arithmetic("decimal_divide", dividend, divisor) == expected


@settings(max_examples=200, deadline=None)
@given(left=amounts(10**7), right=amounts(10**6))
@example(left=Decimal("0.000000000001"), right=Decimal("0.5"))
@example(left=Decimal("-0.000000000003"), right=Decimal("0.5"))
@example(left=Decimal("-0.000000000001"), right=Decimal("0.499999999999"))
@example(left=Decimal("9999999.999999999999"), right=Decimal("999999.999999999999"))
@example(left=Decimal("-7.5"), right=Decimal(1))
def test_a_product_keeps_twelve_decimals_so_that_a_third_factor_still_fits(arithmetic, left, right):
    expected = WIDE.multiply(left, right).quantize(STEP, ROUND_HALF_UP, WIDE)
    assert arithmetic("decimal_multiply", left, right) == expected


def test_nothing_divided_or_divided_by_nothing_is_unknown_not_zero(arithmetic):
    assert arithmetic("decimal_divide", None, Decimal(3)) is None
    assert arithmetic("decimal_divide", Decimal(3), Decimal(0)) is None
    assert arithmetic("decimal_divide", Decimal(0), Decimal(7)) == 0


def test_a_sum_too_large_to_divide_stops_the_close_instead_of_lying(arithmetic):
    with pytest.raises(duckdb.Error, match="(?i)overflow|out of range"):
        arithmetic("decimal_divide", Decimal(10) ** 15, Decimal(3))


@settings(max_examples=200, deadline=None)
@given(amount=amounts(10**9), ticks=st.integers(-40 * MONTH, 40 * MONTH))
@example(amount=Decimal(10), ticks=37_758)
@example(amount=Decimal("-0.0000000001"), ticks=MONTH // 2)
@example(amount=Decimal("0.000000000050"), ticks=MONTH - 1)
@example(amount=Decimal("33.333333333333"), ticks=12 * MONTH)
@example(amount=Decimal("9.99"), ticks=-MONTH - 12_586)
def test_part_of_a_month_is_its_share_to_ten_decimals_and_whole_months_are_exact(arithmetic, amount, ticks):
    months, part = abs(ticks) // MONTH * (1 if ticks >= 0 else -1), abs(ticks) % MONTH * (1 if ticks >= 0 else -1)
    share = WIDE.divide(WIDE.multiply(amount.quantize(TENTH_DECIMAL, ROUND_HALF_UP, WIDE), part), MONTH)
    assert arithmetic("for_ticks", amount, ticks) == amount * months + share.quantize(
        TENTH_DECIMAL, ROUND_HALF_UP, WIDE
    )


@pytest.mark.parametrize("macro", ["decimal_divide", "decimal_multiply", "for_ticks"])
def test_compiled_sql_names_the_function_and_nothing_of_how_it_works(rendered, macro):
    assert rendered(f"select {{{{ {macro}('a', 'b') }}}}") == f"select {macro}(a, b)"


def test_a_column_may_have_the_name_of_a_step_inside_a_function(warehouse):
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        query = """
            select decimal_divide(step, pair), decimal_multiply(pair, step), decimal_divide(a, decimal_divide(b, q))
            from (select 2 as step, 3 as pair, 6 as a, 9 as b, 3 as q)
        """
        assert connection.execute(query).fetchone() == (Decimal("0.666666666667"), Decimal(6), Decimal(2))


def test_a_view_that_divides_is_read_from_another_connection(rendered, tmp_path):
    file = tmp_path / "month.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(rendered("{{ create_engine_functions() }}"))
        connection.execute("create schema staging; create view staging.rates as select decimal_divide(1, 3) as rate")
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as other (read_only)")
        assert connection.execute("select rate from other.staging.rates").fetchone() == (Decimal("0.333333333333"),)
