"""Which floors of a month's warehouse stand, and on which close.

Lives here: the record of it inside the warehouse file, and the refusal of a step that would build on anything else. Does not:
building or judging (close), nor what the gates said (quality).

Any step can be started alone in the Dagster UI, days after the others and after a delivery or a rule has changed. The record
lies in the file that it speaks of: a warehouse that is deleted or built anew takes it along. A warehouse that was moved or
copied is another's: its wide tables are read where they were first written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import duckdb

from orchestration.errors import GateRefused
from orchestration.floors import IN_WAREHOUSE
from orchestration.ground import sql
from orchestration.settings import Paths
from orchestration.warehouse import database

State = Literal["built", "passed"]


def note(paths: Paths, period: str, floor: str, state: State | None) -> None:
    """Write down that a floor was built, that it passed its gate, or (None) that it no longer stands.

    The table of verdicts that the marts read, `gates`, is built too, and has no gate.
    """
    with database.open_warehouse(paths, period) as connection:
        connection.execute("create schema if not exists cuadre")
        connection.execute(
            "create table if not exists cuadre.floors (floor varchar primary key, state varchar not null, file varchar not null)"
        )
        connection.execute("delete from cuadre.floors where floor = ?", [floor])
        if state:
            connection.execute(
                "insert into cuadre.floors values (?, ?, ?)", [floor, state, str(paths.warehouse(period))]
            )


def expect(paths: Paths, period: str, close_id: str, *, below: str | None = None, built: str | None = None) -> None:
    """Refuse unless the month's warehouse holds this very close and what the next step builds on.

    Args:
        close_id: the close that the lake and the rules describe now.
        below: every floor before this one must have passed its gate; None asks it of every floor.
        built: this floor, or the table `gates`, must have been built too.

    Raises:
        GateRefused: in one sentence, with what to do.
    """
    wrong = _wrong(paths, period, close_id, below, built)
    if wrong:
        raise GateRefused(
            f"{wrong}, so nothing was built or published from it: run the whole close, by the job `close` or `cuadre close {period}`."
        )


def _wrong(paths: Paths, period: str, close_id: str, below: str | None, built: str | None) -> str | None:
    file = paths.warehouse(period)
    if not file.exists():
        return f"{period} has no warehouse ({file.name} is not there)"
    try:
        with database.open_warehouse(paths, period, read_only=True) as connection:
            return _differs(connection, period, close_id) or _misses(connection, file, period, below, built)
    except duckdb.Error as error:
        return f"the warehouse of {period} cannot be read ({str(error).splitlines()[0]})"


def _differs(connection: duckdb.DuckDBPyConnection, period: str, close_id: str) -> str | None:
    held = connection.execute("select close_period, close_id from raw.cuadre__close").fetchall()
    if held == [(period, close_id)]:
        return None
    if [month for month, _ in held] == [period]:
        return f"the warehouse of {period} was made from other deliveries or by other rules than those of now"
    (file,) = sql.one_row(connection.execute("select current_catalog()"))
    return f"{file}.duckdb holds {' and '.join(m for m, _ in held) or 'no month'} instead of {period}"


def _misses(
    connection: duckdb.DuckDBPyConnection, file: Path, period: str, below: str | None, built: str | None
) -> str | None:
    kept = connection.execute(
        "select count(*) from information_schema.tables where table_schema = 'cuadre' and table_name = 'floors'"
    ).fetchone()
    noted = connection.execute("select floor, state, file from cuadre.floors").fetchall() if kept == (1,) else []
    elsewhere = {place for *_, place in noted} - {str(file)}
    if elsewhere:
        return f"the warehouse of {period} was built as {min(elsewhere)} and then moved or copied"
    states = {floor: state for floor, state, _ in noted}
    wanted = IN_WAREHOUSE[: IN_WAREHOUSE.index(below)] if below else IN_WAREHOUSE
    missing = [floor for floor in wanted if states.get(floor) != "passed"]
    if missing:
        return f"in the warehouse of {period} the gate of {', '.join(missing)} has not passed"
    return f"in the warehouse of {period} {built} is not built" if built and built not in states else None
