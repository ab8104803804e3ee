"""The amount of every class, worked out by hand on the tiny unit of `hand`."""

from datetime import date

import pytest
from hand import (
    D,
    Smallest,
    azure,
    licence,
    licence_at_cost_plus,
    licence_with_addition,
    metered,
    passthrough,
    scene,
    usage,
    with_minimum,
    with_note,
)

from orchestration.simulator import leaks
from orchestration.simulator.calendar import months_covered
from orchestration.simulator.catalogue import COUNTRIES, ORACLE
from orchestration.simulator.leaks import bridge, existence
from orchestration.simulator.people import Customer

HAND = [
    # quantity, period, price, rate
    ("QT01", licence, "48.00"),  # 1 seat of 10 not billed: 1 × 12 × 4
    ("QT02", licence, "-48.00"),  # 1 seat too many
    ("QT03", licence_with_addition, "72.00"),  # 3 × 12 × 15/30 × 4
    ("QT06", metered, "100.00"),  # 200 × 0.125, × 4
    ("QT07", with_minimum, "160.00"),  # (150 − 110) × 4
    ("TP05", licence_with_addition, "4.80"),  # one of its 15 days forgotten: 3 × 12 × 1/30 × 4
    ("TP06", licence, "48.00"),  # 3 of 30 days not billed: 10 × 12 × 3/30 × 4
    ("TP07", licence, "-48.00"),  # 3 days billed twice
    ("PR01", licence, "19.20"),  # 4 % below 12.00: 0.48 × 10 × 4
    ("PR02", licence, "-19.20"),
    ("BL03", licence, "19.20"),  # the same, by hand
    ("PR05", licence, "43.20"),  # 10 % of 480.00 on the 27 of 30 days after its end on 3 September
    ("FX01", licence, "24.00"),  # 120 USD × (4.00 − 3.80)
    ("FX02", licence, "-12.00"),  # 120 USD × (4.00 − 4.10)
    ("FX03", licence, "57.60"),  # frozen at 88 % of 4.00 = 3.52: 120 × 0.48
    ("FX06", licence, "450.00"),  # inverted, 1/4 = 0.25: 120 × (4.00 − 0.25)
    # existence
    ("EX01", licence, "100.00"),  # C = 10 × 10.00, in the provider's dollars
    ("EX02", licence, "0"),
    ("EX03", licence, "120.00"),  # R, in contract currency
    ("EX04", licence, "-320.00"),  # 80.00 USD nobody ordered, at 4.00
    ("EX05", licence, "-480.00"),
    ("EX07", licence, "-5"),
    ("EX08", licence, "120.00"),
    ("EX09", licence, "-480.00"),
    ("EX10", lambda: usage("oracle", ORACLE[0]), "100.00"),
    ("TP01", licence, "100.00"),
    ("TP02", licence, "-432.00"),  # lived 3 days: 10 × 12 × 27/30 × 4
    ("TP09", licence, "100.00"),
    ("TP13", licence, "120.00"),
    ("TP14", licence, "100.00"),
    ("TX06", licence, "120.00"),  # R: a refused document bills nothing
    ("BL01", licence, "-480.00"),
    # provider's prices
    ("PR03", licence, "18.40"),  # 32 % of 120 = 38.40, earned 20.00
    ("PR04", licence, "20.00"),  # sold at 8.00, cost 10.00, ten seats
    ("PR07", licence_at_cost_plus, "17.60"),  # cost 10.00 → 10.40: 4.00 × 1.10 × 4
    (
        "PR10",
        azure,
        "1.26",
    ),  # two meters, 200 and 300 hours at 0.20, over two entitlements and six days: 17 + 25 hours of one day × 15 %
    ("PR11", lambda: passthrough(True), "60.00"),  # 15.00 × 4
    ("PR16", azure, "105.60"),  # 20 × 1.2 = 24.00 of marketplace: × 1.10 × 4
    ("TP03", licence, "200.00"),  # bought until 30 November: 2 months × 100.00
    ("TP08", lambda: usage("oracle", ORACLE[0]), "-4.40"),  # 40 hours × 0.025 = 1.00 taken back: × 1.10 × 4
    ("QT04", licence, "9.666666666666666666666667"),  # 1 seat × 10.00 × 29/30
    # credits and documents
    ("CR02", lambda: passthrough(True), "-20.00"),  # 5.00 × 4
    ("CR03", lambda: passthrough(False), "20.00"),
    ("CR05", licence, "72.00"),  # 15 % of 120.00 × 4
    ("CR06", with_note, "48.00"),
    ("CR10", licence, "480.00"),
    ("BL05", licence_with_addition, "72.00"),  # the header forgot the line of 18.00 USD
    # cash: 480.00 and 18 % IGV = 566.40 in August, paid in September; the smallest draw holds back 5 or 3 %
    ("CO01", licence, "28.32"),
    ("CO02", licence, "0"),
    ("CO03", licence, "28.32"),  # 566.40, 35 days past due: 5 %
    ("CO07", licence, "16.99"),  # 3 % of 566.40 = 16.992
]


