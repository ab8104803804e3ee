"""A name proposes and a person decides: look-alikes are listed with their odds, and nothing is merged.

The pairs are those that were measured on real-looking names of the region.
"""

from __future__ import annotations

import csv

import pytest

from orchestration.close.proposals import HEADER, comparable, domain_stem, pair, write

CUSTOMERS = [
    ("C1", "COMPANIA MINERA LOS ANGELES SAC", None, "PE"),
    ("C2", "Tecnologías del Sur SpA", "tecsur.cl", "CL"),
    ("C3", "Banco del Sur Seguros S.A.", None, "PE"),
    ("C4", "DISTRIBUIDORA LIMA E.I.R.L.", None, "PE"),
    ("C5", "Contoso Perú S.A.C.", "contoso-pe.com", "PE"),
]


def unmatched(name: str | None, domain: str | None = None) -> tuple:
    return ("ms_tenant_id", "tenant-1", name, domain, 1234.5)


@pytest.mark.parametrize(
    ("name", "core", "suffix"),
    [
        ("Compañía Minera Los Ángeles S.A.C.", "compania minera los angeles", "sac"),
        ("TECNOLOGIAS DEL SUR S.P.A.", "tecnologias del sur", "spa"),
        ("Distribuidora Lima S.R.L.", "distribuidora lima", "srl"),
        ("Açaí do Norte Ltda - ME", "acai do norte", "ltdame"),
        ("Sa", "sa", ""),
        (None, "", ""),
    ],
)
def test_names_are_compared_without_accents_case_or_legal_suffix(name, core, suffix):
    assert comparable(name) == (core, suffix)


def test_a_tenant_domain_is_known_by_the_word_that_names_somebody():
    assert domain_stem("contoso-pe.onmicrosoft.com") == domain_stem("www.contoso-pe.com") == "contoso-pe"


def test_the_same_company_written_otherwise_is_proposed_with_high_odds():
    (row,) = pair([unmatched("Compañía Minera Los Ángeles S.A.C.")], CUSTOMERS)
    proposed = dict(zip(HEADER, row, strict=True))
    assert (proposed["customer_id"], proposed["cost_usd"], proposed["approved_by"]) == ("C1", "1234.50", "")
    assert float(proposed["match_probability"]) > 0.95


def test_a_parent_and_its_insurer_are_not_one_company_and_a_legal_suffix_lowers_the_odds():
    parent = pair([unmatched("Banco del Sur S.A.")], CUSTOMERS)
    other_person = pair([unmatched("Distribuidora Lima S.R.L.")], CUSTOMERS)
    assert all(float(row[HEADER.index("match_probability")]) < 0.6 for row in parent)
    same_person = pair([unmatched("Distribuidora Lima EIRL")], CUSTOMERS)
    odds = [float(rows[0][HEADER.index("match_probability")]) for rows in (other_person, same_person)]
    assert odds[0] < odds[1]


def test_a_domain_finds_what_the_name_does_not():
    found = pair([unmatched("Grupo CP Holding", "contoso-pe.onmicrosoft.com")], CUSTOMERS)
    assert [row[HEADER.index("customer_id")] for row in found] == ["C5"]


def test_the_review_file_cannot_run_a_formula_and_is_the_same_every_time(tmp_path):
    customers = [("C9", '=HYPERLINK("x") Andina', None, "PE")]
    rows = pair([unmatched('HYPERLINK("x") Andina')], customers)
    first = write(tmp_path / "review" / "a.csv", rows).read_bytes()
    assert first == write(tmp_path / "b.csv", pair([unmatched('HYPERLINK("x") Andina')], customers)).read_bytes()
    with (tmp_path / "b.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["legal_name"].startswith("'=")
