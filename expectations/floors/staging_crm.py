"""Rules of what the CRM, operations and people systems deliver.

Lives here: what must hold inside these tables and between them. Does not: compare a contract with what was charged or
invoiced (reconciled).
"""

from __future__ import annotations

from expectations.words.table_rule import TableRule
from orchestration.quality.model import Severity
from orchestration.quality.rules import every_row, no_rows


def _range(first: str, last: str, severity: Severity = "block") -> TableRule:
    return TableRule(
        f"{last}_follows_{first}",
        severity,
        every_row(f"{last} >= {first}", f"{last} is not null and {first} is not null"),
        f"«{last}» no es anterior a «{first}»",
        f"«{last}» não é anterior a «{first}»",
        f"“{last}” is not before “{first}”",
        "A range that ends before it begins covers no day, and its money would vanish.",
        f"Correct {first} or {last} in the system that delivered the row.",
        cause_7m="MO",
    )


def _known(column: str, other: str, key: str, es: str, pt: str, en: str) -> TableRule:
    """A reference that nobody answers. Not judged where the other table was not delivered at all."""
    return TableRule(
        f"{column}_is_known",
        "warn",
        no_rows(
            f"select * from {{batch}} where {column} is not null "
            f"and {column} not in (select {key} from staging.{other} where {key} is not null) "
            f"and exists (select 1 from staging.{other})"
        ),
        es,
        pt,
        en,
        "A reference that leads nowhere leaves its money without an owner; the close shows it as a leak.",
        f"Deliver the missing row of {other.removeprefix('stg_')}, or correct {column}.",
        cause_7m="MT",
    )


def _one_at_a_time(keys: str) -> TableRule:
    first = keys.split(",")[0]
    return TableRule(
        "one_version_at_a_time",
        "warn",
        no_rows(
            f"select * from (select *, lead(valid_from) over (partition by {keys} order by valid_from) as next_from "
            "from {batch}) as ordered where next_from < valid_to"
        ),
        f"Cada {first} tiene una sola versión vigente por día",
        f"Cada {first} tem uma só versão vigente por dia",
        f"Each {first} has one version in force on any day",
        "Of two versions in force the later one is used; someone should have closed the earlier.",
        "Close the earlier version on the day before the later one begins.",
        cause_7m="MO",
    )


_CUSTOMER = (
    "El cliente indicado existe en el maestro de clientes",
    "O cliente indicado existe no cadastro de clientes",
    "The customer named exists in the customer master",
)

