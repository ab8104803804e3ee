"""Nothing in the inbox is passed over in silence, and nothing outside it is read."""

import os

import pytest
from extracts import cur, customers, rates

from orchestration.errors import InputUnusable
from orchestration.intake import inbox


def test_periods_are_the_folders_that_hold_something_oldest_first(home):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    home.drop("fx/2026-09/fx_rates.csv", rates("1"))
    home.drop("crm/2026-10/.DS_Store", "")
    (home.paths.inbox / "erp" / "2026-12").mkdir(parents=True)
    assert inbox.periods(home.paths) == ["2026-09", "2026-10"]
    assert [source.name for source in inbox.sources_with(home.paths, "2026-10")] == ["aws_cur"]


def test_an_inbox_that_is_not_there_has_no_periods(home):
    assert inbox.periods(home.paths) == []


@pytest.mark.parametrize(
    ("name", "place", "remedy"),
    [
        ("aws_crr/2026-10/a.csv", "aws_crr", "Did you mean 'aws_cur'?"),
        ("aws_cur/2026-13/a.csv", "aws_cur/2026-13", "Name the folder after the billing month, as in 2026-10."),
        ("aws_cur/a.csv", "aws_cur/a.csv", "Move it to inbox/aws_cur/<YYYY-MM>/."),
        ("a.csv", "a.csv", "Move it to inbox/<source>/<YYYY-MM>/."),
    ],
)
def test_what_lies_where_no_source_is_read_is_a_fault(home, name, place, remedy):
    home.drop(name, "x")
    with pytest.raises(InputUnusable) as refused:
        inbox.periods(home.paths)
    (fault,) = refused.value.faults
    assert (fault.file, fault.remedy) == (place, remedy)


def test_harmless_companions_are_ignored(home):
    for name in (
        "README",
        "README.md",
        "readme.txt",
        "LICENSE.txt",
        ".DS_Store",
        "Thumbs.db",
        "~$customers.xlsx",
        ".hidden.csv",
    ):
        home.drop(f"crm/2026-10/{name}", "anything")
    home.drop("README.md", "how to use the inbox")
    home.drop("crm/dialect.toml", "")
    home.drop("crm/2026-10/customers.csv", customers("C1"))
    assert inbox.periods(home.paths) == ["2026-10"]
    assert [file.file for file in home.take_in("crm").files] == ["crm/2026-10/customers.csv"]


@pytest.mark.parametrize("suffix", [".part", ".tmp", ".crdownload", ".filepart"])
def test_a_file_still_being_written_is_left_alone_and_said(home, suffix):
    home.drop("crm/2026-10/customers.csv", customers("C1"))
    home.drop(f"crm/2026-10/contracts.csv{suffix}", "contract_")
    delivery = home.take_in("crm")
    assert list(delivery.tables) == ["customers"]
    assert delivery.notes[0] == f"crm/2026-10/contracts.csv{suffix}: still being written, left alone"


@pytest.mark.parametrize("name", ["invoice.pdf", "customers.docx", "customers.dat"])
def test_a_file_of_a_kind_that_is_not_read_is_refused_in_a_canonical_source(home, name):
    home.drop("crm/2026-10/customers.csv", customers("C1"))
    home.drop(f"crm/2026-10/{name}", "%PDF")
    (fault,) = home.refusal("crm")
    assert (fault.file, fault.remedy) == (f"crm/2026-10/{name}", "Export it as CSV, Parquet or Excel, or remove it.")


def test_a_document_beside_a_providers_files_is_reported_and_not_read(home):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    home.drop("aws_cur/2026-10/invoice.pdf", "%PDF")
    assert "aws_cur/2026-10/invoice.pdf: a document, not read" in home.take_in("aws_cur").notes


def test_a_file_that_is_no_table_of_its_source_is_refused_with_the_nearest_name(home):
    home.drop("crm/2026-10/costumers.csv", customers("C1"))
    (fault,) = home.refusal("crm")
    assert fault.remedy == "Name the file after its table. Did you mean 'customers'?"


def test_a_table_in_a_folder_of_its_own_is_refused(home):
    home.drop("crm/2026-10/export/customers.csv", customers("C1"))
    assert home.refusal("crm")[0].remedy == "Move it to crm/2026-10/."


def test_a_browsers_second_download_of_a_table_is_that_table(home):
    home.drop("crm/2026-10/Customers (1).CSV", customers("C1"))
    assert list(home.take_in("crm").tables) == ["customers"]


