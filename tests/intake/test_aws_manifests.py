"""AWS delivers a tree; the manifest is the list of what is read, never a glob."""

import json

import pytest
from extracts import cur

LIVE, OLD = "6c1f4d2e-live", "0a9b8c7d-old"
MONTH = "aws_cur/2026-10/20261001-20261101"


def legacy(*keys: str, assembly: str = LIVE, **more: object) -> str:
    """A manifest of the legacy report, as AWS writes it."""
    return json.dumps(
        {
            "assemblyId": assembly,
            "account": "111122223333",
            "columns": [{"category": "lineItem", "name": "UnblendedCost"}],
            "charset": "UTF-8",
            "compression": "GZIP",
            "contentType": "text/csv",
            "reportName": "report",
            "billingPeriod": {"start": "20261001T000000.000Z", "end": "20261101T000000.000Z"},
            "bucket": "bills",
            "reportKeys": list(keys),
        }
        | more,
        indent=4,
    )


def key(assembly: str, number: int = 1) -> str:
    return f"prefix/report/20261001-20261101/{assembly}/report-{number}.csv.gz"


def drop_two_assemblies(home) -> None:
    home.drop(f"{MONTH}/{OLD}/report-1.csv.gz", cur("100", legacy=True))
    home.drop(f"{MONTH}/{OLD}/report-Manifest.json", legacy(key(OLD), assembly=OLD))
    home.drop(f"{MONTH}/{LIVE}/report-1.csv.gz", cur("1", "2", legacy=True))
    home.drop(f"{MONTH}/{LIVE}/report-2.csv.gz", cur("4", legacy=True))
    home.drop(f"{MONTH}/{LIVE}/report-Manifest.json", legacy(key(LIVE), key(LIVE, 2)))


def files_read(delivery) -> list[str]:
    return [file.file for file in delivery.files]


def test_the_top_level_manifest_names_the_live_assembly_and_the_others_are_not_read(home):
    drop_two_assemblies(home)
    home.drop(f"{MONTH}/report-Manifest.json", legacy(key(LIVE), key(LIVE, 2)))
    delivery = home.take_in("aws_cur")
    assert files_read(delivery) == [f"{MONTH}/{LIVE}/report-1.csv.gz", f"{MONTH}/{LIVE}/report-2.csv.gz"]
    assert sum(file.amount_total for file in delivery.files) == 7  # 1 + 2 + 4; the old assembly's 100 is not there
    assert f"not in the manifest, not read: {MONTH}/{OLD}/report-1.csv.gz" in delivery.notes


def test_several_assemblies_without_a_top_level_manifest_are_refused(home):
    drop_two_assemblies(home)
    assert {fault.reason for fault in home.refusal("aws_cur")} == {
        "is one of several versions, none of them marked live"
    }


def test_one_assembly_without_a_top_level_manifest_is_read(home):
    home.drop(f"{MONTH}/{LIVE}/report-1.csv.gz", cur("1", legacy=True))
    home.drop(f"{MONTH}/{LIVE}/report-Manifest.json", legacy(key(LIVE)))
    assert len(home.take_in("aws_cur").files) == 1


def test_a_key_with_a_leading_slash_and_a_flat_copy_are_understood(home):
    home.drop("aws_cur/2026-10/report-1.csv.gz", cur("1", legacy=True))
    home.drop("aws_cur/2026-10/report-Manifest.json", legacy("/" + key(LIVE)))
    assert files_read(home.take_in("aws_cur")) == ["aws_cur/2026-10/report-1.csv.gz"]


def test_a_data_export_is_read_by_its_data_files(home):
    tree = "aws_cur/2026-10/focus-or-cur"
    stem = "s3://bills/prefix/focus-or-cur/data/BILLING_PERIOD=2026-10/focus-or-cur-0000"
    arn = "arn:aws:bcm-data-exports:us-east-1:111122223333:export/focus-or-cur-1"
    manifest = {"exportArn": arn, "executionId": "e-1", "dataFiles": [f"{stem}1.csv.gz", f"{stem}2.csv.gz"]}
    home.drop(f"{tree}/data/BILLING_PERIOD=2026-10/focus-or-cur-00001.csv.gz", cur("1"))
    home.drop(f"{tree}/data/BILLING_PERIOD=2026-10/focus-or-cur-00002.csv.gz", cur("2"))
    home.drop(f"{tree}/data/BILLING_PERIOD=2026-10/focus-or-cur-00003.csv.gz", cur("4"))
    home.drop(f"{tree}/metadata/BILLING_PERIOD=2026-10/focus-or-cur-Manifest.json", json.dumps(manifest))
    delivery = home.take_in("aws_cur")
    assert sum(file.amount_total for file in delivery.files) == 3  # 1 + 2; the third file is not in the list


def test_of_a_tree_of_several_months_only_the_months_own_is_read(home):
    for month, cost in (("2026-09", "9"), ("2026-10", "10")):
        name = f"x/data/BILLING_PERIOD={month}/x-1.csv.gz"
        home.drop(f"aws_cur/2026-10/{name}", cur(cost, month=month))
        home.drop(
            f"aws_cur/2026-10/x/metadata/BILLING_PERIOD={month}/x-Manifest.json", json.dumps({"dataFiles": [name]})
        )
    delivery = home.take_in("aws_cur")
    assert [str(file.amount_total) for file in delivery.files] == ["10.000000000000"]
    assert any("of 2026-09, not read" in note for note in delivery.notes)


