"""What holds for every charge, whatever the provider."""

import json
from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.contracts import SOURCES

MAPPINGS = ("microsoft", "azure_usage_detail", "aws", "gcp", "focus", "vendor")
TOGETHER = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
MONEY = st.decimals(min_value="-99999999.99", max_value="99999999.99", places=12, allow_nan=False, allow_infinity=False)
BY_ROW = "select source_row, sum(billed_cost) from focus.int_focus__{} group by 1 order by 1"


def test_every_mapping_states_the_same_columns_and_all_57_of_focus_1_2(floor):
    with_types = {}
    ask = floor.charges({}, "2026-10")
    for mapping in (*MAPPINGS, "azure_usage", "charges"):
        with_types[mapping] = ask(
            "select column_name, data_type from information_schema.columns"
            f" where table_schema = 'focus' and table_name = 'int_focus__{mapping}' order by ordinal_position"
        )

    assert all(columns == with_types["charges"] for columns in with_types.values())
    specification = [name for name in SOURCES["focus"].tables[0].names if name != "id"]
    assert [name for name, _ in with_types["charges"]][-57:] == specification
    assert {kind for _, kind in with_types["charges"]} == {
        "VARCHAR", "DECIMAL(38,12)", "TIMESTAMP", "DATE", "BOOLEAN", "BIGINT",
    }  # fmt: skip


def test_lines_that_say_the_same_are_told_apart_by_their_order(lines):
    line = {
        "line_item_usage_account_id": "1",
        "line_item_line_item_type": "Usage",
        "line_item_unblended_cost": Decimal(1),
    }
    other = line | {"line_item_unblended_cost": Decimal("1.5")}

    ids = [
        name
        for (name,) in lines(
            "aws_cur__lines",
            [line, other, line, line],
            "select charge_id from focus.int_focus__aws order by source_row",
        )
    ]

    content = ids[0].rsplit("-", 1)[0]
    assert [name.rsplit("-", 1)[1] for name in ids] == ["1", "1", "2", "3"]
    assert [name.startswith(content) for name in ids] == [True, False, True, True]


def test_azure_is_never_counted_twice(lines):
    usage = {"customer_id": "t", "charge_type": "new", "billing_pre_tax_total": Decimal(85), "billing_currency": "USD"}
    invoice = {
        "customer_id": "t",
        "charge_type": "new",
        "subtotal": Decimal(85),
        "tax_total": Decimal(0),
        "currency": "USD",
    }
    counted = "select coalesce(sum(billed_cost), 0) from focus.int_focus__azure_usage"

    assert lines("microsoft_csp_usage__lines", [usage], counted) == [(85,)]
    assert lines("microsoft_csp_invoice__lines", [invoice], counted) == [(0,)]


@TOGETHER
@given(
    rows=st.lists(st.tuples(MONEY, MONEY, st.sampled_from([None, "15.0", "7.5", "0", "100"])), min_size=1, max_size=6)
)
def test_a_microsoft_line_is_its_gross_its_credit_and_its_tax(lines, rows):
    given_lines = [
        {
            "charge_type": "new",
            "subscription_description": "Azure plan",
            "subtotal": net,
            "tax_total": tax,
            "price_adjustment_description": f'["{pec}% Partner earned credit for services managed"]' if pec else None,
        }
        for net, tax, pec in rows
    ]

    assert lines("microsoft_csp_invoice__lines", given_lines, BY_ROW.format("microsoft")) == [
        (number, net + tax) for number, (net, tax, _) in enumerate(rows, 1)
    ]


@TOGETHER
@given(rows=st.lists(st.tuples(MONEY, st.lists(MONEY, max_size=3)), min_size=1, max_size=6))
def test_a_google_line_is_its_cost_and_its_credits(lines, rows):
    given_lines = [
        {
            "cost": cost,
            "cost_type": "regular",
            # JSON numbers of 20 digits: an engine's double would lose the last ones.
            "credits": "[" + ",".join(f'{{"type":"DISCOUNT","amount":{credit:f}}}' for credit in granted) + "]",
        }
        for cost, granted in rows
    ]

    assert lines("gcp_billing__lines", given_lines, BY_ROW.format("gcp")) == [
        (number, cost + sum(granted)) for number, (cost, granted) in enumerate(rows, 1)
    ]


@TOGETHER
@given(costs=st.lists(MONEY, min_size=1, max_size=8))
def test_aws_focus_and_vendor_lines_are_what_their_files_say(lines, costs):
    expected = list(enumerate(costs, 1))
    aws = [{"line_item_line_item_type": "Usage", "line_item_unblended_cost": cost} for cost in costs]
    focus = [{"provider_name": "AWS", "charge_category": "Usage", "billed_cost": cost} for cost in costs]
    vendor = [
        {
            "vendor": "V",
            "charge_type": "cycle",
            "quantity": Decimal(1),
            "amount": cost,
            "period_from": date(2026, 10, 1),
        }
        for cost in costs
    ]

    assert lines("aws_cur__lines", aws, BY_ROW.format("aws")) == expected
    assert lines("focus__lines", focus, BY_ROW.format("focus")) == expected
    assert lines("vendor__licence_charges", vendor, BY_ROW.format("vendor")) == expected


def test_credits_that_are_python_text_or_absent_are_no_credits_lost(lines):
    rows = [
        {"cost": Decimal(5), "cost_type": "regular", "credits": None},
        {"cost": Decimal(5), "cost_type": "regular", "credits": json.dumps([])},
        {
            "cost": Decimal(5),
            "cost_type": "regular",
            "credits": json.dumps([{"type": "PROMOTION", "amount": "-5e-06"}]),
        },
    ]

    # 5 - 0.000005 = 4.999995
    assert [cost for _, cost in lines("gcp_billing__lines", rows, BY_ROW.format("gcp"))] == [5, 5, Decimal("4.999995")]