def test_a_link_that_leaves_the_folder_is_refused(home, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.csv").write_text(cur("1"))
    folder = home.paths.inbox / "aws_cur" / "2026-10"
    folder.mkdir(parents=True)
    (folder / "file.csv").symlink_to(outside / "a.csv")
    (folder / "tree").symlink_to(outside)
    assert {fault.file for fault in home.refusal("aws_cur")} == {"aws_cur/2026-10/file.csv", "aws_cur/2026-10/tree"}


def test_a_period_folder_that_is_a_link_out_of_the_inbox_is_refused(home, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.csv").write_text(cur("1"))
    (home.paths.inbox / "aws_cur").mkdir(parents=True)
    (home.paths.inbox / "aws_cur" / "2026-10").symlink_to(tmp_path / "outside")
    assert home.refusal("aws_cur")[0].reason == "is a link that leaves its folder"


def test_a_link_round_in_a_circle_is_not_followed(home):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    (home.paths.inbox / "aws_cur" / "2026-10" / "again").symlink_to(home.paths.inbox / "aws_cur" / "2026-10")
    assert len(home.take_in("aws_cur").files) == 1


def test_a_broken_link_is_refused(home):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    (home.paths.inbox / "aws_cur" / "2026-10" / "gone.csv").symlink_to("nothing.csv")
    assert home.refusal("aws_cur")[0].file == "aws_cur/2026-10/gone.csv"


def test_a_pipe_is_refused_and_not_waited_for(home):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    os.mkfifo(home.paths.inbox / "aws_cur" / "2026-10" / "pipe.csv")
    assert home.refusal("aws_cur")[0].reason == "is not a regular file"


def test_a_file_most_of_whose_rows_state_another_month_is_refused(home):
    september = cur("1", "2", "3", month="2026-09")
    home.drop("aws_cur/2026-10/a.csv", september + cur("4").splitlines()[1] + "\n")
    (fault,) = home.refusal("aws_cur")
    assert (fault.file, fault.line, fault.column) == ("aws_cur/2026-10/a.csv", 2, "bill_billing_period_start_date")
    assert fault.reason == "3 of 4 rows state another month than 2026-10"
    assert "folder 2026-09" in fault.remedy


def test_a_file_half_of_whose_rows_state_another_month_is_kept(home):
    home.drop("aws_cur/2026-10/a.csv", cur("1", month="2026-09") + cur("4").splitlines()[1] + "\n")
    assert home.take_in("aws_cur").files[0].rows == 2


def test_one_file_in_the_wrong_folder_is_found_among_others(home):
    home.drop("aws_cur/2026-10/a.csv", cur("1", "2", "3"))
    home.drop("aws_cur/2026-10/b.csv", cur("4", month="2026-09"))
    assert [fault.file for fault in home.refusal("aws_cur")] == ["aws_cur/2026-10/b.csv"]


def test_a_month_written_without_a_dash_is_a_month(home):
    home.drop("gcp_billing/2026-10/a.csv", "invoice_month,cost,currency\n202610,1.5,USD\n")
    assert str(home.take_in("gcp_billing").files[0].amount_total) == "1.500000000000"
    home.drop("gcp_billing/2026-10/a.csv", "invoice_month,cost,currency\n202609,1.5,USD\n")
    assert home.refusal("gcp_billing")[0].value == "2026-09"


def test_a_file_that_may_not_be_opened_is_a_fault_and_not_a_crash(home, monkeypatch):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    opened = type(home.paths.home).open

    def forbidden(self, *args, **kwargs):
        if self.name == "a.csv":
            raise PermissionError(13, "Permission denied")
        return opened(self, *args, **kwargs)

    monkeypatch.setattr(type(home.paths.home), "open", forbidden)
    assert home.refusal("aws_cur")[0].reason == "cannot be opened: Permission denied"


def test_a_folder_that_may_not_be_opened_is_a_fault_and_not_an_empty_folder(home, monkeypatch):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    home.drop("aws_cur/2026-10/closed/b.csv", cur("2"))
    scan = os.scandir

    def forbidden(place):
        if str(place).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(place))
        return scan(place)

    monkeypatch.setattr(os, "scandir", forbidden)
    assert home.refusal("aws_cur")[0].file == "aws_cur/2026-10/closed"


@pytest.mark.parametrize("name", [b"caf\xe9.csv", b"two\nlines.csv", b"\x1b[31mred.csv"])
def test_a_name_that_cannot_be_written_down_is_refused(home, name):
    home.drop("aws_cur/2026-10/a.csv", cur("1"))
    with open(os.path.join(os.fsencode(home.paths.inbox / "aws_cur" / "2026-10"), name), "w") as file:  # noqa: PTH118, PTH123
        file.write(cur("2"))
    (fault,) = home.refusal("aws_cur")
    assert (fault.reason, fault.file.isprintable()) == ("has a name that cannot be written down", True)
