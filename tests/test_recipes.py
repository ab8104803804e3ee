"""The four recipes of CONTRIBUTING.md, followed to the letter in a copy of the project: provider, leak class, item, country.

The provider is a cloud called Nube, which sends one CSV a month. The class is a service of Nube that nobody may sell. The item asks
Nube for the name of each service. The country is Uruguay, with a customer whose contract in dollars is invoiced in its pesos.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.settings import PROJECT, environment

pytestmark = pytest.mark.long

CONTRACT = '''"""Nube's monthly report. Lives here: its columns. Does not: what they mean."""

from orchestration.contracts.model import Source, Table
from orchestration.contracts.words import columns

SOURCE = Source(
    name="nube",
    title="Nube report",
    kind="provider",
    tables=(
        Table(
            source="nube",
            name="lines",
            grain="one service of one account on one day",
            stage=5,
            amount="cost",
            currency="currency",
            period_from="day",
            columns=columns(
                """
                account   text!
                service   text!
                day       date!
                cost      money!
                currency  ccy!
                """
            ),
        ),
    ),
)
'''
LABEL = '    "nube__lines": Label("el reporte de Nube", "o relatório da Nube", "the Nube report"),\n'
SOURCE_YML = """version: 2

sources:
  - name: nube
    description: The monthly report of Nube.
    schema: raw
    tables:
      - {name: lines, identifier: nube__lines, description: One service of one account on one day.}

models:
  - {name: stg_nube__lines, description: One service of one account on one day.}
"""
STAGING = """select
    account,
    service,
    day,
    cost,
    currency,
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale
from {{ source('nube', 'lines') }}
"""
FOCUS = """{%- set content = ['account', 'service', 'day', 'cost', 'currency'] %}
with repeated as (

    {{ repeated_lines(ref('stg_nube__lines'), content) }}

),

mapped as (

    select
        {{ charge_id(content_id(content, 'lines'), 'repeated.ordinal') }} as charge_id,
        lines.close_period,
        'nube' as source,
        'nube' as provider,
        lines.delivery_sha256,
        lines.source_file,
        lines.source_row,
        'usage' as original_charge_type,
        false as is_partner_margin,
        'vendor_account' as customer_id_system,
        lines.account as provider_customer_id,
        lines.account as provider_subscription_id,
        lines.service as provider_product_code,
        {{ states_other_period('lines.day') }} as states_other_period,
        lines.cost as billed_cost,
        'Nube' as billing_account_id,
        lines.currency as billing_currency,
        {{ close_month_end() }} as billing_period_end,
        {{ close_month_start() }} as billing_period_start,
        'Usage' as charge_category,
        lines.service as charge_description,
        'Usage-Based' as charge_frequency,
        lines.day + interval 1 day as charge_period_end,
        lines.day as charge_period_start,
        lines.cost as contracted_cost,
        lines.cost as effective_cost,
        'Nube' as invoice_issuer_name,
        lines.cost as list_cost,
        'Standard' as pricing_category,
        'Nube' as provider_name,
        'Nube' as publisher_name,
        'Compute' as service_category,
        lines.service as service_name,
        'Other (Compute)' as service_subcategory,
        lines.service as sku_id,
        lines.service as sku_price_id,
        lines.account as sub_account_id
    from {{ ref('stg_nube__lines') }} as lines
    left join repeated on lines.source_file = repeated.source_file and lines.source_row = repeated.source_row

)

select {{ focus_columns('mapped', absent=[
    'provider_customer_name', 'provider_customer_domain', 'seat_quantity', 'subscription_started_on', 'subscription_ends_on',
    'term', 'billing_frequency', 'publisher_is_third_party', 'promotion_id', 'pec_pct', 'exchange_rate', 'availability_zone',
    'billing_account_name', 'billing_account_type', 'capacity_reservation_id', 'capacity_reservation_status', 'charge_class',
    'commitment_discount_category', 'commitment_discount_id', 'commitment_discount_name', 'commitment_discount_quantity',
    'commitment_discount_status', 'commitment_discount_type', 'commitment_discount_unit', 'consumed_quantity', 'consumed_unit',
    'contracted_unit_price', 'invoice_id', 'list_unit_price', 'pricing_currency', 'pricing_currency_contracted_unit_price',
    'pricing_currency_effective_cost', 'pricing_currency_list_unit_price', 'pricing_quantity', 'pricing_unit', 'region_id',
    'region_name', 'resource_id', 'resource_name', 'resource_type', 'sku_meter', 'sku_price_details', 'sub_account_name',
    'sub_account_type', 'tags'
]) }}
from mapped
"""
DETECTOR = """-- ZZ01: a service that nobody may sell. Its whole cost is at risk.
with found as (

    select
        '{{ var("close_period") }}' as close_period,
        'ZZ01' as class_code,
        provider,
        billed_cost as amount,
        billing_currency as currency,
        billed_cost as amount_usd,
        false as is_bridge,
        {{ evidence({'service': 'service_name', 'account': 'provider_subscription_id', 'cost': 'billed_cost'}) }} as evidence,
        charge_id as evidence_key
    from {{ ref('int_focus__charges') }}
    where source = 'nube' and service_name = 'legacy'

)

select {{ leak_columns('found', absent=ABSENT) }}
from found
"""
CLASS = {
    "code": "ZZ01", "class": "Service nobody may sell", "class_es": "Servicio que nadie puede vender",
    "class_pt": "Serviço que ninguém pode vender", "definition": "A charge of a service that left the catalogue",
    "amount_formula": "its cost", "direction": "L", "evidence_columns": "service", "severity": "S2", "cause_7m": "ME",
    "stage": "5", "resolution": "Move the customer", "detector": "int_leak__zz01_unsold_service", "resolution_es": "Traslade al cliente.",
    "resolution_pt": "Migre o cliente.", "resolution_en": "Move the customer.",
}  # fmt: skip
ITEM = """    yield _item(
        "nube_names_its_services",
        every_row("service_name is not null", "source = 'nube'"),
        title_es="Cada cargo de Nube nombra su servicio",
        title_pt="Cada cobrança da Nube nomeia seu serviço",
        title_en="Each charge of Nube names its service",
        why="A service without a name cannot be sold.",
        remedy="Ask Nube for the report again.",
    )
"""
COUNTRY = {
    "countries": 'UY,UYU,2,"BCU, sell, previous business day",IVA 22% on net,America/Montevideo,Uruguay,Uruguai,Uruguay\n',
    "fx_rules": "UY,BCU,2225,sell,USD,UYU,previous_business_day,7,2000-01-01,,the test's own rule,assumption\n",
    "legal_overlay": "UY,IVA,add_to_invoice,0.22,2007-07-01,assumption,,the test's own rate,assumption,\n",
}
"""Rows by seed."""
URUGUAY = {
    "crm/customers": "customer_id,legal_name,country,fiscal_id,status\nC1,Uno SA,UY,214844360018,active\n",
    "crm/contracts": "contract_id,customer_id,start_date,status,currency,country\nK1,C1,2025-01-01,active,USD,UY\n",
    "crm/subscriptions": "subscription_id,contract_id,customer_id,provider,provider_subscription_id,product_code,family,price_basis,"
    "price_period,currency,billing_frequency,start_date,valid_from,status,unit_price,quantity\n"
    "S1,K1,C1,nube,A-1,compute,cybersecurity,per_unit,month,USD,monthly,2025-01-01,2025-01-01,active,10,20\n",
    "erp/invoices": "company_id,invoice_id,doc_class,status,customer_id,issue_date,currency,fx_rate,reference_fx_rate,net_amount,"
    "tax_amount,total_amount,country\nUY01,A1,invoice,posted,C1,2026-09-23,UYU,1,40.25,8050.00,1771.00,9821.00,UY\n",
    "erp/invoice_lines": "company_id,invoice_id,line_no,product_code,subscription_id,quantity,unit_price,net_amount,period_from,period_to\n"
    "UY01,A1,1,compute,S1,20,402.50,8050.00,2026-09-01,2026-09-30\n",
    "fx/fx_rates": "source,series,base_currency,quote_currency,side,rate,rate_date\nBCU,2225,USD,UYU,sell,40.25,2026-09-22\n"
    "BCU,2225,USD,UYU,sell,41.00,2026-09-23\n",
}
"""Extracts of September 2026 by source and table: 20 seats at 10 dollars, invoiced at the rate of the day before."""
REPORT = "account,service,day,cost,currency\nA-1,compute,2026-09-03,12.50,USD\nA-1,legacy,2026-09-04,7.25,USD\n"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project to which the recipes were applied."""
    root = tmp_path_factory.mktemp("copy")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (PROJECT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, root / name)
    _add_provider(root)
    _add_class(root)
    _insert_after(root / "expectations/floors/focus.py", "def _ours() -> Iterator[Item]:\n", ITEM)
    for seed, row in COUNTRY.items():
        _append(root / f"dbt_project/seeds/reference/{seed}.csv", row)
    return root


def _add_provider(root: Path) -> None:
    models = root / "dbt_project/models"
    _write(root / "orchestration/contracts/nube.py", CONTRACT)
    _insert_after(root / "expectations/words/labels.py", "TABLES = {\n", LABEL)
    _write(root / "data/samples/formats/nube/report.csv", REPORT)
    _write(models / "staging/nube/_nube.yml", SOURCE_YML)
    _write(models / "staging/nube/stg_nube__lines.sql", STAGING)
    _append(
        models / "staging/gate_raw_totals.sql",
        "union all\n{{ file_totals('nube', source('nube', 'lines'), \"'nube'\", 'cast(null as string)', 'currency', 'sum(cost)', "
        "is_raw=true) }}\n",
    )
    _write(models / "focus/int_focus__nube.sql", FOCUS)
    _append(models / "focus/int_focus__charges.sql", "union all\nselect * from {{ ref('int_focus__nube') }}\n")
    _insert_after(
        models / "focus/gate_conservation.sql",
        "with staging_totals as (\n",
        "{{ file_totals('nube', ref('stg_nube__lines'), \"'nube'\", 'cast(null as string)', 'currency', 'sum(cost)') }}\nunion all\n",
    )


def _add_class(root: Path) -> None:
    outside_bridge = root / "dbt_project/models/reconciled/outside_bridge"
    seed = root / "dbt_project/seeds/reference/leak_classes.csv"
    header = seed.read_text(encoding="utf-8").splitlines()[0].split(",")
    row = io.StringIO()
    csv.DictWriter(row, header, restval="", lineterminator="\n").writerow(
        {name: CLASS.get(name, "") for name in header}
    )
    _append(seed, row.getvalue())
    stated = {
        "close_period",
        "class_code",
        "provider",
        "amount",
        "currency",
        "amount_usd",
        "is_bridge",
        "evidence",
        "evidence_key",
    }
    macro = (root / "dbt_project/macros/leak_columns.sql").read_text(encoding="utf-8")
    columns = [line.split("'")[1] for line in macro.splitlines() if line.strip().startswith("('")]
    _write(
        outside_bridge / "int_leak__zz01_unsold_service.sql",
        DETECTOR.replace("ABSENT", str([c for c in columns if c not in stated])),
    )
    gathered = outside_bridge / "int_leak__outside_bridge.sql"
    text = gathered.read_text(encoding="utf-8")
    assert text.count("] %}") == 1
    gathered.write_text(text.replace("] %}", ", 'zz01_unsold_service'] %}"), encoding="utf-8")


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _append(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def _insert_after(file: Path, mark: str, text: str) -> None:
    before = file.read_text(encoding="utf-8")
    assert before.count(mark) == 1
    file.write_text(before.replace(mark, mark + text), encoding="utf-8")


@pytest.fixture(scope="module")
def marts(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """What a month publishes in which the new provider, class, item and country all occur."""
    home = tmp_path_factory.mktemp("home")
    _write(home / "inbox/nube/2026-09/report.csv", REPORT)
    for table, text in URUGUAY.items():
        source, name = table.split("/")
        _write(home / f"inbox/{source}/2026-09/{name}.csv", text)
    ran = subprocess.run(
        [sys.executable, "-c", "from orchestration.cli import main; main()", "close", "2026-09"],
        cwd=copy,
        env=environment(home) | {"PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    with duckdb.connect(str(home / "published/cuadre.duckdb"), read_only=True) as connection:
        yield connection


def test_nothing_more_is_missing(copy: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n0",
        "-p",
        "no:cacheprovider",
        "tests/contracts/test_completeness.py",
    ]
    ran = subprocess.run(command, cwd=copy, env=environment(copy), capture_output=True, text=True, timeout=300)

    assert ran.returncode == 0, ran.stdout


def test_the_new_providers_charges_are_published_and_the_new_class_is_found(marts: duckdb.DuckDBPyConnection) -> None:
    charged = marts.execute("select sum(billed_cost) from marts.fct_provider_charge where provider = 'nube'").fetchone()
    found = marts.execute("select amount, currency from marts.fct_leak where class_code = 'ZZ01'").fetchall()

    # 12.50 + 7.25 = 19.75, of which the service `legacy` 7.25
    assert charged == (Decimal("19.75"),)
    assert found == [(Decimal("7.25"), "USD")]


def test_the_new_item_is_judged_on_the_new_providers_charges(marts: duckdb.DuckDBPyConnection) -> None:
    judged = "select passed, sum(evaluated_count) from marts.fct_checklist_item where item_id = 'focus.nube_names_its_services' group by 1"

    assert marts.execute(judged).fetchall() == [(True, 2)]


def test_the_new_country_has_its_name_its_tax_and_its_rate(marts: duckdb.DuckDBPyConnection) -> None:
    named = marts.execute("select name_pt from marts.dim_country where country = 'UY'").fetchone()
    due = marts.execute("select expected_tax_amount, expected_fx_rate from marts.fct_invoice").fetchall()

    # 22 % of 8,050.00; the rate of 22 September, because the rule asks for the business day before the document
    assert named == ("Uruguai",)
    assert due == [(Decimal("1771.00"), Decimal("40.25"))]