RULES = {
    "crm__customers": (
        TableRule(
            "fiscal_id_is_of_one_customer",
            "report",
            no_rows(
                "select fiscal_id, country, count(*) as customers, string_agg(customer_id, ' ' order by customer_id) as ids "
                "from {batch} group by 1, 2 having count(*) > 1"
            ),
            "Cada identificación fiscal pertenece a un solo cliente",
            "Cada identificação fiscal pertence a um só cliente",
            "Each fiscal id belongs to one customer",
            "Two accounts of one taxpayer split its margin; generic ids never merge customers.",
            "Merge the accounts, or leave them if they are branches.",
            cause_7m="MO",
        ),
        _known(
            "parent_customer_id",
            "stg_crm__customers",
            "customer_id",
            "La casa matriz indicada existe en el maestro de clientes",
            "A matriz indicada existe no cadastro de clientes",
            "The parent company named exists in the customer master",
        ),
    ),
    "crm__customer_xref": (
        _range("valid_from", "valid_to"),
        _known("customer_id", "stg_crm__customers", "customer_id", *_CUSTOMER),
        _one_at_a_time("id_system, lower(id_value)"),
    ),
    "crm__contracts": (
        _range("start_date", "end_date"),
        _known("customer_id", "stg_crm__customers", "customer_id", *_CUSTOMER),
        TableRule(
            "active_contract_is_signed",
            "report",
            every_row("signed_at is not null", "status = 'active'"),
            "Cada contrato activo está firmado",
            "Cada contrato ativo está assinado",
            "Each active contract is signed",
            "A contract without a signature is hard to collect on.",
            "Record the date of signature.",
            cause_7m="MG",
        ),
    ),
    "crm__subscriptions": (
        _range("start_date", "end_date"),
        _range("valid_from", "valid_to"),
        _range("suspended_from", "suspended_to"),
        _known("customer_id", "stg_crm__customers", "customer_id", *_CUSTOMER),
        _known(
            "contract_id",
            "stg_crm__contracts",
            "contract_id",
            "El contrato indicado existe entre los contratos",
            "O contrato indicado existe entre os contratos",
            "The contract named exists among the contracts",
        ),
        _one_at_a_time("subscription_id"),
        TableRule(
            "unit_price_is_known",
            "block",
            every_row("unit_price is not null and unit_price >= 0", "price_basis in ('per_unit', 'fixed_fee')"),
            "Cada suscripción por unidad o de tarifa fija tiene precio",
            "Cada assinatura por unidade ou de tarifa fixa tem preço",
            "Each per-unit or fixed-fee subscription has a price",
            "Without it nobody can say what should be invoiced.",
            "Enter unit_price in the CRM; 0.00 where the service is free.",
            cause_7m="MO",
        ),
        TableRule(
            "price_value_is_known",
            "block",
            every_row("price_value is not null", "price_basis in ('markup_pct_on_cost', 'discount_off_list')"),
            "Cada suscripción con recargo o descuento indica de cuánto es",
            "Cada assinatura com markup ou desconto indica de quanto é",
            "Each subscription with a markup or discount states how much",
            "Without it nobody can say what should be invoiced.",
            "Enter price_value in the CRM, as a fraction: 0.15 for 15%.",
            cause_7m="MO",
        ),
        TableRule(
            "price_value_is_a_fraction",
            "block",
            every_row(
                "case price_basis when 'discount_off_list' then price_value between -1 and 1 "
                "else price_value between -1 and 5 end",
                "price_basis in ('markup_pct_on_cost', 'discount_off_list') and price_value is not null",
            ),
            "El recargo o descuento es una fracción (0.15), no un porcentaje (15)",
            "O markup ou desconto é uma fração (0.15), não um percentual (15)",
            "The markup or discount is a fraction (0.15), not a percentage (15)",
            "15 would be read as 1,500%.",
            "Divide price_value by 100 in the CRM.",
            cause_7m="MQ",
        ),
    ),
    "crm__renewals": (
        _known(
            "subscription_id",
            "stg_crm__subscriptions",
            "subscription_id",
            "La suscripción de cada renovación existe",
            "A assinatura de cada renovação existe",
            "The subscription of each renewal exists",
        ),
    ),
    "operations__tickets": (_range("created_at", "resolved_at", "report"),),
    "operations__deliveries": (_range("provisioned_at", "accepted_at", "report"),),
    "operations__timesheets": (
        TableRule(
            "hours_fit_in_their_day",
            "report",
            every_row("hours >= 0 and hours <= 240"),
            "Las horas no son negativas y caben en la jornada de un equipo",
            "As horas não são negativas e cabem na jornada de uma equipe",
            "Hours are not negative and fit in a team's day",
            "Hours are billed at the service's rate (PR19).",
            "Correct the hours in the timesheet.",
            cause_7m="MO",
        ),
    ),
    "people__roster": (
        TableRule(
            "available_hours_are_possible",
            "report",
            every_row("planned_hours >= 0 and available_hours >= 0 and available_hours <= 168"),
            "Las horas planificadas y disponibles caben en una semana",
            "As horas planejadas e disponíveis cabem em uma semana",
            "Planned and available hours fit in a week",
            "Availability of analysts is a metric of the 7M matrix.",
            "Correct the roster.",
            cause_7m="MO",
        ),
    ),
    "people__certifications": (_range("valid_from", "valid_to", "report"),),
}
