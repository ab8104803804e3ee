"""The raw gate: does a delivered table keep its contract?

Lives here: the items that follow from a contract, for every source alike. Does not: any rule of one source's own
business (staging). Judged over the candidate's Parquet, before anything is replaced.
"""

from __future__ import annotations

from collections.abc import Iterator

from expectations.words.iso import COUNTRIES, CURRENCIES
from expectations.words.labels import TABLES
from orchestration.contracts import SOURCES
from orchestration.contracts.model import Column, Source, Table
from orchestration.ground import sql
from orchestration.quality.model import Item, Severity, Suite
from orchestration.quality.rules import every_row, known_words, no_rows


def suites(source: Source) -> tuple[Suite, ...]:
    """One checklist per table of a source, over `raw.<source>__<table>`."""
    return tuple(suite(table) for table in source.tables)


def suite(table: Table) -> Suite:
    """Everything that one table's contract promises. A provider that charged nothing sends no file, not an empty one."""
    source = SOURCES[table.source]
    items = (
        *_required(source, table),
        *_allowed(source, table),
        *_codes(source, table),
        *_dates(source, table),
        *_json(source, table),
        *_key(source, table),
        *_period(source, table),
    )
    return Suite(
        floor="raw",
        name=f"raw.{table.id}",
        relation=f"raw.{table.id}",
        items=items,
        source=source.name,
        may_be_empty=source.kind != "provider",
    )


def _required(source: Source, table: Table) -> Iterator[Item]:
    names = {column.name for column in table.columns if column.needs_value}
    for column in (column for column in table.columns if column.name in names):
        yield _item(
            source,
            table,
            f"{column.name}.has_value",
            every_row(f"trim({_q(column)}) <> ''" if column.type == "text" else f"{_q(column)} is not null"),
            title_es=f"«{column.name}» tiene valor en cada fila {TABLES[table.id].of_es}",
            title_pt=f"«{column.name}» tem valor em cada linha {TABLES[table.id].of_pt}",
            title_en=f"“{column.name}” has a value in every row of {TABLES[table.id].en}",
            why="The contract requires it: without it the row cannot be matched or priced, and a blank is not a zero.",
            remedy=f"Ask for the file again with {column.name} filled in; nothing here will guess it.",
        )


def _allowed(source: Source, table: Table) -> Iterator[Item]:
    for column in (column for column in table.columns if column.one_of):
        values = tuple(value.lower() for value in column.one_of)
        yield _item(
            source,
            table,
            f"{column.name}.is_known",
            every_row(f"lower({_q(column)}) in ({sql.literals(values)})", f"{_q(column)} is not null"),
            title_es=f"«{column.name}» {TABLES[table.id].of_es} es uno de: {', '.join(column.one_of)}",
            title_pt=f"«{column.name}» {TABLES[table.id].of_pt} é um de: {', '.join(column.one_of)}",
            title_en=f"“{column.name}” of {TABLES[table.id].en} is one of: {', '.join(column.one_of)}",
            why="A word that nobody mapped would be treated as something that it is not.",
            remedy=f"Correct the value at the source, or add the new word to the contract of {table.id}.",
        )


def _codes(source: Source, table: Table) -> Iterator[Item]:
    for column in (column for column in table.columns if column.type == "text" and _is_currency(column)):
        yield _item(
            source,
            table,
            f"{column.name}.is_iso_4217",
            known_words(_q(column), sql.literals(CURRENCIES)),
            title_es=f"«{column.name}» {TABLES[table.id].of_es} es un código de moneda ISO 4217",
            title_pt=f"«{column.name}» {TABLES[table.id].of_pt} é um código de moeda ISO 4217",
            title_en=f"“{column.name}” of {TABLES[table.id].en} is an ISO 4217 currency code",
            why="Money in an unknown currency can be neither converted nor added.",
            remedy="Correct the code at the source: three capital letters of ISO 4217, or CLF.",
        )
    if "country" in table.names:
        yield _item(
            source,
            table,
            "country.is_iso_3166",
            known_words("country", sql.literals(COUNTRIES)),
            title_es=f"«country» {TABLES[table.id].of_es} es un código de país ISO 3166",
            title_pt=f"«country» {TABLES[table.id].of_pt} é um código de país ISO 3166",
            title_en=f"“country” of {TABLES[table.id].en} is an ISO 3166 country code",
            why="The country decides tax, exchange rate and currency decimals.",
            remedy="Correct the code at the source: two capital letters of ISO 3166.",
        )


