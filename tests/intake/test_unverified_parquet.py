"""What could not be verified says so in the delivery's record."""

import hashlib
import io
from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.intake.contents import UNVERIFIED


def lines(**how) -> bytes:
    """Two AWS lines of 1.25 and 2.50 dollars."""
    rows = {
        "bill_billing_period_start_date": [datetime(2026, 10, 1)] * 2,
        "line_item_usage_account_id": ["111122223333"] * 2,
        "line_item_line_item_type": ["Usage"] * 2,
        "line_item_currency_code": ["USD"] * 2,
        "line_item_unblended_cost": [Decimal("1.25"), Decimal("2.50")],
    }
    buffer = io.BytesIO()
    pq.write_table(pa.table(rows), buffer, **how)
    return buffer.getvalue()


def test_parquet_that_nothing_verifies_is_accepted_and_says_so(home):
    home.drop("aws_cur/2026-10/a.parquet", lines())
    assert f"aws_cur/2026-10/a.parquet: {UNVERIFIED}" in home.take_in("aws_cur").notes
    [row] = home.rows()
    assert (row["status"], row["reason"]) == ("accepted", UNVERIFIED)


def test_parquet_with_checksums_has_nothing_to_say(home):
    home.drop("aws_cur/2026-10/a.parquet", lines(write_page_checksum=True))
    assert home.take_in("aws_cur").notes == ()
    assert [row["reason"] for row in home.rows()] == [None]


@pytest.mark.parametrize(
    ("promise", "reason"),
    [
        ("file,rows,sum_amount\na.parquet,2,3.75\n", None),
        (f"file,sha256\na.parquet,{hashlib.sha256(lines()).hexdigest()}\n", None),
        ("file,rows\na.parquet,2\n", UNVERIFIED),  # the right number of rows may hold other money
    ],
)
def test_a_manifest_that_states_hash_or_sum_verifies(home, promise, reason):
    home.drop("aws_cur/2026-10/a.parquet", lines())
    home.drop("aws_cur/2026-10/manifest.csv", promise)
    home.take_in("aws_cur")
    assert [row["reason"] for row in home.rows()] == [reason]


def test_money_that_changed_on_its_way_is_refused_by_the_manifests_sum(home):
    """1.25 and 2.50 are stored as 125 and 250 of two bytes each; one bit makes 251 of the last, and 3.76 of 3.75."""
    content = bytearray(lines(compression="none", use_dictionary=False))
    content[content.index(b"\x00\x7d\x00\xfa") + 3] ^= 1
    home.drop("aws_cur/2026-10/a.parquet", bytes(content))
    assert home.take_in("aws_cur").files[0].amount_total == Decimal("3.76")
    home.drop("aws_cur/2026-10/manifest.csv", "file,rows,sum_amount\na.parquet,2,3.75\n")
    [fault] = home.refusal("aws_cur")
    assert "it sums to 3.76" in fault.reason
