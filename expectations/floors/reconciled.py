"""The reconciliation gate: is every cent explained, once?

Lives here: the identities that the bridge, the buckets and the findings must keep. Does not: find leaks (dbt). Each
refusal names the bucket or the decision that would release it.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.ground import sql
from orchestration.quality.model import Item, Severity, Suite
from orchestration.quality.rules import every_row, no_rows

BUCKETS = (
    "MATCHED",
    "WITHIN_TOLERANCE",
    "TIMING",
    "LEAK",
    "OVERBILL",
    "DISPUTE",
    "INTERNAL",
    "TAX",
    "PARTNER_MARGIN",
    "ROUNDING",
)
"""Where a provider line may land. UNEXPLAINED is not among them: it must be empty to publish."""

_DIFFERENCE = ("difference_amount", "currency")
_EFFECTS = " + ".join(f"{name}_effect" for name in ("quantity", "period", "price", "fx", "existence", "rounding"))


def suites() -> tuple[Suite, ...]:
    """Units, findings, charges, and conservation of the three sides."""
    return (
        Suite("reconciled", "reconciled.units", "reconciled.int_reconciliation", tuple(_units()), may_be_empty=True),
        Suite("reconciled", "reconciled.leaks", "reconciled.int_leaks", tuple(_leaks()), may_be_empty=True),
        Suite(
            "reconciled",
            "reconciled.charges",
            "reconciled.int_charges__classified",
            tuple(_charges()),
            may_be_empty=True,
        ),
        Suite(
            "reconciled",
            "reconciled.conservation",
            "reconciled.int_conservation",
            tuple(_conservation()),
            may_be_empty=True,
        ),
    )


def _units() -> Iterator[Item]:
    yield _item(
        "difference_is_r_minus_b",
        every_row("difference_amount = expected_amount - invoiced_amount"),
        title_es="La diferencia de cada unidad es lo esperado menos lo facturado",
        title_pt="A diferença de cada unidade é o esperado menos o faturado",
        title_en="Each unit's difference is what was expected less what was invoiced",
        why="R − B is what the whole close explains.",
        remedy="A unit whose R or B is unknown lacks a price, a rate or a currency: complete the contract or the document.",
        priced_by=_DIFFERENCE,
    )
    yield _item(
        "bridge_has_no_remainder",
        every_row(f"difference_amount = {_EFFECTS}"),
        title_es="El puente cierra: los efectos suman la diferencia, sin resto",
        title_pt="A ponte fecha: os efeitos somam a diferença, sem resto",
        title_en="The bridge closes: its effects add up to the difference, without remainder",
        why="A remainder is money that nobody explains.",
        remedy="Report the unit: a term of int_bridge__terms is missing. The money would land in the bucket ROUNDING or LEAK.",
        priced_by=_DIFFERENCE,
    )
    yield _item(
        "findings_add_up_to_the_difference",
        no_rows(
            "select u.unit_id, u.currency, u.difference_amount, sum(l.amount) as findings from {batch} as u "
            "left join reconciled.int_leaks as l on u.unit_id = l.unit_id and l.is_bridge group by all "
            "having not (u.difference_amount = 0 and sum(l.amount) is null) and sum(l.amount) is distinct from u.difference_amount"
        ),
        title_es="Los hallazgos de cada unidad suman exactamente su diferencia",
        title_pt="Os achados de cada unidade somam exatamente sua diferença",
        title_en="The findings of each unit add up exactly to its difference",
        why="A cent explained twice, or not at all, hides another one.",
        remedy="Give each term of the unit one class in int_bridge__terms; what is within tolerance is class BL02.",
    )
    yield _item(
        "unit_is_one",
        no_rows("select unit_id, count(*) as times from {batch} group by 1 having count(*) > 1 or unit_id is null"),
        title_es="Cada unidad aparece una sola vez",
        title_pt="Cada unidade aparece uma só vez",
        title_en="Each unit appears once",
        why="A unit counted twice doubles its difference.",
        cause_7m="MQ",
        remedy="Look for a join that multiplies the unit in int_reconciliation.",
    )
    yield _item(
        "unit_is_in_a_bucket",
        every_row(f"bucket in ({sql.literals(BUCKETS)})"),
        title_es="Cada unidad está en una categoría conocida y nada queda sin explicar",
        title_pt="Cada unidade está em uma categoria conhecida e nada fica sem explicação",
        title_en="Each unit is in a known bucket and nothing is left unexplained",
        why="UNEXPLAINED must be 0.00 to publish.",
        remedy="Decide: LEAK or OVERBILL with a class, TIMING if next month settles it, DISPUTE if the provider must, "
        "WITHIN_TOLERANCE if it is rounding.",
        priced_by=_DIFFERENCE,
    )
    yield _item(
        "leak_has_a_class",
        every_row("class_code is not null", "bucket in ('LEAK', 'OVERBILL', 'DISPUTE')"),
        title_es="Cada fuga o sobrefacturación tiene su clase",
        title_pt="Cada perda ou cobrança a maior tem sua classe",
        title_en="Each leak or over-billing has its class",
        why="Without a class there is no cause, no owner and no way to resolve it.",
        remedy="Add the class to the seed leak_classes and its SELECT, or put the unit in TIMING.",
    )
    yield _item(
        "money_is_known_in_usd",
        every_row("expected_usd is not null and invoiced_usd is not null and difference_usd is not null"),
        title_es="Cada unidad tiene su valor en dólares",
        title_pt="Cada unidade tem seu valor em dólares",
        title_en="Each unit has its value in dollars",
        why="Without a rate its money is in no total of the region.",
        severity="warn",
        cause_7m="MT",
        remedy="Deliver the exchange rates of the document's country for the month.",
        priced_by=_DIFFERENCE,
    )


def _leaks() -> Iterator[Item]:
    yield _item(
        "finding_is_one",
        no_rows(
            "select leak_id, count(*) as times, sum(amount) as amount from {batch} group by 1 having count(*) > 1 or leak_id is null"
        ),
        title_es="Cada hallazgo aparece una sola vez",
        title_pt="Cada achado aparece uma só vez",
        title_en="Each finding appears once",
        why="The same finding twice counts its money twice.",
        cause_7m="MQ",
        remedy="Tell the two findings apart by their evidence key, or merge them.",
    )
    yield _item(
        "finding_has_a_known_class",
        no_rows(
            "select * from {batch} where class_code is null or class_code not in (select code from seeds.leak_classes)"
        ),
        title_es="Cada hallazgo es de una clase conocida",
        title_pt="Cada achado é de uma classe conhecida",
        title_en="Each finding is of a known class",
        why="A class that nobody defined has no severity, no cause and no resolution.",
        remedy="Add the class to dbt_project/seeds/reference/leak_classes.csv.",
    )
    yield _item(
        "bridged_finding_has_its_unit",
        no_rows(
            "select l.* from {batch} as l left join reconciled.int_reconciliation as u on l.unit_id = u.unit_id "
            "where l.is_bridge and u.unit_id is null"
        ),
        title_es="Ningún hallazgo del puente queda sin unidad",
        title_pt="Nenhum achado da ponte fica sem unidade",
        title_en="No finding of the bridge lacks its unit",
        why="An orphan finding adds money that no unit lost.",
        remedy="Keep the unit in int_reconciliation, or mark the finding as beside the bridge (is_bridge false).",
    )
    yield _item(
        "finding_has_money_and_currency",
        every_row("amount is not null and currency is not null and is_bridge is not null"),
        title_es="Cada hallazgo tiene importe y moneda",
        title_pt="Cada achado tem valor e moeda",
        title_en="Each finding has an amount and a currency",
        why="A finding without money cannot be ranked; 0.00 is an amount, unknown is not.",
        remedy="Complete the price, rate or document that the finding's evidence names.",
    )
    yield _item(
        "finding_is_graded",
        every_row(
            "direction in ('L', 'O', 'D', 'T', 'R') and severity in ('S1', 'S2', 'S3', 'S4') and stage is not null"
        ),
        title_es="Cada hallazgo tiene sentido, gravedad y etapa",
        title_pt="Cada achado tem sentido, gravidade e etapa",
        title_en="Each finding has a direction, a severity and a stage",
        why="Gross loss and over-billing are told apart, because their sum cancels.",
        remedy="Complete the class in the seed leak_classes.",
    )
    yield _item(
        "finding_shows_its_evidence",
        every_row("json_valid(evidence)"),
        title_es="Cada hallazgo muestra los valores comparados",
        title_pt="Cada achado mostra os valores comparados",
        title_en="Each finding shows the values compared",
        why="What cannot be shown cannot be claimed from a customer or a provider.",
        remedy="Give the finding's SELECT its evidence.",
    )
    yield _item(
        "finding_is_known_in_usd",
        every_row("amount_usd is not null"),
        title_es="Cada hallazgo tiene su valor en dólares",
        title_pt="Cada achado tem seu valor em dólares",
        title_en="Each finding has its value in dollars",
        why="Without a rate its money is in no total of the region.",
        severity="warn",
        cause_7m="MT",
        remedy="Deliver the exchange rates of the document's country for the month.",
        priced_by=("amount", "currency"),
    )


def _charges() -> Iterator[Item]:
    yield _item(
        "every_charge_is_classified_once",
        no_rows(
            "select a.charges as focus_charges, b.charges as classified_charges from "
            "(select count(*) as charges, bit_xor(hash(charge_id)) as ids from focus.int_focus__charges) as a, "
            "(select count(*) as charges, bit_xor(hash(charge_id)) as ids from {batch}) as b "
            "where a.charges <> b.charges or a.ids is distinct from b.ids"
        ),
        title_es="Cada cargo de proveedor está clasificado exactamente una vez",
        title_pt="Cada cobrança de provedor está classificada exatamente uma vez",
        title_en="Each provider charge is classified exactly once",
        why="A charge in two buckets, or in none, breaks the conservation of cost.",
        cause_7m="MQ",
        remedy="Look for the model under models/reconciled that drops or multiplies charges.",
    )
    yield _item(
        "every_charge_is_in_a_bucket",
        every_row(f"bucket in ({sql.literals(BUCKETS)})"),
        title_es="Cada cargo está en una categoría conocida y nada queda sin explicar",
        title_pt="Cada cobrança está em uma categoria conhecida e nada fica sem explicação",
        title_en="Each charge is in a known bucket and nothing is left unexplained",
        why="UNEXPLAINED must be 0.00 to publish.",
        remedy="Decide: link the charge to a subscription in the CRM, accept it as a leak of class EX01, "
        "or flag its customer as internal (INTERNAL).",
    )


def _conservation() -> Iterator[Item]:
    yield _item(
        "erp_lines_are_conserved",
        every_row("is_conserved", "side = 'erp'"),
        title_es="Cada línea del ERP está en una categoría: líneas = documento = categorías",
        title_pt="Cada linha do ERP está em uma categoria: linhas = documento = categorias",
        title_en="Each ERP line is in a bucket: lines = document = buckets",
        why="What was invoiced and is in no bucket was reconciled with nothing.",
        remedy="A document that does not add up is released by a finding of class BL05 that names it; "
        "a line without a bucket by TIMING, MATCHED or OVERBILL.",
        priced_by=("line_total", "currency"),
    )
    yield _item(
        "contract_days_are_conserved",
        every_row("is_conserved", "side = 'contract_days'"),
        title_es="Cada día de contrato se factura una sola vez o queda registrado como hueco o traslape",
        title_pt="Cada dia de contrato é faturado uma só vez ou fica registrado como lacuna ou sobreposição",
        title_en="Each contract day is billed once or is recorded as a gap or an overlap",
        why="A day that nobody accounts for is revenue that nobody asks for.",
        remedy="Name the days: TP06 for a gap, TP07 for an overlap.",
    )
    yield _item(
        "provider_lines_are_conserved",
        every_row("bucket_total = line_total and unexplained_total = 0", "side = 'provider'"),
        title_es="Cada línea de proveedor está en una categoría: líneas = categorías",
        title_pt="Cada linha de provedor está em uma categoria: linhas = categorias",
        title_en="Each provider line is in a bucket: lines = buckets",
        why="Cost that is in no bucket is margin that nobody sees leaving.",
        remedy="Put the lines in LEAK, DISPUTE, TIMING or INTERNAL.",
        priced_by=("unexplained_total", "currency"),
    )
    yield _item(
        "nothing_is_unexplained",
        every_row("unexplained_total = 0"),
        title_es="Sin explicar: 0.00",
        title_pt="Sem explicação: 0,00",
        title_en="Unexplained: 0.00",
        why="It is the condition to publish.",
        remedy="Give the money a bucket: LEAK or OVERBILL with a class, TIMING, DISPUTE, INTERNAL or ROUNDING.",
        priced_by=("unexplained_total", "currency"),
    )


def _item(rule: str, expectation, *, severity: Severity = "block", cause_7m="ME", **said) -> Item:
    owner = "data_team" if cause_7m == "MQ" else "finance_lead" if cause_7m == "MT" else "billing_analyst"
    return Item(
        item_id=f"reconciled.{rule}",
        expectation=expectation,
        stage=5,
        cause_7m=cause_7m,
        owner_role=owner,
        severity=severity,
        **said,
    )
