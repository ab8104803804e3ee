"""All checklists: whether a controller could read and sign them."""

import re

import pytest

from expectations.floors import focus, intake, marts, raw, reconciled, staging
from orchestration.contracts import SOURCES
from orchestration.floors import JUDGED
from orchestration.quality.model import CAUSES, OWNERS, SEVERITIES, STAGES

SUITES = (
    *intake.suites(),
    *(suite for source in SOURCES.values() for suite in raw.suites(source)),
    *staging.suites(),
    *focus.suites(),
    *reconciled.suites(),
    *marts.suites(),
)
ITEMS = [item for suite in SUITES for item in suite.items]


def test_every_floor_has_a_checklist_and_no_checklist_is_empty():
    assert {suite.floor for suite in SUITES} == set(JUDGED)
    assert all(suite.items for suite in SUITES)


def test_names_are_unique_and_safe_as_file_names():
    for names in ([suite.name for suite in SUITES], [item.item_id for item in ITEMS]):
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[\w.-]+", name) for name in names)


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_every_item_is_said_in_three_languages_that_differ(suite):
    for item in suite.items:
        assert len({item.title_es, item.title_pt, item.title_en}) == 3, item.item_id
        assert all(text.strip() for text in (item.title_es, item.title_pt, item.title_en, item.why, item.remedy)), (
            item.item_id
        )


def test_every_item_has_a_stage_a_cause_an_owner_and_a_severity_that_exist():
    for item in ITEMS:
        assert item.stage in STAGES
        assert item.cause_7m in CAUSES
        assert item.owner_role in OWNERS
        assert item.severity in SEVERITIES


def test_every_checklist_can_refuse():
    assert all(any(item.severity == "block" for item in suite.items) for suite in SUITES)
