"""The terminal, to which senders' words are text and nothing else.

Lives here: a console that obeys no markup, emoji code or escape sequence in what it prints. Does not: any words.
"""

from __future__ import annotations

import re
from typing import Any

from rich.console import Console
from rich.text import Text

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """Text with its control characters written out: an escape sequence in a file name must not reach the terminal."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class Terminal(Console):
    """A rich console for text that others wrote. Styles are given as arguments, never inside the text."""

    def __init__(self, **settings: Any):
        settings.update(markup=False, emoji=False)
        super().__init__(**settings)

    def render_str(self, text: str, **how: Any) -> Text:
        """Every string, also those inside tables and trees, passes here."""
        how.update(markup=False, emoji=False)
        return super().render_str(visible(text), **how)
