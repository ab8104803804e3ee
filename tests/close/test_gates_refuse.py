"""Each gate, broken once: the close says which item and what to do, builds nothing behind it and publishes nothing new.

Up to the focus floor the gates are broken by files that a sender could send. Behind it the product computes every figure
itself, so there a checklist is given one more item, judged like the others, that the month does not keep.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import dagster as dg
import pytest

from orchestration.host import job, storage
from orchestration.quality import Item, Suite
from orchestration.settings import Paths

pytestmark = pytest.mark.long

STAIRCASE = ("open_warehouse", "staging", "focus", "reconciled", "marts", "published__release")
"""The job's steps, from the opened warehouse to the release. Before them stands one for each source."""


def _published(paths: Paths) -> dict[str, str]:
    """Every published file, by its release and name."""
    release = paths.published.resolve()
    files = [file for file in release.rglob("*") if file.is_file()]
    return {
        str(file.relative_to(release.parent)): hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(files)
    }


def _materialised(paths: Paths) -> set[str]:
    """The steps of the home's one run that materialised anything."""
    with dg.DagsterInstance.from_config(str(storage.dagster_home(paths))) as instance:
        (run,) = instance.get_runs()
        log = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    return {event.step_key for event in log}


def _refused_checks(paths: Paths) -> str:
    """What the failed checks of the home's one run say, tables included."""
    with dg.DagsterInstance.from_config(str(storage.dagster_home(paths))) as instance:
        (run,) = instance.get_runs()
        log = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    told = [event.asset_check_evaluation for event in log]
    refused = [one for one in told if not one.passed and one.severity == dg.AssetCheckSeverity.ERROR]
    tables = [entry for one in refused for entry in one.metadata.values() if isinstance(entry, dg.TableMetadataValue)]
    return "\n".join(
        [*(one.description for one in refused), *(str(row.data) for table in tables for row in table.records)]
    )


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8-sig")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def _append(file: Path, line: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")


def _a_manifest_that_counts_another_number_of_rows(inbox: Path) -> None:
    (inbox / "vendor/2024-09/manifest.csv").write_text("file,rows\nlicence_charges.csv,99\n")


def _the_same_document_twice(inbox: Path) -> None:
    invoices = inbox / "erp/2024-09/invoices.csv"
    _append(invoices, invoices.read_text(encoding="utf-8").splitlines()[1])


def _a_line_of_a_document_that_does_not_exist(inbox: Path) -> None:
    lines = inbox / "erp/2024-09/invoice_lines.csv"
    first = lines.read_text(encoding="utf-8").splitlines()[1]
    _append(lines, first.replace("CL-2409-0001", "CL-2409-9999"))


def _a_charge_type_that_nobody_knows(inbox: Path) -> None:
    (file,) = (inbox / "microsoft_csp_invoice/2024-09").glob("*.csv")
    _replace(file, ",cycleCharge,", ",goodwillCharge,")


@pytest.mark.parametrize(
    ("spoil", "exit_code", "item", "remedy", "stands", "behind"),
    [
        pytest.param(
            _a_manifest_that_counts_another_number_of_rows,
            2,
            "vendor/2024-09/manifest.csv, line 2, column 'rows': says licence_charges.csv has 99 rows",
            "Ask the sender which is right and deliver both again.",
            {"receive_erp"},
            {"receive_vendor", *STAIRCASE},
            id="intake",
        ),
        pytest.param(
            _the_same_document_twice,
            1,
            "raw.erp__invoices.key.is_unique",
            "Remove the repeated rows from the extract, or correct their key.",
            {"receive_vendor"},
            {"receive_erp", *STAIRCASE},
            id="raw",
        ),
        pytest.param(
            _a_line_of_a_document_that_does_not_exist,
            1,
            "staging.erp__invoice_lines.line_has_its_document",
            "Deliver the missing documents of the ERP extract, or remove the orphan lines.",
            {"open_warehouse"},
            set(STAIRCASE[1:]),
            id="staging",
        ),
        pytest.param(
            _a_charge_type_that_nobody_knows,
            1,
            "focus.every_charge_word_is_mapped",
            "Add the word to the provider's seed in dbt_project/seeds/focus, with its category.",
            {"staging"},
            set(STAIRCASE[2:]),
            id="focus",
        ),
    ],
)
def test_bad_files_are_stopped_at_their_gate_and_nothing_behind_it_moves(
    closed_home: Paths, spoil, exit_code: int, item: str, remedy: str, stands: set[str], behind: set[str]
) -> None:
    before = _published(closed_home)
    spoil(closed_home.inbox)

    outcome = job.close(closed_home, "2024-09")

    said = "\n".join(outcome.reasons)
    assert outcome.exit_code == exit_code, said
    assert item in said and remedy in said
    checks = _refused_checks(closed_home)
    assert item.rpartition(": ")[2] in checks and remedy in checks
    made = _materialised(closed_home)
    assert stands <= made
    assert not made & behind
    assert _published(closed_home) == before


def test_a_month_that_nobody_delivered_is_stopped_at_the_intake_checklist(closed_home: Paths) -> None:
    before = _published(closed_home)

    outcome = job.close(closed_home, "2024-10")

    said = "\n".join(outcome.reasons)
    assert outcome.exit_code == 1
    assert "intake.something_arrived" in said
    assert "Drop the month's files into the inbox: inbox/<source>/<YYYY-MM>/." in said
    assert not _materialised(closed_home) & set(STAIRCASE)
    assert _published(closed_home) == before


@pytest.mark.parametrize(
    ("floor", "relation", "must"),
    [
        # The month invoices its customers, and leaks money: both rules are broken by real rows.
        ("reconciled", "reconciled.int_reconciliation", "invoiced_amount = 0"),
        ("marts", "marts.fct_leak", "amount_usd = 0"),
    ],
)
def test_an_item_that_the_figures_do_not_keep_stops_the_floor(
    closed_home: Paths, monkeypatch: pytest.MonkeyPatch, floor: str, relation: str, must: str
) -> None:
    import importlib

    from orchestration.quality.rules import every_row

    checklist = importlib.import_module(f"expectations.floors.{floor}")
    one_more = Suite(
        floor,
        f"{floor}.one_more",
        relation,
        (
            Item(
                item_id=f"{floor}.one_more.no_money_moves",
                expectation=every_row(must),
                title_es="Ningún importe se mueve",
                title_pt="Nenhum valor se move",
                title_en="No money moves",
                why="A quiet month would be a relief.",
                stage=5,
                cause_7m="MD",
                owner_role="data_team",
                severity="block",
                remedy="Ask why the month was not quiet.",
            ),
        ),
    )
    as_delivered = checklist.suites()
    monkeypatch.setattr(checklist, "suites", lambda: (*as_delivered, one_more))
    before = _published(closed_home)

    outcome = job.close(closed_home, "2024-09")

    said = "\n".join(outcome.reasons)
    assert outcome.exit_code == 1, said
    assert f"{floor}.one_more.no_money_moves" in said and "Ask why the month was not quiet." in said
    at = STAIRCASE.index(floor)
    made = _materialised(closed_home)
    assert STAIRCASE[at - 1] in made
    assert not made & set(STAIRCASE[at:])
    assert _published(closed_home) == before
