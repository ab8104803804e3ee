"""The events of a month are a chain: whatever is altered, removed or moved in it is found and named."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.publish import events
from orchestration.publish.events import Event
from orchestration.settings import Paths

MONTH = "2026-09"


def act(what: events.What, by: str = "A7", at: datetime = datetime(2026, 10, 5, 9)) -> Event:
    """An event as the command would write it; the chain fills in its place and hashes."""
    return Event(
        MONTH, 0, what, at, by, "controller", "B2", "finance_lead", "every figure was read", None, "c" * 64, None
    )


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(home=tmp_path, inbox=tmp_path / "inbox")


@pytest.fixture
def chain(paths: Paths) -> Paths:
    """A month that was published, certified, locked and opened again."""
    events.append(paths, MONTH, events.published(MONTH, "c" * 64, datetime(2026, 10, 2)), act("certified"))
    events.append(paths, MONTH, act("locked"))
    events.append(paths, MONTH, act("reopened"))
    return paths


def test_each_event_names_the_hash_of_the_one_before_it(chain: Paths) -> None:
    told = events.of(chain, MONTH)

    assert [one.event for one in told] == ["published", "certified", "locked", "reopened"]
    assert [one.sequence for one in told] == [1, 2, 3, 4]
    assert [one.previous_sha256 for one in told] == [None, *(one.event_sha256 for one in told[:-1])]
    assert events.faults(chain, MONTH) == []


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ([], "published"),
        (["certified"], "certified"),
        (["certified", "locked"], "locked"),
        (["certified", "replayed", "override"], "certified"),
        (["certified", "locked", "reopened"], "published"),
    ],
)
def test_the_last_step_says_where_a_month_stands(paths: Paths, acts: list[events.What], state: str) -> None:
    for what in acts:
        events.append(paths, MONTH, act(what))

    assert events.state(paths, MONTH, "c" * 64) == state
    assert events.is_locked(paths, MONTH) is (state == "locked")


def test_a_month_without_a_close_is_open_and_a_later_close_needs_a_certificate_of_its_own(chain: Paths) -> None:
    events.append(chain, MONTH, act("certified"))

    assert events.state(chain, MONTH, None) == "open"
    assert events.state(chain, MONTH, "c" * 64) == "certified"
    assert events.state(chain, MONTH, "d" * 64) == "published"


def test_equal_acts_give_equal_hashes_in_every_home(tmp_path: Path) -> None:
    homes = [Paths(home=tmp_path / name, inbox=tmp_path / name / "inbox") for name in ("one", "other")]
    written = [events.append(home, MONTH, act("certified"))[0] for home in homes]

    assert written[0] == written[1]


@settings(max_examples=60, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), letter=st.characters(codec="ascii", categories=("L", "N")))
def test_a_changed_letter_anywhere_is_found(
    tmp_path_factory: pytest.TempPathFactory, place: float, letter: str
) -> None:
    home = tmp_path_factory.mktemp("home")
    paths = Paths(home=home, inbox=home / "inbox")
    events.append(paths, MONTH, act("certified"), act("locked"))
    file = next(paths.lake.rglob("*.jsonl"))
    text = file.read_text()
    at = int(place * len(text))
    if text[at] == letter:
        return
    file.write_text(text[:at] + letter + text[at + 1 :])

    assert events.faults(paths, MONTH)


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_removed_event_is_found(chain: Paths, gone: int) -> None:
    file = next(chain.lake.rglob("*.jsonl"))
    lines = file.read_text().splitlines()
    file.write_text("".join(f"{line}\n" for number, line in enumerate(lines) if number != gone))

    (fault,) = events.faults(chain, MONTH)
    assert "an event was removed or moved" in fault
    with pytest.raises(events.ChainBroken, match="cuadre verify"):
        events.of(chain, MONTH)


def test_the_last_event_cannot_be_cut_off_once_a_release_names_it(chain: Paths) -> None:
    last = events.of(chain, MONTH)[-1].event_sha256
    file = next(chain.lake.rglob("*.jsonl"))
    file.write_text("".join(f"{line}\n" for line in file.read_text().splitlines()[:-1]))

    assert events.faults(chain, MONTH) == []  # the chain alone cannot know
    assert "which a release names, is missing" in events.faults(chain, MONTH, ends_with=last)[0]


def test_a_month_on_which_nobody_acted_is_shown_as_published_the_same_way_each_time(paths: Paths) -> None:
    closes = {MONTH: ("c" * 64, datetime(2026, 10, 2))}
    told = events.frame(paths, closes)

    assert told.select("event", "by", "sequence", "release_sha256").rows() == [("published", "pipeline", 1, "c" * 64)]
    assert told.equals(events.frame(paths, closes))


def test_a_month_that_was_opened_again_is_shown_as_published_after_it(chain: Paths) -> None:
    told = events.frame(chain, {MONTH: ("d" * 64, datetime(2026, 10, 9))})

    assert told["event"].to_list() == ["published", "certified", "locked", "reopened", "published"]
    assert told["previous_sha256"][-1] == told["event_sha256"][-2]
