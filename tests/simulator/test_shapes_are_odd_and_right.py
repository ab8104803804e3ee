"""Each awkward shape, worked out by hand on the tiny unit of `hand`: odd to look at, and nothing owed either way."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hand import CUSTOMER, PERIOD, D, Smallest, agreement, azure, licence, licence_at_cost_plus, scene, story, usage

from orchestration.simulator import calendar, consumption, leaks, shapes, simulate
from orchestration.simulator.catalogue import ORACLE
from orchestration.simulator.charges import Charge
from orchestration.simulator.leaks.parts import billed

BY_NAME = {each.name: each for each in shapes.SHAPES}


class RisingSol:
    """3.00 soles per dollar on the first day, one cent more each day."""

    def rule(self, country, issued):
        return D(3) + D(issued.day - 1) / 100

    def per_dollar(self, currency, on):
        return D(1) if currency == "USD" else self.rule("PE", on)


def by_day(*days_and_costs: tuple[int, str]):
    """Oracle usage on some days, resold at cost plus 10 %."""
    told = usage("oracle", ORACLE[0])
    told.charges[:] = [
        Charge("usage", "new", D(cost), D(1), D(1), D(cost), date(2026, 9, day), date(2026, 9, day), ORACLE[0].code, ORACLE[0], list_cost=D(cost))
        for day, cost in days_and_costs
    ]  # fmt: skip
    told.rates = RisingSol()
    return told


def shaped(name: str, told):
    where = scene(told)
    assert BY_NAME[name].suits(told.agreement) and BY_NAME[name].shows(told)
    BY_NAME[name].apply(told, where, Smallest())
    return where


def test_each_half_of_the_cost_is_converted_on_the_day_of_the_document_that_bills_it():
    told = by_day((3, "60"), (20, "40"))
    shaped("two dates", told)
    first, second = told.documents
    assert (first.issued, second.issued) == (date(2026, 9, 16), date(2026, 9, 26))
    assert billed([first]) == D("207.90")  # 60 × 1.10 × 3.15
    assert billed([second]) == D("143.00")  # 40 × 1.10 × 3.25
    assert {row["currency"] for row in told.crm} == {"PEN"} and told.contract["currency"] == "PEN"
    assert first.stated_rate is None and second.stated_rate is None


def test_a_dollar_document_of_a_local_contract_bills_the_dollars_themselves():
    told = by_day((3, "60"), (20, "40"))
    shaped("dollar document", told)
    assert billed(told.documents) == D("110.00")  # 100 × 1.10, whatever a sol is worth
    assert told.documents[0].currency == "USD" and told.documents[0].stated_rate == D("3.24")


def test_a_new_account_takes_over_in_the_middle_of_the_month():
    told = by_day((3, "60"), (20, "40"))
    where = shaped("account changes", told)
    stranger = where.strangers[0]
    old, new = told.agreement.provider_id, stranger.agreement.provider_id
    assert old != new == told.moved_to
    assert (told.cost, stranger.cost) == (D(60), D(40))
    assert [(row["provider_subscription_id"], row["valid_from"], row.get("valid_to")) for row in told.crm] == [
        (old, date(2025, 12, 1), date(2026, 9, 15)),
        (new, date(2026, 9, 16), None),
    ]
    assert billed(told.documents) == D("440.00")  # both halves: 100 × 1.10 × 4


def test_a_converted_licence_moves_its_seats_and_costs_what_it_cost():
    told = licence()
    where = shaped("licence changes", told)
    assert [(charge.word, charge.quantity) for charge in told.charges] == [("cycleCharge", 10), ("convert", -10)]
    assert [(charge.word, charge.quantity) for charge in where.strangers[0].charges] == [("convert", 10)]
    assert told.cost + where.strangers[0].cost == D(100)
    assert billed(told.documents) == D("480.00")


def test_a_promotion_that_ends_inside_the_month_is_two_lines():
    told = licence()
    shaped("promotion ends", told)
    spans = [(each.start.day, each.end.day, each.discount_pct) for each in told.documents[0].lines]
    assert spans == [(1, 4, D(10)), (5, 30, D(0))]
    assert billed(told.documents) == D("473.60")  # 480 − 10 % of 4/30 of it
    assert {row["promo_end"] for row in told.crm} == {date(2026, 9, 4)}


@pytest.mark.parametrize("pairs", [False, True])
def test_seats_taken_back_after_two_days_are_billed_for_two_days(pairs):
    told = licence(uses_pairs=pairs)
    shaped("taken back", told)
    quantities = [int(charge.quantity) for charge in told.charges]
    assert quantities == ([10, -10, 11, -11, 10] if pairs else [10, 1, -1])
    assert billed(told.documents) == D("483.20")  # 480 + 1 × 12 × 2/30 × 4


def test_at_cost_plus_the_customer_pays_exact_days_and_the_provider_cuts_each_line():
    told = licence_at_cost_plus()
    shaped("taken back", told)
    assert told.cost == D("100.67")  # 100 + cut(10 × 28/30) 9.33 for the days from the 3rd, less cut(10 × 26/30) 8.66
    assert told.documents[0].lines[0].price == (D(100) + D(10) * 2 / 30) * D("1.10")  # 100.666… × 1.10
    seats = sum(abs(charge.quantity) for charge in told.charges)
    assert abs(told.cost - (D(100) + D(10) * 2 / 30)) <= seats / 100  # Microsoft's truncation


def test_a_short_printed_price_stays_within_half_of_its_last_decimal():
    told = licence(price=D("12.3456"), seats=10)
    shaped("printed short", told)
    document = told.documents[0]
    assert document.lines[0].unit_price(document.rate) == D("49.38")  # 49.3824
    assert abs(billed([document]) - D("493.824")) <= 10 * D("0.005")


def test_a_document_issued_in_the_next_month_has_that_days_rate():
    told = licence()
    told.rates = RisingSol()
    shaped("issued late", told)
    assert told.documents[0].issued == date(2026, 10, 1)
    assert billed(told.documents) == D("360.00")  # 120 USD × 3.00


def test_a_refused_document_and_its_second_issue_are_billed_once():
    told = licence()
    shaped("counted once", told)
    assert [(each.legal_status, each.status) for each in told.documents] == [
        ("accepted", "posted"),
        ("rejected", "posted"),
    ]
    assert billed(told.documents[:1]) == D("480.00")


def test_a_document_that_waits_for_the_authority_counts():
    told = licence()
    shaped("pending", told)
    assert [each.legal_status for each in told.documents] == ["pending"]
    assert billed(told.documents) == D("480.00")


def test_spans_of_a_month_meet_without_gap():
    told = licence()
    shaped("by spans", told)
    assert [(each.start.day, each.end.day) for each in told.documents[0].lines] == [(1, 7), (8, 14), (15, 30)]
    assert billed(told.documents) == D("480.00")  # 112 + 112 + 256


def test_a_contract_that_ends_inside_the_month_is_billed_up_to_its_last_day():
    told = licence()
    shaped("ends inside", told)
    assert told.contract["end_date"] == date(2026, 9, 5)
    assert [(each.quantity, each.start.day) for each in told.charges] == [(10, 1), (-10, 6)]
    assert billed(told.documents) == D("80.00")  # 480 × 5/30


def test_lines_without_dates_bill_the_month_of_their_document():
    told = licence()
    shaped("no period", told)
    assert not told.documents[0].lines[0].states_period
    assert billed(told.documents) == D("480.00")


def test_a_cost_in_reais_is_billed_in_reais_whatever_the_contract_counts_in():
    told = licence_at_cost_plus()
    told.agreement = replace(told.agreement, cost_currency="BRL")
    told.documents[0].rate, told.documents[0].stated_rate = D(1), None
    shaped("reais for dollars", told)
    assert billed(told.documents) == D("110.00")  # 100 × 1.10, printed at 27.50 × 4
    assert told.crm[0]["currency"] == "USD" and told.documents[0].stated_rate == D(4)


def test_zero_lines_add_nothing():
    told = licence()
    shaped("zero lines", told)
    assert (len(told.charges), told.cost) == (2, D(100))


def test_credit_never_earned_before_the_partner_had_its_role_is_the_partners_affair():
    told = azure()
    shaped("half managed", told)
    # 17 + 25 hours a day and entitlement at 0.20, two days: 16.80 earned nothing, 83.20 × 15 % = 12.48
    assert sum(charge.margin for charge in told.charges) == D("12.48")
    assert told.cost == D(100) and billed(told.documents) == D("440.00")


def test_daily_quantities_of_a_meter_add_up_to_its_invoice_line():
    told = story(agreement(family="azure", number=8))
    charge = azure().charges[0]
    days = list(consumption.daily(told, charge))
    assert {entitlement for entitlement, *_ in days} == {0, 1, 2}
    assert sum(quantity for *_, quantity in days) == charge.quantity


def test_an_anniversary_that_a_month_lacks_falls_on_its_last_day():
    assert calendar.window(31, date(2026, 9, 30)) == (date(2026, 9, 30), date(2026, 10, 30))
    assert calendar.window(31, date(2026, 9, 29)) == (date(2026, 8, 31), date(2026, 9, 29))
    assert calendar.window(30, date(2026, 3, 1)) == (date(2026, 2, 28), date(2026, 3, 29))
    assert calendar.months_covered(31, date(2026, 9, 30), date(2026, 10, 30)) == 1
    assert calendar.months_covered(31, date(2026, 10, 16), date(2026, 10, 30)) == D(15) / 31


def test_every_shape_is_seen_and_none_of_them_carries_a_leak(tmp_path, monkeypatch):
    seen: dict[str, str] = {}
    seed = leaks.seed

    def watched(plan, where):
        seen.update({each.agreement.id: each.shape for each in where.stories if each.shape})
        return seed(plan, where)

    monkeypatch.setattr(leaks, "seed", watched)
    simulate(tmp_path, seed=2, subscriptions=2000, leak_rate=1.0)
    assert set(seen.values()) == set(BY_NAME)
    leaking = {line.split(",")[2] for line in (tmp_path / "truth.csv").read_text().splitlines()[1:]}
    assert not leaking & set(seen)


def test_the_unit_of_these_tests_is_the_ordinary_one():
    assert (PERIOD, CUSTOMER.country.currency, billed(licence().documents)) == ("2026-09", "PEN", Decimal("480.00"))
