"""Whatever is contracted, charged and invoiced: the bridge closes, the findings add up, every charge has one bucket."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from months import COUNTRIES, RATE, Month, ask, reconcile

DAYS = st.integers(1, 30)
QUANTITY = st.integers(1, 60)
PRICE = st.decimals("0.50", "300", places=2)
FEW = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # each example is a whole month through dbt: shrinking would take hours
)


@st.composite
def a_unit(draw: st.DrawFn) -> dict:
    """A licence, how its seats change, what its contract says about the time, and how it was invoiced."""
    return {
        "country": draw(st.sampled_from(sorted(COUNTRIES))),
        "price": draw(PRICE),
        "seats": draw(QUANTITY),
        "changes": draw(st.lists(st.tuples(DAYS, st.integers(-5, 9)), max_size=2)),
        "terms": draw(
            st.sampled_from(
                [
                    {},
                    {},
                    {},
                    {"status": "terminated", "end_date": "2026-08-12"},
                    {"end_date": "2026-09-12"},
                    {"suspended_from": "2026-09-10", "suspended_to": "2026-09-20"},
                    {"trial_end": "2026-09-10"},
                    {"promo_end": "2026-08-31", "promo_discount_pct": 10},
                    {"min_commit_amount": 5000},
                    {"price_basis": "markup_pct_on_cost", "price_value": "0.15"},
                    {"price_basis": "passthrough"},
                    {"price_basis": "fixed_fee"},
                ]
            )
        ),
        "in_crm": draw(st.sampled_from([True, True, True, True, False])),
        "charged": draw(st.sampled_from([True, True, True, True, False])),
        "lines": draw(
            st.lists(
                st.fixed_dictionaries(
                    {
                        "quantity": QUANTITY,
                        "days": st.tuples(DAYS, DAYS),
                        "whole": st.booleans(),
                        "price": st.sampled_from(["1", "1", "0.93", "1.07", "0.001"]),
                        "net": st.sampled_from(["1", "1", "1", "0.9"]),
                        "kind": st.sampled_from(
                            ["invoice", "invoice", "invoice", "credit_note", "debit_note", "cancellation"]
                        ),
                        "rate": st.sampled_from(["1", "1", "1", "1.01", "0.001"]),
                        "applies": st.booleans(),
                    }
                ),
                max_size=3,
            )
        ),
    }


def write(month: Month, number: int, unit: dict) -> None:
    """One generated unit as extracts. A unit that changes seats has a twin whose provider credits and re-bills instead."""
    country, name = unit["country"], f"{number:03}"
    month.customer(f"C{name}", country)
    for twin in ("", "T") if unit["changes"] else ("",):
        if unit["in_crm"]:
            terms = {"unit_price": unit["price"], "quantity": unit["seats"]} | unit["terms"]
            month.subscription(f"S{name}{twin}", f"C{name}", **terms)
        if unit["charged"]:
            charges(month, f"L-S{name}{twin}", unit, rebills=bool(twin))
    currency_decimals = COUNTRIES[country][1]
    for place, line in enumerate(unit["lines"]):
        rate = Decimal(RATE[country]) * Decimal(line["rate"])
        first, last = (1, 30) if line["whole"] else sorted(line["days"])
        price = (unit["price"] * Decimal(line["price"]) * rate).quantize(Decimal("0.00000001"))
        net = price * line["quantity"] * (last - first + 1) / 30 * Decimal(line["net"])
        body = {"subscription_id": f"S{name}", "quantity": line["quantity"], "unit_price": price}
        body |= {"net_amount": net.quantize(Decimal(1).scaleb(-currency_decimals), ROUND_HALF_UP)}
        body |= {"period_from": date(2026, 9, first), "period_to": date(2026, 9, last)}
        header = {"doc_class": line["kind"], "reference_fx_rate": rate}
        if line["kind"] != "invoice" and line["applies"]:
            header["applies_to_invoice_id"] = f"F{name}0"
        month.invoice(f"F{name}{place}", f"C{name}", country, [body], **header)


def charges(month: Month, licence: str, unit: dict, *, rebills: bool) -> None:
    """The provider's lines: the month's seats, then each change as one signed line or as credit and re-bill."""
    end = date(2026, 9, monthrange(2026, 9)[1])
    seats = unit["seats"]
    month.charge(licence, seats, date(2026, 9, 1), end, seats * 7)
    for day, delta in sorted(unit["changes"]):
        delta = max(delta, -seats)
        if not delta:
            continue
        lines = [(-seats, seats + delta)] if rebills else [(delta,)]
        for quantity in (q for group in lines for q in group if q):
            month.charge(licence, quantity, date(2026, 9, day), end, quantity * 3, "add" if delta > 0 else "remove")
        seats += delta


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory):
    return tmp_path_factory.mktemp("invariants")


@FEW
@given(units=st.lists(a_unit(), min_size=40, max_size=80))
def test_the_bridge_closes_for_any_contract_charge_and_invoice(home, units: list[dict]) -> None:
    month = Month()
    for number, unit in enumerate(units):
        write(month, number, unit)
    paths = reconcile(month, home)

    assert (
        ask(
            paths,
            "select unit_id, difference_amount from reconciled.int_reconciliation where difference_amount is distinct from "
            "quantity_effect + period_effect + price_effect + fx_effect + existence_effect + rounding_effect "
            "or difference_amount is distinct from expected_amount - invoiced_amount",
        )
        == []
    ), "the effects of a unit are its difference"
    assert (
        ask(
            paths,
            "select u.unit_id, u.difference_amount, sum(l.amount) from reconciled.int_reconciliation u "
            "left join reconciled.int_leaks l on l.unit_id = u.unit_id and l.is_bridge group by all "
            "having coalesce(sum(l.amount), 0) <> u.difference_amount",
        )
        == []
    ), "the findings of a unit are its difference"
    assert (
        ask(
            paths,
            "select u.unit_id, l.evidence from reconciled.int_leaks l join reconciled.int_bridge__units u using (unit_id) "
            "where l.class_code = 'UNEXPLAINED'",
        )
        == []
    ), "nothing is unexplained"
    assert (
        ask(
            paths,
            "select c.charge_id, count(k.charge_id), min(k.bucket) from focus.int_focus__charges c "
            "left join reconciled.int_charges__classified k using (charge_id) group by 1 having count(k.bucket) <> 1",
        )
        == []
    ), "every charge is in one bucket"
    assert (
        ask(paths, "select * from reconciled.int_conservation where not is_conserved or unexplained_total <> 0") == []
    )
    assert (
        ask(
            paths,
            "select one.unit_id, one.priced_amount, other.priced_amount from reconciled.int_expected one "
            "join reconciled.int_expected other on other.unit_id = one.unit_id || 'T' "
            "where one.mode = 'coverage' and one.priced_amount <> other.priced_amount",
        )
        == []
    ), "credit and re-bill expect what a single line expects"
