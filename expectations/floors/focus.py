"""The focus gate: is every charge a FOCUS 1.2 charge, and is none lost?

Lives here: FOCUS's own rules, graded (focus_rules.csv), ours over all charges, and the provider's arithmetic. Does not: the reconciliation of a
charge (reconciled). Real provider files break many of FOCUS's rules, so a rule blocks only where breaking it changes
money; the others are told.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from expectations.words.focus import CHECKS, Rule
from orchestration.quality.model import Item, Severity, Suite
from orchestration.quality.rules import every_row, no_rows

_CHARGES = "focus.int_focus__charges"
_MONEY = ("billed_cost", "billing_currency")
_RULES = Path(__file__).with_name("focus_rules.csv")
_REMEDIES = {
    "block": "Correct the mapping in dbt_project/models/focus, or ask the provider for the file again.",
    "warn": "Ask the provider; until then the row is closed as it is stated.",
    "report": "Nothing to do for this close: tell the provider which rows break the specification.",
}


def suites() -> tuple[Suite, ...]:
    """The specification's checklist, ours, the provider's own arithmetic, and the conservation of money up to here."""
    return (
        Suite("focus", "focus.specification", _CHARGES, tuple(_specification()), may_be_empty=True),
        Suite("focus", "focus.charges", _CHARGES, tuple(_ours()), may_be_empty=True),
        Suite("focus", "focus.arithmetic", "focus.int_focus__arithmetic", tuple(_arithmetic()), may_be_empty=True),
        Suite("focus", "focus.conservation", "focus.gate_conservation", tuple(_conservation()), may_be_empty=True),
    )


def rules() -> list[Rule]:
    """The graded rules of FOCUS 1.2."""
    with _RULES.open(encoding="utf-8", newline="") as file:
        return [Rule(**dict[str, Any](row)) for row in csv.DictReader(file)]


def _specification() -> Iterator[Item]:
    for rule in rules():
        expectation, label = CHECKS[rule.check](rule)
        words = rule.when.words
        yield Item(
            item_id=f"focus.{rule.rule_id}",
            expectation=expectation,
            title_es=" ".join(filter(None, (label.es, words.es))),
            title_pt=" ".join(filter(None, (label.pt, words.pt))),
            title_en=" ".join(filter(None, (label.en, words.en))),
            why=f"FOCUS 1.2: {rule.specification}",
            stage=5,
            cause_7m="MA",
            owner_role="provider_manager",
            severity=rule.grade,
            remedy=_REMEDIES[rule.grade],
            priced_by=_MONEY if rule.grade == "warn" and not rule.check.startswith("one_parent") else None,
        )


def _ours() -> Iterator[Item]:
    yield _item(
        "every_charge_word_is_mapped",
        no_rows(
            "select provider, source, original_charge_type, count(*) as charges, sum(billed_cost) as billed_cost, "
            "billing_currency from {batch} where charge_category is null group by all"
        ),
        title_es="Cada tipo de cargo del proveedor tiene su categoría FOCUS",
        title_pt="Cada tipo de cobrança do provedor tem sua categoria FOCUS",
        title_en="Each provider charge type is mapped to a FOCUS category",
        why="A charge of an unknown kind would be neither cost, nor tax, nor credit.",
        remedy="Add the word to the provider's seed in dbt_project/seeds/focus, with its category.",
    )
    yield _item(
        "every_provider_is_known",
        no_rows(
            "select provider_name, source, count(*) as charges, sum(billed_cost) as billed_cost, billing_currency "
            "from {batch} where provider is null group by all"
        ),
        title_es="Todo cargo es de un proveedor conocido",
        title_pt="Toda cobrança é de um provedor conhecido",
        title_en="Every charge comes from a known provider",
        why="A charge of an unknown provider finds neither its customer nor its contract.",
        remedy="Add the provider's name to dbt_project/seeds/focus/focus_providers.csv.",
    )
    yield _item(
        "charge_id_is_unique",
        no_rows(
            "select charge_id, count(*) as times, sum(billed_cost) as billed_cost from {batch} where hash(charge_id) in "
            "(select hash(charge_id) from {batch} group by 1 having count(*) > 1) "
            "group by charge_id having count(*) > 1 or charge_id is null"
        ),
        title_es="Cada cargo tiene un identificador único",
        title_pt="Cada cobrança tem um identificador único",
        title_en="Each charge has a unique identifier",
        why="Two charges under one name cannot be explained apart, and one of them may be a copy.",
        cause_7m="MQ",
        remedy="Name the repeated lines in the mapping: identical lines are told apart by their ordinal.",
    )
    yield _item(
        "provenance_is_known",
        every_row(
            "source is not null and delivery_sha256 is not null and source_file is not null and source_row is not null"
        ),
        title_es="Cada cargo indica su entrega, archivo y fila",
        title_pt="Cada cobrança indica sua entrega, arquivo e linha",
        title_en="Each charge names its delivery, file and row",
        why="A figure that cannot be walked back to a line of a file proves nothing to an auditor.",
        cause_7m="ME",
        remedy="Carry the provenance columns through the mapping.",
    )
    yield _item(
        "partner_margin_is_told_apart",
        every_row("is_partner_margin is not null and not (is_partner_margin and charge_category = 'Tax')"),
        title_es="El margen propio (PEC, descuento de partner) está separado del costo del cliente",
        title_pt="A margem própria (PEC, desconto de parceiro) está separada do custo do cliente",
        title_en="The partner's own margin (PEC, partner discount) is kept apart from the customer's cost",
        why="Margin that is the reseller's to keep must not be given away in a cost-based price.",
        cause_7m="ME",
        remedy="Say in the mapping whether the line is the partner's margin.",
    )
    yield _item(
        "period_is_the_closes",
        every_row("states_other_period is not true"),
        title_es="El cargo es del período que se cierra",
        title_pt="A cobrança é do período em fechamento",
        title_en="The charge is of the period being closed",
        why="Charges that state another period are closed here, counted and priced, never dropped.",
        severity="warn",
        cause_7m="MA",
        remedy="Nothing to do if the provider corrects an earlier month; else deliver the file in its own period.",
        priced_by=_MONEY,
    )
    yield _item(
        "charge_lies_in_its_billing_period",
        every_row(
            "charge_period_start >= billing_period_start and charge_period_start < billing_period_end",
            "charge_category = 'Usage' and charge_class is distinct from 'Correction' and charge_period_start is not null "
            "and billing_period_start is not null and billing_period_end is not null",
        ),
        title_es="El uso empieza dentro de su período de facturación",
        title_pt="O uso começa dentro do seu período de faturamento",
        title_en="Usage starts inside its billing period",
        why="Late usage belongs to a month that may already be closed and invoiced.",
        severity="warn",
        cause_7m="MA",
        remedy="Bill the customer for the earlier month, or tell them that the charge came late.",
        priced_by=_MONEY,
    )
    yield _item(
        "currency_decimals",
        every_row(
            "billed_cost = round(billed_cost, 0)", "billing_currency in ('CLP', 'PYG') and charge_category = 'Tax'"
        ),
        title_es="Los impuestos en monedas sin decimales (CLP, PYG) no tienen decimales",
        title_pt="Os impostos em moedas sem centavos (CLP, PYG) não têm decimais",
        title_en="Taxes in currencies without decimals (CLP, PYG) are whole numbers",
        why="A tax with decimals in such a currency was scaled or converted on the way.",
        severity="report",
        cause_7m="MQ",
        remedy="Check the decimal mark in the source's dialect.toml.",
    )


def _arithmetic() -> Iterator[Item]:
    yield _item(
        "provider_arithmetic_agrees",
        every_row("abs(residual) <= tolerance", "residual is not null"),
        title_es="El importe de cada línea del proveedor es el que da su propia fórmula de redondeo",
        title_pt="O valor de cada linha do provedor é o que resulta da sua própria fórmula de arredondamento",
        title_en="Each provider line's amount is what the provider's own rounding gives",
        why="A residual is money charged outside the published formula: it can be disputed, and is never corrected here.",
        severity="report",
        cause_7m="MA",
        remedy="Nothing to do for this close: it uses the amount as stated. Ask the provider about the lines listed here.",
        priced_by=("residual", "currency"),
    )
    yield _item(
        "line_is_recomputed_once",
        no_rows(
            "select source, delivery_sha256, source_file, source_row, count(*) as times from {batch} "
            "group by all having count(*) > 1"
        ),
        title_es="Cada línea del proveedor se recalcula una sola vez",
        title_pt="Cada linha do provedor é recalculada uma só vez",
        title_en="Each provider line is recomputed once",
        why="A residual counted twice would be claimed twice.",
        cause_7m="MQ",
        remedy="Look for the join that multiplies lines in int_focus__arithmetic.",
    )


def _conservation() -> Iterator[Item]:
    yield _item(
        "every_row_became_a_charge",
        every_row("raw_rows = staging_rows and staging_rows = focus_rows"),
        title_es="Cada fila entregada llegó a los cargos",
        title_pt="Cada linha entregue chegou às cobranças",
        title_en="Each delivered row reached the charges",
        why="A line lost on the way is a cost that nobody bills.",
        cause_7m="MQ",
        remedy="Compare the rows of the delivery named here with its staging model and its FOCUS mapping.",
    )
    yield _item(
        "no_money_was_lost_or_made",
        every_row("raw_total = staging_total and staging_total = focus_total"),
        title_es="El importe del archivo es exactamente igual al de los cargos",
        title_pt="O valor do arquivo é exatamente igual ao das cobranças",
        title_en="The file's amount equals the charges' amount exactly",
        why="Every later figure rests on this sum.",
        cause_7m="MQ",
        remedy="Compare the totals of the delivery named here with its staging model and its FOCUS mapping.",
    )


def _item(rule: str, expectation, *, severity: Severity = "block", cause_7m="MT", **said) -> Item:
    return Item(
        item_id=f"focus.{rule}",
        expectation=expectation,
        stage=5,
        cause_7m=cause_7m,
        owner_role="data_team" if severity == "block" else "billing_analyst",
        severity=severity,
        **said,
    )
