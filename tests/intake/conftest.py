"""A data home in a temporary folder, and deliveries of three lines whose sums can be checked by eye."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration.contracts import SOURCES
from orchestration.errors import Fault, InputUnusable
from orchestration.intake import ledger, receive
from orchestration.intake.delivery import Delivery
from orchestration.settings import Paths


@dataclass(frozen=True)
class Home:
    """A data home, and what a person or a sync does to it."""

    paths: Paths

    def drop(self, name: str, content: str | bytes) -> Path:
        """Put a file into the inbox, packed when its name says so."""
        file = self.paths.inbox / name
        file.parent.mkdir(parents=True, exist_ok=True)
        raw = content.encode() if isinstance(content, str) else content
        file.write_bytes(gzip.compress(raw, mtime=0) if name.endswith(".gz") else raw)
        return file

    def prepare(self, source: str, period: str = "2026-10") -> receive.Candidate | receive.Unchanged | receive.Missing:
        return receive.prepare(self.paths, SOURCES[source], period)

    def take_in(self, source: str, period: str = "2026-10") -> Delivery:
        """Prepare and accept; an unchanged delivery is the accepted one."""
        found = self.prepare(source, period)
        return found.delivery if isinstance(found, receive.Unchanged) else receive.accept(self.paths, found)

    def refusal(self, source: str, period: str = "2026-10") -> list[Fault]:
        """The faults for which the delivery is refused."""
        with pytest.raises(InputUnusable) as refused:
            self.prepare(source, period)
        return refused.value.faults

    def current(self, source: str, period: str = "2026-10") -> Delivery | None:
        return ledger.current(self.paths, source, period)

    def rows(self) -> list[dict]:
        """fct_delivery as a list."""
        return ledger.deliveries_frame(self.paths, self.paths.origin).to_dicts()

    def events(self) -> list[str]:
        return [what for _, _, _, what, _ in ledger.events(self.paths, self.paths.origin)]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(Paths(home=tmp_path / "home", inbox=tmp_path / "home" / "inbox"))
