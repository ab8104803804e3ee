"""Microsoft Graph delivers parts and a manifest.json that counts them."""

import json

import pytest
from extracts import graph_lines

FOLDER = "microsoft_csp_invoice/2026-10"
PART = "part-00000-8d1e.c000.json.gz"


def manifest(*blobs: dict, **more: object) -> str:
    document = {
        "id": "6f0e",
        "schemaVersion": "2",
        "dataFormat": "compressedJSONLines",
        "createdDateTime": "2026-11-08T00:00:00Z",
        "eTag": "RwDrn7fbiTXy6UULE",
        "partnerTenantId": "19a1",
        "rootDirectory": "https://example.blob.core.windows.net/c",
        "sasToken": "sig=do-not-show",
        "partitionType": "default",
        "blobCount": len(blobs),
        "blobs": list(blobs),
    }
    return json.dumps(document | more, indent=1)


def test_the_blobs_are_read_and_the_etag_is_kept(home):
    home.drop(f"{FOLDER}/{PART}", graph_lines("10.5", "-0.5"))
    home.drop(f"{FOLDER}/left-over.json.gz", graph_lines("99"))
    home.drop(f"{FOLDER}/manifest.json", manifest({"name": PART, "partitionValue": "default"}))
    delivery = home.take_in("microsoft_csp_invoice")
    assert [(file.file, str(file.amount_total)) for file in delivery.files] == [(f"{FOLDER}/{PART}", "10.000000000000")]
    assert f"{FOLDER}/manifest.json: eTag RwDrn7fbiTXy6UULE" in delivery.notes
    assert f"not in the manifest, not read: {FOLDER}/left-over.json.gz" in delivery.notes


def test_parts_of_several_invoices_each_with_its_manifest_are_all_read(home):
    for invoice, amount in (("G001", "1"), ("G002", "2")):
        home.drop(f"{FOLDER}/{invoice}/{PART}", graph_lines(amount))
        home.drop(f"{FOLDER}/{invoice}/manifest.json", manifest({"name": PART}))
    assert sum(file.amount_total for file in home.take_in("microsoft_csp_invoice").files) == 3


def test_the_whole_answer_of_the_export_operation_is_understood(home):
    home.drop(f"{FOLDER}/{PART}", graph_lines("1"))
    answer = {"status": "succeeded", "resourceLocation": json.loads(manifest({"name": PART}))}
    home.drop(f"{FOLDER}/manifest.json", json.dumps(answer))
    assert len(home.take_in("microsoft_csp_invoice").files) == 1


def test_a_blob_count_that_disagrees_is_refused(home):
    home.drop(f"{FOLDER}/{PART}", graph_lines("1"))
    home.drop(f"{FOLDER}/manifest.json", manifest({"name": PART}, blobCount=2))
    (fault,) = home.refusal("microsoft_csp_invoice")
    assert (fault.file, fault.column, fault.reason) == (
        f"{FOLDER}/manifest.json",
        "blobCount",
        "says 2 blobs and lists 1",
    )


def test_an_item_count_that_disagrees_is_refused(home):
    home.drop(f"{FOLDER}/{PART}", graph_lines("1", "2"))
    home.drop(f"{FOLDER}/manifest.json", manifest({"name": PART, "itemCount": 3}))
    (fault,) = home.refusal("microsoft_csp_invoice")
    assert fault.reason == f"says {PART} has 3 rows, it has 2"
    assert fault.line is not None


def test_a_size_that_disagrees_is_refused(home):
    size = home.drop(f"{FOLDER}/{PART}", graph_lines("1")).stat().st_size
    home.drop(f"{FOLDER}/manifest.json", manifest({"name": PART, "sizeInBytes": size + 1}))
    assert home.refusal("microsoft_csp_invoice")[0].reason == f"says {PART} has {size + 1} bytes, it has {size}"


def test_counts_and_sizes_that_agree_are_accepted(home):
    size = home.drop(f"{FOLDER}/{PART}", graph_lines("1", "2")).stat().st_size
    home.drop(f"{FOLDER}/manifest.json", manifest({"name": PART, "sizeInBytes": size, "itemCount": 2}))
    assert home.take_in("microsoft_csp_invoice").files[0].rows == 2


def test_a_missing_blob_is_refused(home):
    home.drop(f"{FOLDER}/manifest.json", manifest({"name": PART}))
    (fault,) = home.refusal("microsoft_csp_invoice")
    assert (fault.column, fault.value, fault.reason) == ("blobs[0].name", PART, "lists a file that is not here")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../2026-09/other.json.gz", "lists a path that climbs out of its folder"),
        ("/etc/passwd", "lists an absolute path"),
        ("C:\\part.json.gz", "lists an absolute path"),
        ("https://example.org/part.json.gz", "lists an absolute path"),
        ("part\u0000.json.gz", "lists a path that climbs out of its folder"),
        ("manifest.json", "lists a file that is not here"),
    ],
)
def test_a_name_that_is_not_a_file_of_the_folder_is_refused(home, name, reason):
    home.drop("microsoft_csp_invoice/2026-09/other.json.gz", graph_lines("1"))
    home.drop(f"{FOLDER}/manifest.json", manifest({"name": name}))
    (fault,) = home.refusal("microsoft_csp_invoice")
    assert fault.reason == reason


def test_an_unknown_data_format_is_refused(home):
    home.drop(f"{FOLDER}/manifest.json", manifest({"name": PART}, dataFormat="avro"))
    assert home.refusal("microsoft_csp_invoice")[0].column == "dataFormat"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "null",
        '{"blobs": {}}',
        '{"blobs": []}',
        '{"other": 1}',
        pytest.param("[" * 200_000, id="deep"),
        pytest.param("9" * 5000, id="long number"),
        "\xff",
    ],
)
def test_what_is_not_a_manifest_is_refused_and_named(home, text):
    home.drop(f"{FOLDER}/{PART}", graph_lines("1"))
    home.drop(f"{FOLDER}/manifest.json", text.encode("latin-1"))
    (fault,) = home.refusal("microsoft_csp_invoice")
    assert fault.file == f"{FOLDER}/manifest.json"


def test_the_manifests_access_token_never_leaves_it(home):
    home.drop(f"{FOLDER}/manifest.json", manifest({"name": PART}))
    assert "do-not-show" not in str(home.refusal("microsoft_csp_invoice")[0])
    written = [file.read_bytes() for file in home.paths.rejected.rglob("*") if file.is_file()]
    assert written
    assert not any(b"do-not-show" in content for content in written)
    assert b"do-not-show" not in (home.paths.lake / "ledger.sqlite").read_bytes()
