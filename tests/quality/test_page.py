"""The checklist page: every item of a close in three languages, and nothing fetched from anywhere."""

from __future__ import annotations

import datetime as dt
import re

import polars as pl
import pytest

from orchestration import quality
from orchestration.quality.model import OWNERS, SEVERITIES
from orchestration.quality.page import WORDS
from orchestration.settings import Paths

ITEM = {
    "run_id": "c1", "judged_at": dt.datetime(2024, 10, 8), "close_period": "2024-09", "floor": "raw", "suite": "raw.erp__invoices",
    "item_id": "a", "title_es": "Cada cliente <es>", "title_pt": "Cada cliente pt", "title_en": "Each customer",
    "why": "A blank is not a zero.", "stage": "5", "cause_7m": "MT", "owner_role": "data_team", "severity": "block", "source": "erp",
    "country": None, "passed": True, "evaluated_count": 3, "failed_count": 0, "observed": "0 of 3", "expected": "x",
    "evidence_path": None,
}  # fmt: skip


@pytest.fixture
def pages(tmp_path):
    failed = ITEM | {
        "item_id": "b",
        "title_es": "Falla",
        "passed": False,
        "evidence_path": "rejected/2024-09/raw/b.csv",
    }
    items = pl.DataFrame([ITEM, failed], infer_schema_length=None)
    files = quality.write_pages(Paths(home=tmp_path, inbox=tmp_path / "inbox"), "2024-09", items)
    return {file.name.split(".")[1]: file.read_text(encoding="utf-8") for file in files}


def test_each_language_has_a_page_with_its_titles(pages):
    assert pages.keys() == {"es", "pt", "en"}
    assert "Cada cliente pt" in pages["pt"]
    assert "Each customer" in pages["en"]


def test_a_title_cannot_write_into_the_page(pages):
    assert "Cada cliente &lt;es&gt;" in pages["es"]


def test_what_failed_comes_first_and_leads_to_its_rows(pages):
    assert pages["es"].index("Falla") < pages["es"].index("Cada cliente")
    assert "../../rejected/2024-09/raw/b.csv" in pages["es"]


def test_the_page_fetches_nothing(pages):
    for page in pages.values():
        assert not re.search(r"https?://|<script|@import|url\(", page)


def test_every_owner_and_severity_has_a_word_in_every_language():
    for words in WORDS.values():
        assert set(OWNERS) | set(SEVERITIES) <= words.keys()
