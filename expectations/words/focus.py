"""How a FOCUS rule is put to DuckDB, and how it is said to a person.

Lives here: one function per kind of check, and the conditions under which rules apply. Does not: which rules there are
or how hard each is (focus_rules.csv).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from great_expectations.expectations.expectation import Expectation

from expectations.words.iso import CURRENCIES
from expectations.words.labels import Label
from orchestration.ground import sql
from orchestration.quality.model import Severity
from orchestration.quality.rules import every_row, known_words, no_rows


class When(NamedTuple):
    """A condition, as SQL and as words."""

    sql: str
    words: Label


@dataclass(frozen=True)
class Rule:
    """One row of focus_rules.csv."""

    rule_id: str
    grade: Severity
    column: str
    check: str
    argument: str
    applies_when: str
    specification: str

    @property
    def when(self) -> When:
        """The condition, or one that always holds."""
        kind, _, column = self.applies_when.partition(":")
        if kind == "with":
            return When(
                f"{column} is not null", Label(f"si hay {column}", f"se há {column}", f"where {column} is stated")
            )
        if kind == "without":
            return When(
                f"{column} is null", Label(f"si no hay {column}", f"se não há {column}", f"where {column} is absent")
            )
        return CONDITIONS[self.applies_when]


_SOLD = "charge_category in ('Usage', 'Purchase') and charge_class is distinct from 'Correction'"

CONDITIONS = {
    "": When("true", Label("", "", "")),
    "tax": When("charge_category = 'Tax'", Label("en los impuestos", "nos impostos", "on taxes")),
    "sold": When(
        _SOLD,
        Label(
            "en usos y compras que no son correcciones",
            "em usos e compras que não são correções",
            "on usage and purchases that are not corrections",
        ),
    ),
    "purchase": When("charge_category = 'Purchase'", Label("en las compras", "nas compras", "on purchases")),
    "credit": When("charge_category = 'Credit'", Label("en los créditos", "nos créditos", "on credits")),
    "priced": When(
        "charge_class is distinct from 'Correction' and pricing_quantity is not null",
        Label("donde hay precio y cantidad", "onde há preço e quantidade", "where a price and a quantity are stated"),
    ),
    "consumed": When(
        "charge_category = 'Usage' and charge_class is distinct from 'Correction' "
        "and commitment_discount_status is distinct from 'Unused'",
        Label(
            "en los usos que no son correcciones",
            "nos usos que não são correções",
            "on usage that is not a correction",
        ),
    ),
    "not_consumed": When(
        "charge_category <> 'Usage' or commitment_discount_status = 'Unused'",
        Label("donde no se consumió nada", "onde nada foi consumido", "where nothing was consumed"),
    ),
    "commitment_row": When(
        "commitment_discount_id is not null and charge_category in ('Usage', 'Purchase') "
        "and charge_class is distinct from 'Correction'",
        Label("en las filas de un compromiso", "nas linhas de um compromisso", "on the rows of a commitment"),
    ),
    "commitment_purchase": When(
        "commitment_discount_id is not null and charge_category = 'Purchase'",
        Label("en la compra de un compromiso", "na compra de um compromisso", "on the purchase of a commitment"),
    ),
    "committed_usage": When(
        "commitment_discount_id is not null and charge_category = 'Usage'",
        Label("en el uso de un compromiso", "no uso de um compromisso", "on usage under a commitment"),
    ),
    "used_commitment": When(
        "commitment_discount_status = 'Used'",
        Label(
            "donde un compromiso cubrió el uso",
            "onde um compromisso cobriu o uso",
            "where a commitment covered the usage",
        ),
    ),
    "unused_commitment": When(
        "commitment_discount_status = 'Unused'",
        Label("donde quedó compromiso sin usar", "onde restou compromisso sem uso", "where a commitment went unused"),
    ),
    "covered_usage": When(
        "commitment_discount_status = 'Used' and commitment_discount_category = 'Usage'",
        Label(
            "en el uso ya pagado por un compromiso",
            "no uso já pago por um compromisso",
            "on usage that a commitment paid for",
        ),
    ),
    "third_party": When(
        "provider_name <> invoice_issuer_name and publisher_is_third_party",
        Label("donde cobra un tercero", "onde um terceiro cobra", "where a third party takes the payment"),
    ),
    "unused_capacity": When(
        "capacity_reservation_status = 'Unused'",
        Label("en la capacidad reservada sin uso", "na capacidade reservada sem uso", "on unused reserved capacity"),
    ),
    "reserved_usage": When(
        "capacity_reservation_id is not null and charge_category = 'Usage'",
        Label("en el uso de capacidad reservada", "no uso de capacidade reservada", "on usage of reserved capacity"),
    ),
}

_NOT_NULLABLE = (
    "billing_account_id",
    "billing_currency",
    "charge_category",
    "invoice_issuer_name",
    "provider_name",
    "publisher_name",
    "service_category",
    "service_name",
)
_IDS = (
    "billing_account_id",
    "invoice_id",
    "resource_id",
    "sku_id",
    "sku_price_id",
    "sub_account_id",
    "commitment_discount_id",
)

Said = tuple[Expectation, Label]


def _has_value(rule: Rule) -> Said:
    c = rule.column
    return every_row(f"{c} is not null", rule.when.sql), Label(f"{c} tiene valor", f"{c} tem valor", f"{c} has a value")


def _is_null(rule: Rule) -> Said:
    c = rule.column
    return every_row(f"{c} is null", rule.when.sql), Label(f"{c} está vacío", f"{c} está vazio", f"{c} is empty")


def _one_of(rule: Rule) -> Said:
    c, values = rule.column, rule.argument.split("|")
    where = f"{c} is not null and ({rule.when.sql})"
    shown = ", ".join(values)
    return every_row(f"{c} in ({sql.literals(values)})", where), Label(
        f"{c} es uno de: {shown}", f"{c} é um de: {shown}", f"{c} is one of: {shown}"
    )


def _none_of(rule: Rule) -> Said:
    c, value = rule.column, rule.argument
    where = f"{c} is not null and ({rule.when.sql})"
    return every_row(f"{c} <> '{value}'", where), Label(
        f"{c} no es {value}", f"{c} não é {value}", f"{c} is not {value}"
    )


def _currency(rule: Rule) -> Said:
    c = rule.column
    return known_words(c, sql.literals(CURRENCIES)), Label(
        f"{c} es un código ISO 4217", f"{c} é um código ISO 4217", f"{c} is an ISO 4217 code"
    )


def _national_currency(rule: Rule) -> Said:
    c = rule.column
    return every_row(f"{c} not in ('CLF', 'SVC')", f"{c} is not null"), Label(
        f"{c} es moneda de curso legal", f"{c} é moeda de curso legal", f"{c} is legal tender of a country"
    )


def _not_negative(rule: Rule) -> Said:
    c = rule.column
    return every_row(f"{c} >= 0", f"{c} is not null"), Label(
        f"{c} no es negativo", f"{c} não é negativo", f"{c} is not negative"
    )


def _zero(rule: Rule) -> Said:
    c = rule.column
    return every_row(f"{c} = 0", rule.when.sql), Label(f"{c} es cero", f"{c} é zero", f"{c} is zero")


def _equals(rule: Rule) -> Said:
    c, other = rule.column, rule.argument
    where = f"{c} is not null and ({rule.when.sql})"
    return every_row(f"{c} = {other}", where), Label(
        f"{c} es igual a {other}", f"{c} é igual a {other}", f"{c} equals {other}"
    )


def _differs(rule: Rule) -> Said:
    c, other = rule.column, rule.argument
    return every_row(f"{c} <> {other}", f"{c} is not null and {other} is not null"), Label(
        f"{c} no repite {other}", f"{c} não repete {other}", f"{c} does not repeat {other}"
    )


def _after(rule: Rule) -> Said:
    c, other = rule.column, rule.argument
    return every_row(f"{c} > {other}", f"{c} is not null and {other} is not null"), Label(
        f"{c} es posterior a {other}", f"{c} é posterior a {other}", f"{c} is later than {other}"
    )


def _product(rule: Rule) -> Said:
    """Relative, because Microsoft prices by blocks so small that any absolute bound would hide them; 38 digits may not
    hold the product, and a product that cannot be computed does not match."""
    c, price = rule.column, rule.argument  # AWS states costs to ten decimals, hence the half unit of the tenth
    must = f"try(abs({price} * pricing_quantity - {c}) <= abs({c}) * 0.000001 + 0.00000000005)"
    where = f"{c} is not null and {price} is not null and ({rule.when.sql})"
    return every_row(must, where), Label(
        f"{c} es {price} por cantidad", f"{c} é {price} vezes a quantidade", f"{c} is {price} times quantity"
    )


def _one_parent(rule: Rule) -> Said:
    c, parent = rule.column, rule.argument
    query = (
        f"select provider, {c}, count(distinct {parent}) as different from {{batch}} "
        f"where {c} is not null group by provider, {c} having count(distinct {parent}) > 1"
    )
    return no_rows(query), Label(
        f"Cada {c} tiene un solo {parent}", f"Cada {c} tem um só {parent}", f"Each {c} has one {parent}"
    )


def _key_values(rule: Rule) -> Said:
    c = rule.column
    return every_row(f"try(json_type({c})) = 'OBJECT'", f"{c} is not null"), Label(
        f"{c} es un objeto JSON", f"{c} é um objeto JSON", f"{c} is a JSON object"
    )


def _not_blank(rule: Rule) -> Said:
    must = " and ".join(f"({c} is null or trim({c}) <> '')" for c in _NOT_NULLABLE)
    return every_row(must), Label(
        "Ningún texto obligatorio está en blanco",
        "Nenhum texto obrigatório está em branco",
        "No mandatory text is blank",
    )


def _no_placeholder(rule: Rule) -> Said:
    words = "'null', 'none', 'n/a', 'na', 'not applicable', '-', '0'"
    must = " and ".join(f"({c} is null or length({c}) > 14 or lower({c}) not in ({words}))" for c in _IDS)
    return every_row(must), Label(
        "Ningún identificador es un valor genérico (N/A, null, 0)",
        "Nenhum identificador é um valor genérico (N/A, null, 0)",
        "No identifier is a placeholder (N/A, null, 0)",
    )


CHECKS: dict[str, Callable[[Rule], Said]] = {
    "has_value": _has_value,
    "is_null": _is_null,
    "one_of": _one_of,
    "none_of": _none_of,
    "currency": _currency,
    "national_currency": _national_currency,
    "not_negative": _not_negative,
    "zero": _zero,
    "equals": _equals,
    "differs": _differs,
    "after": _after,
    "product": _product,
    "one_parent": _one_parent,
    "key_values": _key_values,
    "not_blank": _not_blank,
    "no_placeholder": _no_placeholder,
}
"""What a rule asks, by the word in focus_rules.csv."""
