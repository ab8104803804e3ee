"""Write the synthetic half of the bundled sample: `python data/samples/make_samples.py [FOLDER]`.

Lives here: which parts make which month, and the small tables of the rest of the house. Does not: hold the facts
(`sample_facts.py`) or share any code with the product, so that what it calls right is a second opinion. The same input
gives the same bytes.
"""

import json
import sys
from pathlib import Path

import sample_facts as facts
from sample_accounts import august, aws_2023, focus_contracts
from sample_month import Month, base_tables, contract, csv_text
from sample_providers import CSP_COLUMNS, google, meter, microsoft, vendor
from sample_usage import COLUMNS as USAGE_COLUMNS
from sample_usage import azure_usage

HERE = Path(__file__).resolve().parent


def operations_and_people(month):
    """A little of the rest of the house, so that its marts are not empty."""
    month.add(
        "crm/opportunities",
        opportunity_id="OP-1",
        customer_id="C-CO-1",
        name="Ampliacion de asientos",
        stage="propuesta",
        status="open",
        amount="1900.80",
        currency="USD",
        created_at="2024-09-03T14:00:00",
        expected_close="2024-11-15",
        probability_pct="60",
        country="CO",
    )
    month.add(
        "crm/opportunities",
        opportunity_id="OP-2",
        customer_id="C-PE-4",
        name="Business Premium",
        stage="ganada",
        status="won",
        amount="9757.20",
        currency="USD",
        quoted_margin_pct="20",
        created_at="2024-08-05T15:00:00",
        closed_at="2024-08-28T17:30:00",
        country="PE",
    )
    month.add(
        "crm/renewals",
        subscription_id="S-M10",
        customer_id="C-AR-4",
        renewal_due_date="2025-07-10",
        mrr_due="210.00",
        currency="USD",
        decision="pending",
    )
    month.add(
        "crm/renewals",
        subscription_id="S-V03",
        customer_id="C-AR-2",
        renewal_due_date="2024-09-01",
        mrr_due="900.00",
        currency="USD",
        decision="renewed",
        decided_at="2024-08-20",
        new_subscription_id="S-V03",
        new_mrr="900.00",
    )
    for n, (customer_id, sid, priority, kind, hours) in enumerate(
        (
            ("C-PE-1", "S-M01", "P2", "incident", 3),
            ("C-CL-2", "S-M03", "P3", "request", 20),
            ("C-PE-3", "S-P01", "P3", "consumable", 26),
            ("C-CO-3", "S-G01", "P1", "incident", 2),
        ),
        1,
    ):
        month.add(
            "operations/tickets",
            ticket_id=f"T-{n}",
            customer_id=customer_id,
            subscription_id=sid,
            priority=priority,
            kind=kind,
            created_at=f"2024-09-0{n + 1}T13:00:00",
            first_response_at=f"2024-09-0{n + 1}T13:20:00",
            resolved_at=f"2024-09-{n + 1 + hours // 24:02d}T{13 + hours % 24 if hours % 24 < 11 else 23}:00:00",
            reopened_count=0,
            sla_response_minutes=60,
            sla_resolution_minutes=1440,
            status="closed",
        )
    month.add(
        "operations/deliveries",
        delivery_id="E-1",
        contract_id=contract(month, "C-PE-4", "microsoft"),
        customer_id="C-PE-4",
        subscription_id="S-M11",
        milestone="alta de licencias",
        planned_on="2024-09-02",
        provisioned_at="2024-09-01T15:00:00",
        delivered_at="2024-09-02T16:00:00",
        accepted_at="2024-09-03T18:00:00",
        acceptance_doc="ACTA-1",
        training_done="true",
    )
    month.add(
        "operations/timesheets",
        timesheet_id="H-1",
        customer_id="C-PE-3",
        subscription_id="S-P01",
        worked_on="2024-09-12",
        hours="2",
        billable="false",
    )
    for country in facts.COUNTRIES:
        for week in (2, 9, 16, 23):
            month.add(
                "people/roster",
                analyst_id=f"AN-{country}-1",
                country=country,
                week=f"2024-09-{week:02d}",
                planned_hours="40",
                available_hours="36",
            )
        month.add(
            "people/certifications",
            analyst_id=f"AN-{country}-1",
            skill="nce_licence",
            valid_from="2024-01-01",
            valid_to="2024-12-31",
        )
    month.add(
        "people/improvement_spend",
        spend_id="G-1",
        spent_on="2024-09-10",
        pillar="automatizacion",
        kind="opex",
        amount="1200.00",
        currency="USD",
        country="PE",
        approved_by="gerencia",
    )


def make(folder):
    """Write every synthetic file of the sample below `folder`."""
    september, november = Month("2024-09"), Month("2023-11")
    files = {}
    for month in (september, november):
        base_tables(month)
        if month is september:
            focus_contracts(month)
            files["inbox/microsoft_csp_invoice/2024-09/reconciliation_synthetic.csv"] = "\ufeff" + csv_text(
                microsoft(month), CSP_COLUMNS, "\r\n"
            )
            usage = csv_text(azure_usage(), USAGE_COLUMNS, "\r\n")
            files["inbox/microsoft_csp_usage/2024-09/daily_rated_usage_synthetic.csv"] = "\ufeff" + usage
            lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in google(month)]
            files["inbox/gcp_billing/2024-09/reseller_export_synthetic.jsonl"] = "\n".join(lines) + "\n"
        else:
            aws_2023(month)
        vendor(month)
        if month is september:
            meter(month)
            august(month)
            operations_and_people(month)
        for name, rows in month.tables.items():
            source, table = name.split("/")
            files[f"inbox/{source}/{month.period}/{table}.csv"] = csv_text(rows)
    files["inbox/aws_cur/2024-09/_ABSENT"] = (
        "The sample holds one real Cost and Usage Report, of 2023-11; AWS charges of 2024-09 come in the FOCUS file.\n"
    )
    for name, month in (("truth.csv", september), ("truth-2023-11.csv", november)):
        columns = ["class_code", "subscription_id", "amount_usd", "invoice_id", "note"]
        files[name] = csv_text([dict(zip(columns, row, strict=True)) for row in sorted(month.truth)], columns)
    for name, text in sorted(files.items()):
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return sorted(files)


if __name__ == "__main__":
    print("\n".join(make(sys.argv[1] if len(sys.argv) > 1 else HERE)))
