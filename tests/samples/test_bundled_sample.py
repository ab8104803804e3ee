"""The bundled sample is what its README and its provenance say it is."""

from __future__ import annotations

import ast
import csv
import hashlib
import io
import re
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from stdnum.ar import cuit
from stdnum.br import cnpj
from stdnum.cl import rut
from stdnum.co import nit
from stdnum.pe import ruc

from orchestration.settings import samples

HERE = samples()
REAL = ("inbox/focus/2024-09/focus_sample.csv", "inbox/aws_cur/2023-11/sample-anonymous-aws-export-dataset.csv")
PROVENANCE = re.compile(
    r"^\| `(?P<file>[^`]+)` \|.*\| `(?P<licence>[^`]+)` \|.*\| `(?P<sha256>[0-9a-f]{64})` \|$", re.M
)


def rows_of(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def listed() -> dict[str, tuple[str, str]]:
    text = (HERE / "PROVENANCE.md").read_text(encoding="utf-8")
    return {found["file"]: (found["licence"], found["sha256"]) for found in PROVENANCE.finditer(text)}


@pytest.fixture(scope="module")
def made_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    subprocess.run([sys.executable, HERE / "make_samples.py", folder], check=True, capture_output=True)
    return folder


def test_making_the_synthetic_half_again_gives_the_same_bytes(made_again: Path) -> None:
    differing = [
        name
        for name in sorted(files_below(made_again))
        if (made_again / name).read_bytes() != (HERE / name).read_bytes()
    ]

    assert files_below(made_again)
    assert differing == []


def test_every_file_is_either_made_here_or_listed_with_its_licence_and_its_hash(made_again: Path) -> None:
    ours = files_below(made_again)
    bundled = {name for name in files_below(HERE) if name.startswith(("inbox/", "formats/"))}
    others = {name for name in bundled - ours if not Path(name).name.startswith("LICENSE.")}

    assert set(listed()) == others
    assert not others & ours


def test_the_hash_and_the_licence_text_of_every_listed_file_are_right() -> None:
    for name, (licence, sha256) in listed().items():
        assert hashlib.sha256((HERE / name).read_bytes()).hexdigest() == sha256, name
        text = (HERE / licence).resolve().read_text(encoding="utf-8")
        assert re.search(r"MIT License|Apache License|Creative Commons Attribution 4\.0", text), name
        if not name.startswith("formats/fx/") and "header" not in name:
            assert (HERE / licence).parent == (HERE / name).parent, f"{name}: the licence lies beside the file"


def test_the_whole_sample_is_smaller_than_four_megabytes() -> None:
    assert (
        sum(path.stat().st_size for path in HERE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        < 4_000_000
    )


def test_the_real_focus_file_sums_to_what_provenance_states() -> None:
    billed: dict[str, Decimal] = defaultdict(Decimal)
    rows = rows_of(REAL[0])
    for row in rows:
        billed[row["ProviderName"]] += Decimal(row["BilledCost"])

    assert billed == {
        "AWS": Decimal("18.00663861840"),
        "Microsoft": Decimal("1.97651418586"),
        "Oracle": Decimal("0.53707392473"),
    }
    assert Counter(row["BillingPeriodStart"][:7] for row in rows) == {"2024-09": 999, "2024-10": 1}
    assert any(row["ContractedCost"] == "NULL" for row in rows)


def test_the_real_aws_report_sums_to_what_provenance_states() -> None:
    cost: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows_of(REAL[1]):
        cost[row["lineItem/LineItemType"]] += Decimal(row["lineItem/UnblendedCost"])

    # 1.60230869740 + 0.08 = 1.68230869740
    assert cost == {"Usage": Decimal("1.60230869740"), "Tax": Decimal("0.08")}


def test_the_published_figures_in_provenance_are_the_measured_ones() -> None:
    text = (HERE / "PROVENANCE.md").read_text(encoding="utf-8")
    for figure in ("18.00663861840", "1.97651418586", "0.53707392473", "1.60230869740", "0.08"):
        assert f"| {figure} |" in text


@pytest.mark.parametrize("period", ["2023-11", "2024-09"])
def test_every_fiscal_id_has_a_right_check_digit(period: str) -> None:
    valid = {"PE": ruc.is_valid, "CL": rut.is_valid, "AR": cuit.is_valid, "CO": nit.is_valid, "BR": cnpj.is_valid}
    customers = rows_of(f"inbox/crm/{period}/customers.csv")

    assert Counter(row["country"] for row in customers) == dict.fromkeys(valid, 4)
    assert [row["customer_id"] for row in customers if not valid[row["country"]](row["fiscal_id"])] == []
    assert len({row["fiscal_id"] for row in customers}) == len(customers)


def test_every_row_of_a_canonical_table_says_that_it_is_synthetic() -> None:
    provider_files = ("focus", "aws_cur", "microsoft_csp_invoice", "microsoft_csp_usage", "gcp_billing")
    tables = [
        path
        for path in (HERE / "inbox").rglob("*.csv")
        if path.relative_to(HERE / "inbox").parts[0] not in provider_files
    ]

    assert tables
    for path in tables:
        rows = rows_of(path.relative_to(HERE).as_posix())
        assert rows and {row["source_system"] for row in rows} == {"synthetic"}, path.name


def test_nobody_is_named_and_no_address_is_written() -> None:
    address = re.compile(rb"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.I)
    for name in files_below(HERE):
        if not name.endswith((".gz", ".pyc")):
            assert address.findall((HERE / name).read_bytes()) == [], name
    roles = {row["owner"] for row in rows_of("inbox/crm/2024-09/customers.csv")}
    assert all(re.fullmatch(r"comercial-[a-z]{2}", role) for role in roles)
    assert all(row["email_domain"].endswith(".example") for row in rows_of("inbox/crm/2024-09/customers.csv"))
    assert all("(sintetico)" in row["legal_name"] for row in rows_of("inbox/crm/2024-09/customers.csv"))


def test_the_generator_uses_the_standard_library_alone_and_nothing_of_the_product() -> None:
    ours = {path.stem for path in HERE.glob("*.py")}
    for path in HERE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [node.module]
                if isinstance(node, ast.ImportFrom)
                else [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            for name in names:
                assert name.split(".")[0] in ours | set(sys.stdlib_module_names), f"{path.name} imports {name}"


def test_the_microsoft_file_has_the_46_columns_and_the_quirks_of_the_portal() -> None:
    raw = (HERE / "inbox/microsoft_csp_invoice/2024-09/reconciliation_synthetic.csv").read_bytes()
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))

    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == len(rows) + 1 and raw.count(b"\n") == raw.count(b"\r\n")
    assert len(rows[0]) == 46
    assert any(row["TaxTotal"] == "'0E-20" for row in rows)
    assert any(row["Quantity"].startswith("'") for row in rows)
    assert {"cycleCharge", "CycleCharge", "cyclecharge"} <= {row["ChargeType"] for row in rows}


def test_the_daily_usage_of_azure_is_the_detail_of_the_invoice_lines_meter_by_meter() -> None:
    daily: dict[str, Decimal] = defaultdict(Decimal)
    usage = rows_of("inbox/microsoft_csp_usage/2024-09/daily_rated_usage_synthetic.csv")
    for row in usage:
        daily[row["MeterName"]] += Decimal(row["BillingPreTaxTotal"])
    invoiced = {
        row["MeterDescription"]: Decimal(row["Subtotal"])
        for row in rows_of("inbox/microsoft_csp_invoice/2024-09/reconciliation_synthetic.csv")
        if row["MeterDescription"]
    }

    assert len(usage[0]) == 55
    # 85 % of 1200.00, 640.00 and 98.40
    assert sorted(daily.values()) == [Decimal("83.64"), Decimal("544.00"), Decimal("1020.00")]
    assert daily == invoiced


def test_provider_headers_equal_the_sum_of_their_lines() -> None:
    headers = {
        row["invoice_id"]: Decimal(row["total"]) for row in rows_of("inbox/provider_invoices/2024-09/headers.csv")
    }
    seats = sum(
        Decimal(row["Total"]) for row in rows_of("inbox/microsoft_csp_invoice/2024-09/reconciliation_synthetic.csv")
    )
    licences = sum(Decimal(row["amount"]) for row in rows_of("inbox/vendor/2024-09/licence_charges.csv"))

    assert headers == {"G024090099": seats, "MUR-202409": licences}


@pytest.mark.parametrize("period", ["2023-11", "2024-09"])
def test_every_document_is_the_sum_of_its_lines_and_its_tax(period: str) -> None:
    lines: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in rows_of(f"inbox/erp/{period}/invoice_lines.csv"):
        lines[row["invoice_id"]][0] += Decimal(row["net_amount"])
        lines[row["invoice_id"]][1] += Decimal(row["tax_amount"])
    for row in rows_of(f"inbox/erp/{period}/invoices.csv"):
        net, tax, total = (Decimal(row[name]) for name in ("net_amount", "tax_amount", "total_amount"))
        assert [net, tax] == lines.pop(row["invoice_id"]) and total == net + tax
        assert row["currency"] != "CLP" or total == total.to_integral_value()
    assert not lines
