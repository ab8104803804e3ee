"""Real provider files become charges, and every cent of them arrives."""

import csv
import shutil
from decimal import Decimal

from orchestration.settings import samples

FORMATS = samples() / "formats"
INBOX = samples() / "inbox"
CONSERVED = """
    select * from focus.gate_conservation
    where raw_total <> staging_total or staging_total <> focus_total or raw_rows <> staging_rows or staging_rows <> focus_rows
"""


def test_the_focus_sample_arrives_to_the_last_decimal(floor):
    file = INBOX / "focus" / "2024-09" / "focus_sample.csv"
    ask = floor.charges({"focus__lines": [file]}, "2024-09")

    totals = dict(ask("select provider, sum(billed_cost) from focus.int_focus__charges group by 1"))

    assert totals == {
        "aws": Decimal("18.0066386184"),
        "microsoft": Decimal("1.97651418586"),
        "oracle": Decimal("0.53707392473"),
    }
    with file.open(encoding="utf-8", newline="") as text:
        stated = [Decimal(row["BilledCost"]) for row in csv.DictReader(text)]
    assert sum(totals.values()) == sum(stated)
    assert ask(CONSERVED) == []
    # Oracle's charge of 30 September in the October bill is kept and marked.
    assert ask("select provider, count(*) from focus.int_focus__charges where states_other_period group by 1") == [
        ("oracle", 1)
    ]


def test_the_aws_report_of_2023_11_arrives_with_its_tax_apart(floor):
    file = INBOX / "aws_cur" / "2023-11" / "sample-anonymous-aws-export-dataset.csv"
    ask = floor.charges({"aws_cur__lines": [file]}, "2023-11")

    by_category = (
        "select charge_category, count(*), sum(billed_cost) from focus.int_focus__charges group by 1 order by 1"
    )
    assert ask(by_category) == [("Tax", 12, Decimal("0.08")), ("Usage", 1269, Decimal("1.6023086974"))]
    assert ask(CONSERVED) == []
    assert ask("select distinct service_name from focus.int_focus__charges where service_category is null") == []


def test_a_legacy_report_and_a_report_2_0_of_the_same_lines_are_the_same_charges(floor):
    seen = []
    for name in ("sample-cur20.csv", "sample-legacy-csv.csv"):
        ask = floor.charges({"aws_cur__lines": [FORMATS / "aws_cur" / name]}, "2025-01")
        columns = ask(
            "select column_name from information_schema.columns where table_name = 'int_focus__charges'"
            " and column_name not in ('delivery_sha256', 'source_file') order by ordinal_position"
        )
        seen.append(
            ask(f"select {', '.join(name for (name,) in columns)} from focus.int_focus__charges order by charge_id")
        )

    assert len(seen[0]) == 4
    assert seen[0] == seen[1]


def test_the_variants_of_an_aws_report_are_conserved_together(floor):
    names = ("2022-07-01-alt-columns.csv", "2023-06-01-not-final.csv", "2023-06-01.csv")
    ask = floor.charges({"aws_cur__lines": [FORMATS / "aws_cur" / "koku" / name for name in names]}, "2023-06")

    assert ask("select count(distinct source_file) from focus.int_focus__charges") == [(3,)]
    assert ask(CONSERVED) == []


def test_google_exports_are_conserved_with_their_credits(floor):
    folder = FORMATS / "gcp_billing"
    files = [folder / "finops_agent_sample_billing_data_first_100_rows.csv", folder / "koku" / "2022-08-01_5.csv"]
    files.append(folder / "koku" / "202011_2020-11-08_2020-11-11.csv")
    ask = floor.charges({"gcp_billing__lines": files}, "2026-04")

    assert ask("select count(*) from focus.int_focus__charges where charge_category = 'Credit'")[0][0] > 0
    assert ask("select count(*) from focus.int_focus__charges where charge_category is null") == [(0,)]
    assert ask(CONSERVED) == []


def test_google_costs_the_reseller_less_than_the_customer(floor):
    file = INBOX / "gcp_billing" / "2024-09" / "reseller_export_synthetic.jsonl"
    ask = floor.charges({"gcp_billing__lines": [file]}, "2024-09")

    (margin,) = ask("select sum(billed_cost) from focus.int_focus__charges where is_partner_margin")
    assert margin[0] < 0
    assert ask(CONSERVED) == []


def test_a_microsoft_invoice_adds_up_to_its_subtotals_and_taxes(floor):
    file = INBOX / "microsoft_csp_invoice" / "2024-09" / "reconciliation_synthetic.csv"
    ask = floor.charges({"microsoft_csp_invoice__lines": [file]}, "2024-09")

    # 290.76 of partner earned credit: 1,938.40 of Azure before it, 1,647.64 after (15 %).
    kinds = "select is_partner_margin, charge_category, sum(billed_cost) from focus.int_focus__charges group by all order by all"
    assert ask(kinds) == [
        (False, "Purchase", Decimal("6559.58")),
        (False, "Usage", Decimal("1938.40")),
        (True, "Credit", Decimal("-290.76")),
    ]
    assert ask(CONSERVED) == []
    assert ask("select count(*) from focus.int_focus__arithmetic where not is_within") == [(0,)]


def test_a_renamed_file_gives_the_same_charges(floor, tmp_path):
    original = FORMATS / "aws_cur" / "sample-cur20.csv"
    renamed = shutil.copy(original, tmp_path / "other-name.csv")
    ids = []
    for file in (original, renamed):
        ask = floor.charges({"aws_cur__lines": [file]}, "2025-01")
        ids.append(ask("select charge_id from focus.int_focus__charges order by 1"))

    assert ids[0] == ids[1]
