"""Money divides as money: the warehouse's quotient is Python's decimal quotient, to the last of twelve decimals.

Lives here: the two arithmetic macros, rendered by dbt once and run in DuckDB. Does not: any model.
"""

from __future__ import annotations

import os
from decimal import ROUND_HALF_UP, Context, Decimal

import duckdb
import pytest
from dbt.cli.main import dbtRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orchestration.settings import dbt_project

WIDE = Context(prec=76, rounding=ROUND_HALF_UP)
STEP = Decimal("0.000000000001")


def amounts(largest: int) -> st.SearchStrategy[Decimal]:
    """Decimals with twelve places, up to `largest` in size."""
    return st.integers(-largest * 10**12, largest * 10**12).map(lambda n: Decimal(n).scaleb(-12))


@pytest.fixture(scope="module")
def arithmetic(tmp_path_factory):
    """A function (operation, left, right) → value that asks DuckDB through the macros as dbt renders them."""
    scratch = tmp_path_factory.mktemp("dbt")
    os.environ["CUADRE_WAREHOUSE"] = str(scratch / "w.duckdb")
    folder = str(dbt_project())
    connection = duckdb.connect()

    def rendered(operation: str) -> str:
        inline = f"select {{{{ {operation}('$1', '$2') }}}}"
        places = {"project-dir": folder, "profiles-dir": folder, "target-path": scratch, "log-path": scratch / "logs"}
        named = [word for name, place in places.items() for word in (f"--{name}", str(place))]
        result = dbtRunner().invoke(["--quiet", "compile", "--inline", inline, *named])
        assert result.success, result.exception
        return result.result.results[0].node.compiled_code

    statements = {name: rendered(name) for name in ("decimal_divide", "decimal_multiply")}
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