def _dates(source: Source, table: Table) -> Iterator[Item]:
    """A required date decides money, so a wild one blocks; an optional one may be a sender's word for 'never'."""
    for column in (column for column in table.columns if column.type in ("date", "timestamp")):
        must = f"{_q(column)} >= date '2000-01-01' and {_q(column)} < date '2100-01-01'"
        yield _item(
            source,
            table,
            f"{column.name}.is_sane",
            every_row(must, f"{_q(column)} is not null"),
            title_es=f"«{column.name}» {TABLES[table.id].of_es} está entre 2000 y 2099",
            title_pt=f"«{column.name}» {TABLES[table.id].of_pt} está entre 2000 e 2099",
            title_en=f"“{column.name}” of {TABLES[table.id].en} lies between 2000 and 2099",
            why="A date out of its century is a day read as a month, or a typing error.",
            severity="block" if column.required else "report",
            remedy="Check the date order in the source's dialect.toml, then the row itself.",
        )


def _json(source: Source, table: Table) -> Iterator[Item]:
    for column in (column for column in table.columns if column.type == "json"):
        yield _item(
            source,
            table,
            f"{column.name}.is_json",
            every_row(f"json_valid({_q(column)})", f"{_q(column)} is not null"),
            title_es=f"«{column.name}» {TABLES[table.id].of_es} es JSON legible",
            title_pt=f"«{column.name}» {TABLES[table.id].of_pt} é JSON legível",
            title_en=f"“{column.name}” of {TABLES[table.id].en} is readable JSON",
            why="Credits inside unreadable JSON would vanish from the cost.",
            remedy="Export the file again; a text field was cut or quoted twice.",
        )


def _key(source: Source, table: Table) -> Iterator[Item]:
    if not table.key:
        return
    key = sql.names(table.key)
    yield _item(
        source,
        table,
        "key.is_unique",
        no_rows(
            f"select {key}, count(*) as times, min(_source_row) as first_row, max(_source_row) as last_row "
            f"from {{batch}} group by {key} having count(*) > 1"
        ),
        title_es=f"Cada {', '.join(table.key)} aparece una sola vez en {TABLES[table.id].es}",
        title_pt=f"Cada {', '.join(table.key)} aparece uma só vez {TABLES[table.id].in_pt}",
        title_en=f"Each {', '.join(table.key)} appears once in {TABLES[table.id].en}",
        why="The same document twice counts its money twice.",
        cause_7m="MQ",
        remedy="Remove the repeated rows from the extract, or correct their key.",
    )


def _period(source: Source, table: Table) -> Iterator[Item]:
    if table.period_from is None:
        return
    column = table.column(table.period_from)
    month = f"left(replace({_q(column)}, '-', ''), 6)" if column.type == "text" else f"strftime({_q(column)}, '%Y%m')"
    other = f"{month} <> replace(_close_period, '-', '')"
    yield _item(
        source,
        table,
        "period.is_the_folders",
        every_row(f"not ({other})", f"{_q(column)} is not null"),
        title_es=f"Las filas {TABLES[table.id].of_es} son del período de la carpeta en que están",
        title_pt=f"As linhas {TABLES[table.id].of_pt} são do período da pasta em que estão",
        title_en=f"Rows of {TABLES[table.id].en} belong to the period of their folder",
        why="Rows of another period are kept and counted here; whoever closes must know what they are worth.",
        severity="warn",
        cause_7m="MA",
        remedy="Nothing to do if the provider corrects an earlier month; else move the file to its period.",
        priced_by=(table.amount, table.currency or "''") if table.amount else None,
    )
    yield _item(
        source,
        table,
        "file.is_in_its_folder",
        no_rows(
            "select _source_file, count(*) as rows_of_the_file, "
            f"count(*) filter (where {other}) as rows_of_another_period "
            f"from {{batch}} group by 1 having count(*) filter (where {other}) * 2 > count(*)"
        ),
        title_es=f"Ningún archivo {TABLES[table.id].of_es} está en la carpeta de otro período",
        title_pt=f"Nenhum arquivo {TABLES[table.id].of_pt} está na pasta de outro período",
        title_en=f"No file of {TABLES[table.id].en} lies in the folder of another period",
        why="A file most of whose rows state another month was put in the wrong folder.",
        remedy="Move the file to the folder of the month that its rows state.",
    )


def _item(
    source: Source, table: Table, rule: str, expectation, *, severity: Severity = "block", cause_7m="MT", **said
) -> Item:
    return Item(
        item_id=f"raw.{table.id}.{rule}",
        expectation=expectation,
        stage=table.stage,
        cause_7m=cause_7m,
        owner_role=source.owner,
        severity=severity,
        **said,
    )


def _is_currency(column: Column) -> bool:
    return column.name.endswith(("currency", "currency_code"))


def _q(column: Column) -> str:
    return sql.name(column.name)
