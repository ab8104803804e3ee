"""What was refused lies in data/rejected, so that a person can mend it without the program."""

import csv
import json

from extracts import cur

from orchestration.errors import Fault
from orchestration.intake.receive import Candidate, reject


def folder_of(home):
    (folder,) = (home.paths.rejected / "aws_cur" / "2026-10").iterdir()
    return folder


def test_a_refusal_names_source_period_file_hash_reason_and_remedy(home):
    home.drop("aws_cur/2026-10/a.csv", cur("1", "one"))
    (fault,) = home.refusal("aws_cur")
    reason = json.loads((folder_of(home) / "reason.json").read_text())
    assert (reason["source"], reason["period"], reason["faults"]) == ("aws_cur", "2026-10", 1)
    assert folder_of(home).name == reason["delivery_sha256"][:12]
    assert [file["file"] for file in reason["files"]] == ["aws_cur/2026-10/a.csv"]
    assert reason["reasons"][0]["reason"] == fault.reason
    assert reason["remedy"] == [fault.remedy]


def test_every_fault_is_one_row_with_file_line_and_column(home):
    home.drop("aws_cur/2026-10/a.csv", cur("1", "one", "two"))
    faults = home.refusal("aws_cur")
    with (folder_of(home) / "faults.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["file"], row["line"], row["column"]) for row in rows] == [
        (fault.file, str(fault.line or ""), fault.column or "") for fault in faults
    ]


def test_the_refused_file_is_kept_beside_its_reason(home):
    file = home.drop("aws_cur/2026-10/deep/a.csv", cur("one"))
    home.refusal("aws_cur")
    assert (folder_of(home) / "files" / "deep" / "a.csv").read_bytes() == file.read_bytes()


def test_the_same_refusal_again_is_one_refusal(home):
    home.drop("aws_cur/2026-10/a.csv", cur("one"))
    home.refusal("aws_cur")
    home.refusal("aws_cur")
    assert [row["status"] for row in home.rows()] == ["rejected"]
    assert home.events() == ["rejected"]
    assert len(list((home.paths.rejected / "aws_cur" / "2026-10").iterdir())) == 1


def test_the_ledger_says_why_each_file_was_refused(home):
    home.drop("aws_cur/2026-10/a.csv", cur("one"))
    home.drop("aws_cur/2026-10/b.csv", cur("1"))
    fault = home.refusal("aws_cur")[0]
    assert {row["reason"] for row in home.rows()} == {str(fault)}
    assert [row["rows"] for row in home.rows()] == [None, None]


def test_a_formula_in_the_data_is_disarmed_in_the_faults(home):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    candidate = home.prepare("aws_cur")
    assert isinstance(candidate, Candidate)
    fault = Fault(
        "aws_cur/2026-10/a.csv", "is not a number", "Write a number.", line=2, column="c", value="=HYPERLINK(1)"
    )
    reject(home.paths, candidate, [fault])
    assert "'=HYPERLINK(1)" in (folder_of(home) / "faults.csv").read_text()
