"""One month of hand-made cases: what each unit should be told, in dollars computed by hand.

Every case is a licence at 10 USD a seat and month, 20 seats, September 2026 (30 days), invoiced in soles at 3.5007; one
thing is wrong with it, or two.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest
from months import RATE, Month, ask, leaks, reconcile

from orchestration.settings import Paths

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
X = Decimal(RATE["PE"])

Bill = dict[str, Decimal | date]
WRONG: dict[str, tuple[str, Callable[[Bill], Bill]]] = {
    "quantity": ("QT01", lambda bill: bill | {"quantity": Decimal(16)}),
    "period": ("TP06", lambda bill: bill | {"until": date(2026, 9, 24)}),
    "price": ("PR01", lambda bill: bill | {"price": Decimal("9")}),
    "fx": ("FX02", lambda bill: bill | {"rate": X - Decimal("0.02")}),
}
"""One mistake of each term: 16 of 20 seats, 24 of 30 days, 9 of 10 dollars, two hundredths of a sol too few."""


def licence(month: Month, name: str, *bills: Bill, seats: int = 20, **terms: object) -> None:
    """A charged and contracted licence, with one invoice line for each bill."""
    month.customer(f"C{name}", "PE")
    month.subscription(name, f"C{name}", **({"unit_price": 10, "quantity": seats} | terms))
    month.charge(f"L-{name}", seats, FIRST, LAST, seats * 7)
    for place, bill in enumerate(bills):
        invoice(month, f"F-{name}-{place}", f"C{name}", name, bill)


def invoice(month: Month, number: str, customer: str, subscription: str, bill: Bill, **header: object) -> None:
    """One document with one line, its net rounded to the cent of a sol."""
    bill = {"quantity": Decimal(20), "price": Decimal(10), "from": FIRST, "until": LAST, "rate": X} | bill
    days = (bill["until"] - bill["from"]).days + 1
    price = (bill["price"] * bill["rate"]).quantize(Decimal("0.00000001"))
    line = {"subscription_id": subscription, "quantity": bill["quantity"], "unit_price": price}
    line |= {"net_amount": (price * bill["quantity"] * days / 30).quantize(Decimal("0.01"))}
    line |= {"period_from": bill["from"], "period_to": bill["until"]}
    month.invoice(number, customer, "PE", [line], **({"reference_fx_rate": bill["rate"]} | header))


def terms_of(names: tuple[str, ...]) -> dict[str, Decimal]:
    """The design's formula in dollars, by hand: (q*−q)·d*·u* + q·(d*−d)·u* + q·d·(u*−u) + q·d·u·(x*−x)/x*."""
    q = Decimal(16) if "quantity" in names else Decimal(20)
    d = Decimal("0.8") if "period" in names else Decimal(1)
    u = Decimal(9) if "price" in names else Decimal(10)
    money = {
        "quantity": (20 - q) * 1 * 10,
        "period": q * (1 - d) * 10,
        "price": q * d * (10 - u),
        "fx": q * d * u * Decimal("0.02") / X,
    }
    return {WRONG[name][0]: money[name] for name in names}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    month = Month()
    licence(month, "right", {})
    for name, (_, spoil) in WRONG.items():
        licence(month, name, spoil({}))
    for one, other in combinations(WRONG, 2):
        licence(month, f"{one}-{other}", WRONG[other][1](WRONG[one][1]({})))
    licence(month, "twice", {}, {})
    licence(month, "split", {"until": date(2026, 9, 10)}, {"from": date(2026, 9, 11)})
    licence(month, "hidden", {"quantity": Decimal(16), "price": Decimal("12.5")})
    licence(month, "ended", {"until": date(2026, 9, 12)}, end_date="2026-09-12")
    licence(month, "trial", trial_end="2026-09-15")
    licence(month, "internal-unit")
    month.rows["crm/customers"][-1]["status"] = "internal"
    licence(month, "noted", {}, {})
    month.rows["erp/invoices"][-1] |= {"doc_class": "credit_note", "applies_to_invoice_id": "F-noted-0"}
    licence(month, "both-customers", {})
    month.rows["erp/invoices"][-1]["customer_id"] = "Cright"
    month.charge("L-nobody", 3, FIRST, LAST, 21)
    return reconcile(month, tmp_path_factory.mktemp("findings"))


@pytest.fixture(scope="module")
def found(built: Paths) -> dict[str, dict[str, Decimal]]:
    return {
        unit: {code: round(amount, 2) for code, amount in classes.items()} for unit, classes in leaks(built).items()
    }


def test_a_right_invoice_has_no_finding(found) -> None:
    assert "right" not in found
    assert "split" not in found, "two lines that share the month bill it once"


@pytest.mark.parametrize("wrong", list(WRONG))
def test_one_mistake_is_one_finding(found, wrong: str) -> None:
    # quantity 4 × 10 = 40; period 20 × 0.2 × 10 = 40; price 20 × 1 = 20; rate 200 × 0.02 / 3.5007 = 1.14
    assert found[wrong] == {code: round(amount, 2) for code, amount in terms_of((wrong,)).items()}


@pytest.mark.parametrize("pair", list(combinations(WRONG, 2)), ids="-".join)
def test_two_mistakes_are_two_findings_each_with_its_own_amount(found, pair: tuple[str, str]) -> None:
    assert found["-".join(pair)] == {code: round(amount, 2) for code, amount in terms_of(pair).items()}


def test_mistakes_that_cancel_are_found_all_the_same(found) -> None:
    # four seats too few at 10 are +40; 16 seats at 2.50 too much are −40
    assert found["hidden"] == {"QT01": Decimal(40), "PR02": Decimal(-40)}


def test_the_same_invoice_twice_is_billed_once_too_often(found) -> None:
    assert found["twice"] == {"BL01": Decimal(-200)}


def test_days_after_the_contract_cost_what_the_provider_asks(found) -> None:
    # billed 1 to 12; 18 of 30 days of a cost of 140 are 84
    assert found["ended"] == {"TP01": Decimal(84)}


def test_a_trial_that_ended_is_due_from_the_next_day(found) -> None:
    # 15 of 30 days × 20 × 10
    assert found["trial"] == {"TP13": Decimal(100)}


def test_an_invoice_credited_in_full_and_never_issued_again_breaks_the_chain(found) -> None:
    assert found["noted"] == {"CR10": Decimal(200)}


def test_our_own_tenant_without_a_cost_owner_is_a_cost(found) -> None:
    assert found["internal-unit"] == {"EX13": Decimal(140)}


def test_a_charge_that_no_contract_knows_is_worth_its_cost(found) -> None:
    assert found["atalaya:L-nobody:USD"] == {"EX01": Decimal(21)}


def test_the_wrong_customer_is_a_pair(built: Paths) -> None:
    pair = ask(
        built,
        "select customer_id, round(amount_usd, 2) from reconciled.int_leaks where class_code = 'EX06' order by amount desc",
    )
    assert pair == [("Cboth-customers", Decimal(200)), ("Cright", Decimal(-200))]


def test_evidence_names_the_charges_and_the_values(built: Paths) -> None:
    ((evidence, charge_ids),) = ask(
        built,
        "select evidence, evidence_charge_ids from reconciled.int_leaks where unit_id = 'subscription:quantity' and class_code = 'QT01'",
    )
    assert json.loads(evidence) | {
        "provider_quantity": "20",
        "billed_quantity": "16",
        "contract_price": "10",
    } == json.loads(evidence)
    assert charge_ids == [
        row[0]
        for row in ask(
            built, "select charge_id from reconciled.int_charges__matched where subscription_id = 'quantity'"
        )
    ]
