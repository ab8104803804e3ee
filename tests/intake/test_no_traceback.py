"""Whatever goes wrong on the way in is a fault of a file, told in a sentence; the trace lies beside it."""

import errno
import json
from pathlib import Path

import polars as pl
import pytest
from extracts import cur, graph_lines

from orchestration.errors import InputUnusable
from orchestration.intake import inbox, receive
from orchestration.readers import delimited


def raising(error):
    def raises(*_args, **_kwargs):
        raise error

    return raises


@pytest.mark.parametrize(
    "error",
    [
        ValueError("nobody thought of this"),
        RecursionError("too deep"),
        pl.exceptions.ComputeError("odd"),
        pl.exceptions.PanicException("odd"),
        OSError(errno.EIO, "Input/output error"),
    ],
)
def test_what_no_reader_expects_is_a_fault_of_the_file_and_its_trace_is_kept(home, monkeypatch, error):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    home.drop("aws_cur/2026-10/b.csv", cur("2"))
    real = delimited.batches

    def read(blocks, file, *rest):
        return raising(error)() if file.endswith("b.csv") else real(blocks, file, *rest)

    monkeypatch.setattr(delimited, "batches", read)
    [fault] = home.refusal("aws_cur")
    assert fault.file == "aws_cur/2026-10/b.csv"
    assert type(error).__name__ in fault.reason
    [folder] = (home.paths.rejected / "aws_cur" / "2026-10").iterdir()
    assert {file.name for file in folder.iterdir()} >= {"reason.json", "faults.csv", "files", "traceback.txt"}
    assert type(error).__name__ in (folder / "traceback.txt").read_text()
    assert {row["status"] for row in home.rows()} == {"rejected"}
    monkeypatch.undo()
    home.take_in("aws_cur")
    assert {row["status"] for row in home.rows()} == {"accepted"}


def test_a_folder_that_cannot_even_be_looked_at_is_named(home, monkeypatch):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    monkeypatch.setattr(
        receive, "recognise", raising(PermissionError(errno.EACCES, "denied", str(home.paths.inbox / "aws_cur")))
    )
    [fault] = home.refusal("aws_cur")
    assert fault.file == "aws_cur/2026-10"


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        pl.exceptions.ComputeError("No space left on device (os error 28)"),
    ],
)
def test_a_full_disk_is_nobodys_file(home, monkeypatch, error):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    monkeypatch.setattr(pl.DataFrame, "write_parquet", raising(error))
    with pytest.raises(Exception) as raised:  # noqa: PT011  of either kind, but no fault of the input
        home.prepare("aws_cur")
    assert not isinstance(raised.value, InputUnusable)
    assert home.rows() == []


def test_a_manifest_that_says_a_thing_twice_is_refused(home):
    home.drop("microsoft_csp_invoice/2026-10/part.json.gz", graph_lines("1"))
    text = '{"blobCount": 1, "blobCount": 1, "blobs": [{"name": "part.json.gz"}]}'
    home.drop("microsoft_csp_invoice/2026-10/manifest.json", text)
    [fault] = home.refusal("microsoft_csp_invoice")
    assert (fault.file, fault.column) == ("microsoft_csp_invoice/2026-10/manifest.json", "blobCount")


def swallowing(*costs):
    """AWS lines in which a mark that was never meant makes one row of the first two."""
    first, second = (f",{cost}\n" for cost in costs[:2])
    return (
        cur(*costs)
        .replace(f"Usage,USD{first}", f'"Usage,USD{first}', 1)
        .replace(f"Usage,USD{second}", f'Usage",USD{second}', 1)
    )


@pytest.mark.parametrize("manifest", ["file,rows\na.csv,3\n", "file,sum_amount\na.csv,7\n"])
def test_a_cell_that_spans_lines_is_a_fault_where_the_manifest_disagrees(home, manifest):
    """Lines of 1, 2 and 4 dollars are 7; with the first two as one row they are 2 + 4 = 6."""
    home.drop("aws_cur/2026-10/a.csv", swallowing("1", "2", "4"))
    home.drop("aws_cur/2026-10/manifest.csv", manifest)
    disagrees, spans = home.refusal("aws_cur")
    assert disagrees.file == "aws_cur/2026-10/manifest.csv"
    assert (spans.file, spans.line, spans.column) == ("aws_cur/2026-10/a.csv", 2, "line_item_line_item_type")
    assert spans.reason == "the cell spans 2 lines"


def test_a_cell_that_spans_lines_is_a_note_where_nothing_disagrees(home):
    home.drop("aws_cur/2026-10/a.csv", swallowing("1", "2", "4"))
    home.drop("aws_cur/2026-10/manifest.csv", "file,rows,sum_amount\na.csv,2,6\n")
    assert any("line 2: the cell spans 2 lines" in note for note in home.take_in("aws_cur").notes)


def test_a_refusal_with_half_a_letter_in_it_can_be_written_down(home):
    lines = graph_lines("1").replace("b0d70a69", "b\\ud800")
    home.drop("microsoft_csp_invoice/2026-10/a.jsonl", lines)
    [fault] = home.refusal("microsoft_csp_invoice")
    [folder] = (home.paths.rejected / "microsoft_csp_invoice" / "2026-10").iterdir()
    assert json.loads((folder / "reason.json").read_text())["reasons"][0]["line"] == fault.line == 1


@pytest.mark.parametrize("ask", [inbox.periods, inbox.misplaced, lambda paths: inbox.sources_with(paths, "2026-10")])
def test_a_folder_that_may_not_be_looked_into_is_refused_by_name(home, monkeypatch, ask):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    real = Path.iterdir

    def closed(folder):
        return (
            raising(PermissionError(errno.EACCES, "Permission denied"))() if folder.name == "aws_cur" else real(folder)
        )

    monkeypatch.setattr(Path, "iterdir", closed)
    with pytest.raises(InputUnusable, match="aws_cur: cannot be opened: Permission denied"):
        ask(home.paths)