def test_a_manifest_of_another_month_is_refused(home):
    home.drop("aws_cur/2026-11/report-1.csv.gz", cur("1", legacy=True))
    home.drop("aws_cur/2026-11/report-Manifest.json", legacy(key(LIVE)))
    (fault,) = home.refusal("aws_cur", "2026-11")
    assert (fault.column, fault.reason) == ("billingPeriod", "is of 2026-10, not of 2026-11")
    assert fault.remedy == "Move the delivery to the folder 2026-10."


def test_two_reports_of_one_payer_would_count_its_cost_twice(home):
    for report in ("hourly", "daily"):
        home.drop(f"aws_cur/2026-10/{report}/{report}-1.csv.gz", cur("1", "2" if report == "daily" else "3"))
        home.drop(f"aws_cur/2026-10/{report}/{report}-Manifest.json", legacy(f"{report}-1.csv.gz", reportName=report))
    assert "its cost would count twice" in home.refusal("aws_cur")[0].reason


def test_the_reports_of_two_payers_are_both_read(home):
    for payer in ("111122223333", "444455556666"):
        home.drop(f"aws_cur/2026-10/{payer}/{payer}-1.csv.gz", cur(payer[0], legacy=True))
        home.drop(f"aws_cur/2026-10/{payer}/{payer}-Manifest.json", legacy(f"{payer}-1.csv.gz", account=payer))
    assert len(home.take_in("aws_cur").files) == 2


def test_a_listed_file_that_is_not_here_is_named_with_its_line_in_the_manifest(home):
    home.drop(f"{MONTH}/{LIVE}/report-1.csv.gz", cur("1", legacy=True))
    home.drop(f"{MONTH}/report-Manifest.json", legacy(key(LIVE), key(LIVE, 2)))
    (fault,) = home.refusal("aws_cur")
    assert (fault.file, fault.column, fault.value) == (f"{MONTH}/report-Manifest.json", "reportKeys[1]", key(LIVE, 2))
    lines = (home.paths.inbox / fault.file).read_text().splitlines()
    assert key(LIVE, 2) in lines[fault.line - 1]
    assert fault.remedy == "Copy the missing file, then close again."


def test_a_file_still_being_copied_is_a_file_that_is_not_here(home):
    home.drop("aws_cur/2026-10/report-1.csv.gz.part", "x")
    home.drop("aws_cur/2026-10/report-Manifest.json", legacy("report-1.csv.gz"))
    assert "not here" in home.refusal("aws_cur")[0].reason


def test_a_file_that_was_unpacked_on_the_way_is_told_apart_from_a_missing_one(home):
    home.drop("aws_cur/2026-10/report-1.csv", cur("1", legacy=True))
    home.drop("aws_cur/2026-10/report-Manifest.json", legacy("report-1.csv.gz"))
    assert home.refusal("aws_cur")[0].reason == "lists a file that was unpacked"


def test_files_that_are_not_in_the_stated_compression_are_refused(home):
    home.drop("aws_cur/2026-10/report-1.csv", cur("1", legacy=True))
    home.drop("aws_cur/2026-10/report-Manifest.json", legacy("report-1.csv"))
    assert home.refusal("aws_cur")[0].reason == "says its files are GZIP, this one is not"


def test_an_unknown_compression_is_refused(home):
    home.drop("aws_cur/2026-10/report-Manifest.json", legacy("report-1.csv.gz", compression="ZSTD"))
    (fault,) = home.refusal("aws_cur")
    assert (fault.column, fault.value) == ("compression", "ZSTD")


def test_the_lists_for_redshift_and_quicksight_beside_the_manifest_are_ignored(home):
    home.drop("aws_cur/2026-10/report-1.csv.gz", cur("1", legacy=True))
    home.drop("aws_cur/2026-10/report-Manifest.json", legacy("report-1.csv.gz"))
    home.drop("aws_cur/2026-10/report-RedshiftManifest.json", '{"entries": []}')
    home.drop("aws_cur/2026-10/report-RedshiftCommands.sql", "copy;")
    assert len(home.take_in("aws_cur").files) == 1


def test_mending_only_the_manifest_mends_the_delivery(home):
    home.drop("aws_cur/2026-10/report-1.csv.gz", cur("1", legacy=True))
    home.drop("aws_cur/2026-10/report-Manifest.json", legacy("report-1.csv.gz", "report-2.csv.gz"))
    home.refusal("aws_cur")
    home.drop("aws_cur/2026-10/report-Manifest.json", legacy("report-1.csv.gz"))
    assert home.take_in("aws_cur").status == "accepted"


@pytest.mark.parametrize("path", ["../../secret.csv.gz", "prefix/../../secret.csv.gz", "..\\..\\secret.csv.gz"])
def test_a_key_that_climbs_out_is_refused(home, path):
    home.drop("secret.csv.gz", cur("1"))
    home.drop("aws_cur/2026-10/report-Manifest.json", legacy(path))
    (fault,) = home.refusal("aws_cur")
    assert fault.reason == "lists a path that climbs out of its folder"


def test_an_absolute_key_is_only_ever_looked_up_inside_the_folder(home, tmp_path):
    (tmp_path / "secret.csv.gz").write_bytes(b"x")
    home.drop("aws_cur/2026-10/report-Manifest.json", legacy(str(tmp_path / "secret.csv.gz")))
    assert home.refusal("aws_cur")[0].reason == "lists a file that is not here"
