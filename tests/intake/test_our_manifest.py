"""Our manifest.csv (file, rows, sum_amount, sha256) is checked in every column that it fills."""

import hashlib

import pytest
from extracts import cur, customers

FOLDER = "aws_cur/2026-10"


def refusal(home, line: str, header: str = "file,rows,sum_amount,sha256"):
    home.drop(f"{FOLDER}/a.csv", cur("1.25", "0.75"))
    home.drop(f"{FOLDER}/manifest.csv", f"{header}\n{line}\n")
    (fault,) = home.refusal("aws_cur")
    assert (fault.file, fault.line) == (f"{FOLDER}/manifest.csv", 2)
    return fault


def test_a_manifest_that_agrees_is_accepted(home):
    file = home.drop(f"{FOLDER}/a.csv", cur("1.25", "0.75"))
    sha = hashlib.sha256(file.read_bytes()).hexdigest()
    home.drop(f"{FOLDER}/manifest.csv", f"\ufefffile,rows,sum_amount,sha256\na.csv,2,2.00,{sha.upper()}\n")
    assert home.take_in("aws_cur").files[0].rows == 2


def test_empty_cells_are_not_checked_and_unlisted_files_are_not_read(home):
    home.drop("crm/2026-10/customers.csv", customers("C1"))
    home.drop("crm/2026-10/notes.csv", "anything")
    home.drop("crm/2026-10/manifest.csv", "file,rows,sum_amount,sha256\ncustomers.csv,,,\n")
    delivery = home.take_in("crm")
    assert list(delivery.tables) == ["customers"]
    assert "not in the manifest, not read: crm/2026-10/notes.csv" in delivery.notes


def test_a_row_count_that_disagrees_is_refused(home):
    fault = refusal(home, "a.csv,3,,")
    assert (fault.column, fault.value, fault.reason) == ("rows", "3", "says a.csv has 3 rows, it has 2")


def test_a_sum_that_disagrees_by_the_last_decimal_is_refused(home):
    fault = refusal(home, "a.csv,2,2.000000000001,")
    assert (fault.column, fault.reason) == ("sum_amount", "says a.csv sums to 2.000000000001, it sums to 2")


def test_a_hash_that_disagrees_is_refused(home):
    fault = refusal(home, f"a.csv,2,2,{'0' * 64}")
    assert fault.column == "sha256"


def test_a_listed_file_that_is_not_here_is_refused(home):
    assert refusal(home, "b.csv,1,1,").reason == "lists a file that is not here"


def test_a_file_listed_twice_is_refused(home):
    home.drop(f"{FOLDER}/a.csv", cur("1"))
    home.drop(f"{FOLDER}/manifest.csv", "file,rows\na.csv,1\na.csv,1\n")
    (fault,) = home.refusal("aws_cur")
    assert (fault.line, fault.reason) == (3, "lists the same file twice")


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("a.csv,many,,", "rows"),
        ('a.csv,2,"2,00",', "sum_amount"),
        ("a.csv,2,NaN,", "sum_amount"),
        ("a.csv,,,abc", "sha256"),
        (",1,,", "file"),
    ],
)
def test_a_cell_that_is_not_what_its_column_says_is_refused(home, line, column):
    assert refusal(home, line).column == column


@pytest.mark.parametrize("path", ["../2026-09/a.csv", "/etc/passwd", "sub/../../a.csv"])
def test_a_path_that_leaves_the_folder_is_refused(home, path):
    assert refusal(home, f"{path},,,").column == "file"


@pytest.mark.parametrize("text", ["", "file,rows\n", 'file\n"a.csv', "name,rows\na.csv,1\n"])
def test_a_manifest_without_files_is_refused(home, text):
    home.drop(f"{FOLDER}/a.csv", cur("1"))
    home.drop(f"{FOLDER}/manifest.csv", text)
    assert home.refusal("aws_cur")[0].file == f"{FOLDER}/manifest.csv"


def test_a_manifest_dropped_later_is_held_against_what_was_accepted(home):
    home.drop(f"{FOLDER}/a.csv", cur("1.25"))
    accepted = home.take_in("aws_cur")
    home.drop(f"{FOLDER}/manifest.csv", "file,rows,sum_amount\na.csv,1,1.30\n")
    assert "sums to" in home.refusal("aws_cur")[0].reason
    assert home.current("aws_cur") == accepted


def test_manifests_of_two_kinds_are_refused(home):
    home.drop(f"{FOLDER}/a.csv", cur("1"))
    home.drop(f"{FOLDER}/manifest.csv", "file\na.csv\n")
    home.drop(f"{FOLDER}/x-Manifest.json", '{"reportKeys": ["a.csv"]}')
    assert all("another kind (aws, cuadre)" in fault.reason for fault in home.refusal("aws_cur"))


def test_an_accent_written_as_one_letter_or_as_two_is_one_name(home):
    home.drop(f"{FOLDER}/facturacio\u0301n.csv", cur("1"))
    home.drop(f"{FOLDER}/manifest.csv", "file,rows\nfacturaci\u00f3n.csv,1\n")
    assert len(home.take_in("aws_cur").files) == 1