@pytest.mark.parametrize(("code", "make", "due"), HAND, ids=[code for code, _, _ in HAND])
def test_the_seeded_amount_is_the_hand_computed_one(code, make, due):
    told = make()
    where, leak = scene(told), leaks.LEAKS[code]
    assert leak.applies(told, where)
    found = leak.seed(told, where, Smallest())
    assert [truth.class_code for truth in found] == [code]
    assert abs(found[0].amount - D(due)) < D("1e-12")


def test_a_wrong_customer_owes_and_is_owed_the_same_invoice():
    other = Customer(0, "Otro S.A.C.", COUNTRIES["PE"], "20100070970", "A", False, False, "PEN", 25, 10)
    told = licence()
    existence_customer, existence.customer = existence.customer, lambda seed, number: other
    try:
        found = leaks.LEAKS["EX06"].seed(told, scene(told), Smallest())
    finally:
        existence.customer = existence_customer
    assert [truth.amount for truth in found] == [D("480.00"), D("-480.00")]
    assert told.documents[0].customer is other


def test_a_missed_uplift_is_five_percent_of_the_old_price():
    told = licence(term="P1Y", start=date(2025, 9, 1))
    found = leaks.LEAKS["TP10"].seed(told, scene(told), Smallest())
    assert [truth.amount for truth in found] == [D("24.00")]  # 10 × 12 × 5 % × 4
    assert told.crm[0]["uplift_pct"] == 5


def test_an_internal_customer_without_owner_costs_what_the_provider_charged():
    where = scene(licence())
    found = existence.internal(where)
    assert [(truth.class_code, truth.amount) for truth in found] == [("EX13", D("100.00"))]
    assert where.owner == ""


def test_every_class_of_the_list_has_a_hand_computed_case():
    covered = {code for code, _, _ in HAND} | {"EX06", "EX13", "TP10", *leaks.provider.CODES}
    assert covered == set(leaks.CLASSES)


@pytest.mark.parametrize(
    ("codes", "amounts"),
    [
        # q* 10, d* 1, u* 12, x* 4 → q 9, d 27/30, u 11.52, x 3.80; each term with what is already wrong to its left
        (("QT01", "TP06"), ("48.00", "43.20")),  # 1·1·12·4; 9·(3/30)·12·4
        (("QT01", "PR01"), ("48.00", "17.28")),  # 9·1·0.48·4
        (("QT01", "FX01"), ("48.00", "21.60")),  # 9·1·12·0.20
        (("TP06", "PR01"), ("48.00", "17.28")),  # 10·0.1·12·4; 10·0.9·0.48·4
        (("TP06", "FX01"), ("48.00", "21.60")),  # 10·0.9·12·0.20
        (("PR01", "FX01"), ("19.20", "23.04")),  # 10·0.48·4; 10·11.52·0.20
        (("QT02", "TP07"), ("-48.00", "-52.80")),  # −1·12·4; 11·(−3/30)·12·4
    ],
)
def test_two_leaks_on_one_unit_have_their_own_amounts_and_add_up_to_the_difference(codes, amounts):
    told = licence()
    due = told.expected * 4
    found = bridge.terms(told, scene(told), Smallest(), codes)
    assert [truth.amount for truth in found] == [D(amount) for amount in amounts]
    document = told.documents[0]
    exact = sum(each.amount for each in document.lines) * document.rate
    assert sum(truth.amount for truth in found) == due - exact


def test_coverage_counts_the_days_of_the_anniversary_month():
    assert months_covered(1, date(2026, 9, 16), date(2026, 9, 30)) == D(15) / 30
    assert months_covered(15, date(2026, 11, 5), date(2026, 11, 14)) == D(10) / 31  # inside 15 October – 14 November
    assert months_covered(15, date(2026, 10, 15), date(2026, 11, 14)) == 1
    assert months_covered(1, date(2026, 1, 1), date(2026, 12, 31)) == 12
