"""The marts gate: may these tables be published?

Lives here: that each mart keeps what was promised of it (words/promised), and that no total changed on the way from the floors
below. Does not: build or publish anything. `fct_checklist_item` is this gate's own result and is written when the close is published.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from expectations.words.labels import MARTS
from expectations.words.promised import PROMISED, Mart
from orchestration.publish.grain import keys
from orchestration.quality.model import Item, Severity, Suite
from orchestration.quality.rules import every_row, no_rows

_MAY_BE_EMPTY = {mart.name for mart in PROMISED} - {"dim_country", "dim_stage", "dim_leak_class", "dim_close_period"}
"""What depends on deliveries; the others are reference data and are never empty."""


_JUDGED_ON_THE_FILE = {"fct_provider_charge"}
"""A view as wide and long as all provider lines: its key is judged once, on the file that leaves (release_gate)."""


def suites() -> tuple[Suite, ...]:
    """One checklist per mart."""
    return tuple(
        Suite(
            "marts",
            f"marts.{mart.name}",
            f"marts.{mart.name}",
            (*_promised(mart), *_TOTALS.get(mart.name, lambda: ())()),
            may_be_empty=mart.name in _MAY_BE_EMPTY,
        )
        for mart in PROMISED
    )


def _promised(mart: Mart) -> Iterator[Item]:
    label = MARTS[mart.name]
    names = ", ".join(f"('{name}')" for name in mart.columns.split())
    yield _item(
        mart.name,
        "columns_are_there",
        no_rows(
            f"select promised.name from (values {names}) as promised(name) where promised.name not in "
            f"(select column_name from information_schema.columns where table_schema = 'marts' and table_name = '{mart.name}') "
            "/* of {batch} */"
        ),
        title_es=f"La tabla de {label.es} tiene las columnas prometidas",
        title_pt=f"A tabela de {label.pt} tem as colunas prometidas",
        title_en=f"The table of {label.en} has the promised columns",
        why="Reports of other people read these names.",
        remedy="Restore the column in the mart's SELECT; a rename is a breaking change.",
    )
    if mart.name not in _JUDGED_ON_THE_FILE:
        key = ", ".join(keys()[mart.name])
        yield _item(
            mart.name,
            "row_is_one",
            no_rows(f"select {key}, count(*) as times from {{batch}} group by {key} having count(*) > 1"),
            title_es=f"Cada fila de {label.es} es única: {key}",
            title_pt=f"Cada linha de {label.pt} é única: {key}",
            title_en=f"Each row of {label.en} is unique: {key}",
            why="A doubled row doubles every total that is built on it.",
            remedy="Look for the join that multiplies rows in the mart's SELECT.",
        )
    known = " and ".join(f"{name} is not null" for name in mart.known.split())
    yield _item(
        mart.name,
        "what_must_be_known_is",
        every_row(known),
        title_es=f"Ningún dato obligatorio falta en {label.es}",
        title_pt=f"Nenhum dado obrigatório falta em {label.pt}",
        title_en=f"No mandatory value is missing in {label.en}",
        why="An unknown value drops out of sums and joins without a word.",
        remedy=f"Trace the row down the floors; the mandatory columns are: {mart.known}.",
    )


def _charges() -> Iterator[Item]:
    yield _item(
        "fct_provider_charge",
        "total_is_the_charges",
        no_rows(
            "select * from focus.gate_mart_conservation where focus_charges <> mart_charges "
            "or focus_total is distinct from mart_total /* {batch} */"
        ),
        title_es="El total publicado de cargos es igual al de los archivos, por entrega, factura y moneda",
        title_pt="O total publicado de cobranças é igual ao dos arquivos, por entrega, fatura e moeda",
        title_en="The published total of charges equals the files', by delivery, invoice and currency",
        why="Published cost that is not the providers' cost is of no use to anyone.",
        remedy="Look for a join in fct_provider_charge that drops or multiplies charges.",
    )


def _reconciliation() -> Iterator[Item]:
    yield _same_total(
        "fct_reconciliation",
        "reconciled.int_reconciliation",
        "difference_amount",
        title_es="La diferencia publicada es igual a la conciliada, por moneda",
        title_pt="A diferença publicada é igual à conciliada, por moeda",
        title_en="The published difference equals the reconciled one, by currency",
    )


def _leaks() -> Iterator[Item]:
    yield _same_total(
        "fct_leak",
        "reconciled.int_leaks",
        "amount",
        title_es="El total publicado de hallazgos es igual al conciliado, por moneda",
        title_pt="O total publicado de achados é igual ao conciliado, por moeda",
        title_en="The published total of findings equals the reconciled one, by currency",
    )


def _conservation() -> Iterator[Item]:
    yield _item(
        "fct_conservation",
        "lines_are_in_buckets",
        every_row("bucket_total = line_total and unexplained_total = 0", "side <> 'erp'"),
        title_es="Σ categorías = Σ líneas en cada factura de proveedor; sin explicar 0.00",
        title_pt="Σ categorias = Σ linhas em cada fatura de provedor; sem explicação 0,00",
        title_en="Σ buckets = Σ lines on each provider invoice; unexplained 0.00",
        why="It is the condition to publish.",
        remedy="Give the lines a bucket: LEAK, DISPUTE, TIMING, INTERNAL or ROUNDING.",
        priced_by=("unexplained_total", "currency"),
    )
    yield _item(
        "fct_conservation",
        "header_is_met_or_explained",
        no_rows(
            "select c.* from {batch} as c where c.side = 'provider' and c.header_total is not null "
            "and not (abs(c.line_total - c.header_total) <= c.tolerance) and not exists (select 1 from marts.fct_leak as l "
            "where l.class_code in ('EX11', 'CR07') and l.provider_invoice_id is not distinct from c.invoice_id)"
        ),
        title_es="Cada factura de proveedor coincide con su encabezado, o un hallazgo explica la diferencia",
        title_pt="Cada fatura de provedor coincide com seu cabeçalho, ou um achado explica a diferença",
        title_en="Each provider invoice agrees with its header, or a finding explains the difference",
        why="The header is what is paid.",
        remedy="Deliver the missing lines; a truncated file is released by class EX11, an adjustment shown on the header by CR07.",
    )
    yield _item(
        "fct_conservation",
        "header_is_met",
        every_row("abs(line_total - header_total) <= tolerance", "side = 'provider' and header_total is not null"),
        title_es="Cada factura de proveedor coincide con su encabezado dentro de la tolerancia de FOCUS",
        title_pt="Cada fatura de provedor coincide com seu cabeçalho dentro da tolerância do FOCUS",
        title_en="Each provider invoice agrees with its header within FOCUS's tolerance",
        why="max(100 × subunit, √rows × 0.5 × subunit), of FOCUS 1.4.",
        severity="warn",
        cause_7m="MA",
        remedy="Ask the provider; the difference is in the findings.",
        priced_by=("line_total - header_total", "currency"),
    )


def _margin() -> Iterator[Item]:
    yield _item(
        "fct_margin",
        "uncertified_margin_says_why",
        every_row("(certified_margin_usd is null) = (not_certified_because is not null)"),
        title_es="Todo margen no certificado indica el motivo",
        title_pt="Toda margem não certificada indica o motivo",
        title_en="Every margin that is not certified states why",
        why="A certified figure and a reason not to certify it exclude each other.",
        remedy="Give the row its reason in fct_margin.",
    )
    yield _item(
        "fct_margin",
        "certified_is_reconciled",
        every_row(
            "certified_margin_usd = reconciled_margin_usd and finding_count = 0", "certified_margin_usd is not null"
        ),
        title_es="Un margen certificado es el conciliado, y ningún hallazgo pesa sobre él",
        title_pt="Uma margem certificada é a conciliada, e nenhum achado pesa sobre ela",
        title_en="A certified margin is the reconciled one, and no finding stands on it",
        why="A margin with an undecided leak in it is never certified.",
        remedy="Compare int_margin with fct_leak for the customer and product.",
    )
    yield _item(
        "fct_margin",
        "findings_are_what_moves_it",
        no_rows(
            "select margins.moved, findings.moved as found from "
            "(select coalesce(sum(reconciled_margin_usd - booked_margin_usd), 0) as moved, "
            "count(*) = count(reconciled_margin_usd) as is_known from {batch}) as margins cross join "
            "(select coalesce(sum(amount_usd) filter (is_moving), 0) as moved from reconciled.int_margin__findings) as findings "
            "where margins.is_known and margins.moved <> findings.moved"
        ),
        title_es="La suma de margen conciliado menos registrado es la de los hallazgos que lo mueven",
        title_pt="A soma da margem conciliada menos a registrada é a dos achados que a movem",
        title_en="The sum of reconciled less booked margin is that of the findings that move it",
        why="A finding lost between two tables would be margin that nobody explains.",
        remedy="Look for a finding of int_margin__findings whose customer and product no row of fct_margin has.",
    )
    yield _item(
        "fct_margin",
        "cash_is_conserved",
        no_rows(
            "select margins.collected, cash.collected as received from "
            "(select coalesce(sum(collected_in_month_usd), 0) as collected, "
            "count(*) = count(collected_in_month_usd) as is_known from {batch}) as margins cross join "
            "(select coalesce(sum(collected_in_month_usd), 0) as collected from reconciled.int_cash__documents) as cash "
            "where margins.is_known and margins.collected <> cash.collected"
        ),
        title_es="Lo cobrado en el mes por cliente y producto suma lo cobrado en el mes por documento",
        title_pt="O recebido no mês por cliente e produto soma o recebido no mês por documento",
        title_en="What was collected in the month by customer and product adds up to what was by document",
        why="Cash on documents of other months, or of lines that no subscription answers for, must not vanish.",
        remedy="Look for a document of int_cash__documents whose lines in int_cash__lines do not add up to it.",
    )


_TOTALS = {
    "fct_provider_charge": _charges,
    "fct_reconciliation": _reconciliation,
    "fct_leak": _leaks,
    "fct_conservation": _conservation,
    "fct_margin": _margin,
}


def _same_total(mart: str, below: str, amount: str, **titles: Any) -> Item:
    total = f"select currency, count(*) as line_count, sum({amount}) as total from {{}} group by 1"
    return _item(
        mart,
        "total_is_the_reconciled",
        no_rows(
            f"select * from ({total.format(below)}) as a full outer join ({total.format('{batch}')}) as b "
            "on a.currency is not distinct from b.currency "
            "where a.line_count is distinct from b.line_count or a.total is distinct from b.total"
        ),
        why="A mart only renames; a total that changes on the way was changed by nobody's decision.",
        remedy=f"Compare {mart} with {below}.",
        **titles,
    )


def _item(mart: str, rule: str, expectation, *, severity: Severity = "block", cause_7m="MQ", **said) -> Item:
    return Item(
        item_id=f"marts.{mart}.{rule}",
        expectation=expectation,
        stage=5,
        cause_7m=cause_7m,
        owner_role="data_team",
        severity=severity,
        **said,
    )
