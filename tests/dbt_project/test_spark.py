"""The models are written so that Spark reads them too: dbt compiles each for Spark, and what it wrote is Spark SQL.

Lives here: the grammar, the functions and the types of every compiled model. Does not: a Spark that runs them, nor DuckDB's results.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlglot
import yaml
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.tokens import TokenType

from orchestration.settings import dbt_project

SPARK_WORDS = """
    abs add_months any_value array array_contains array_join ascii bool_and bool_or cast ceil coalesce collect_list
    collect_set concat concat_ws count count_if date_trunc datediff day dense_rank element_at explode filter first_value floor
    from_json greatest lag last_day last_value lead least left length like lower lpad ltrim make_date map max max_by md5 min
    min_by month named_struct nullif power rank regexp_extract regexp_replace repeat replace right round row_number rtrim
    sequence sha2 sign size sort_array split sqrt struct substr substring sum to_json transform trim upper xxhash64 year
    chr decimal try_cast
"""
SPARK_FUNCTIONS = frozenset(SPARK_WORDS.split())
"""What a model may call on Spark: each stands in Spark's list of built-in functions (`decimal` is a type)."""

GRAMMAR_WORDS = """
    and as between by case div else except exists filter from if in is join not on or over select then using values when where
    with within
"""
NO_FUNCTION = frozenset(GRAMMAR_WORDS.split())
"""Words that may stand before a parenthesis without calling anything."""

NAME_OF_A_DATE = re.compile(r"(^|_)(on|date|day|from|to|until|since)$")
"""How this project names a column that holds a date."""

ONLY_DUCKDB = {
    TokenType.DCOLON: "a cast with ::",
    TokenType.COLON_EQ: "a named argument with :=",
    TokenType.L_BRACKET: "a list or an element in brackets",
    TokenType.QUALIFY: "qualify",
}


def faults(sql: str) -> list[str]:
    """What Spark would refuse in one compiled model, or would read otherwise than DuckDB."""
    tokens = sqlglot.tokenize(sql, read="spark")
    found = [
        f"{ONLY_DUCKDB[token.token_type]}: line {token.line}" for token in tokens if token.token_type in ONLY_DUCKDB
    ]
    for before, token, following in zip([None, *tokens], tokens, tokens[1:], strict=False):
        word = token.text.lower()
        if word == "exclude" and following.token_type == TokenType.L_PAREN:
            found.append(f"* exclude: line {token.line}")
        elif token.text == following.text == "/":
            found.append(f"// : line {token.line}")
        elif word == "varchar" and following.token_type != TokenType.L_PAREN:
            found.append(f"varchar without a length: line {token.line}")
        elif following.token_type == TokenType.L_PAREN and re.fullmatch("[a-z_0-9]+", word):
            names_a_relation = before is not None and before.text.lower() == "with"
            if word not in SPARK_FUNCTIONS | NO_FUNCTION and not names_a_relation:
                found.append(f"{word}(): line {token.line}")
    try:
        tree = sqlglot.parse_one(sql, read="spark", error_level=ErrorLevel.RAISE)
        tree.sql("spark", unsupported_level=ErrorLevel.RAISE)
    except SqlglotError as refused:
        return [*found, str(refused)]
    found += ["* replace" for star in tree.find_all(exp.Star) if star.args.get("replace")]
    found += [
        f"date minus date: {minus}"
        for minus in tree.find_all(exp.Sub)
        if _is_date(minus.left) and _is_date(minus.right)
    ]
    return found


def _is_date(value: exp.Expression) -> bool:
    if isinstance(value, exp.Column):
        return bool(NAME_OF_A_DATE.search(value.name))
    if isinstance(value, exp.Cast):
        return value.to.this == exp.DataType.Type.DATE
    if isinstance(value, exp.Paren | exp.Max | exp.Min):
        return _is_date(value.this)
    if isinstance(value, exp.Greatest | exp.Least | exp.Coalesce):
        return any(_is_date(one) for one in (value.this, *value.expressions))
    return isinstance(value, exp.LastDay)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Name of each model → what dbt compiles it to for Spark. Nothing connects to a Spark."""
    from dbt.cli.main import dbtRunner

    folder = tmp_path_factory.mktemp("spark")
    spark = {"type": "spark", "method": "thrift", "host": "never.invalid", "schema": "main"}
    (folder / "profiles.yml").write_text(yaml.safe_dump({"cuadre": {"target": "spark", "outputs": {"spark": spark}}}))
    places = {"project-dir": dbt_project(), "profiles-dir": folder, "target-path": folder, "log-path": folder}
    named = [word for name, place in places.items() for word in (f"--{name}", str(place))]
    outcome = dbtRunner().invoke(
        [
            "compile",
            "--select",
            "fqn:cuadre,resource_type:model",
            "--indirect-selection",
            "empty",
            "--no-introspect",
            "--no-populate-cache",
            "--log-level",
            "none",
        ]
        + ["--log-level-file", "none", *named]
    )
    assert outcome.success, outcome.exception
    return {
        run.node.name: run.node.compiled_code for run in outcome.result.results if run.node.resource_type == "model"
    }


@pytest.mark.long
def test_every_model_is_compiled(compiled: dict[str, str]) -> None:
    assert set(compiled) == {file.stem for file in Path(dbt_project(), "models").rglob("*.sql")}


@pytest.mark.long
def test_every_model_is_spark_sql(compiled: dict[str, str]) -> None:
    found = {name: faults(sql) for name, sql in sorted(compiled.items())}
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("select * exclude (place) from lines", "* exclude"),
        ("select * replace (1 as place) from lines", "* replace"),
        ("select seats // 12 as years from lines", "//"),
        ("select 'a'::date as day from lines", "::"),
        ("select unnest(ids) as id from lines", "unnest"),
        ("select [first_id, last_id] as ids from lines", "brackets"),
        ("select min_by(struct_pack(id := id), place) from lines", "struct_pack"),
        ("select list_filter(ids, lambda id: id > 3) from lines", "list_filter"),
        ("select string_agg(distinct id, ', ' order by id) from lines", "string_agg"),
        ("select arg_min(id, place) from lines", "arg_min"),
        ("select cast(null as varchar) as id from lines", "varchar"),
        ("select end_date - start_date as days from lines", "date minus date"),
        ("select last_day(day) - lines.start_date as days from lines", "date minus date"),
        ("select id from lines qualify row_number() over (order by id) = 1", "qualify"),
        ("select id from lines where", "WHERE"),
    ],
)
def test_what_only_duckdb_reads_is_refused(sql: str, told: str) -> None:
    assert [fault for fault in faults(sql) if told.lower() in fault.lower()], faults(sql)


def test_plain_sql_is_not_refused() -> None:
    sql = """
        with lines as (select * from raw.lines)
        select * except (place), cast(null as string) as id, end_date - 1 as last_day_used, datediff(end_date, start_date) as days,
            min_by(named_struct('id', id), place).id as first_id
        from lines group by all
    """
    assert faults(sql) == []
