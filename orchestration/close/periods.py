"""Which inbox feeds a data home, which months the home knows, and what lies in its inbox that is none.

Lives here: the choice between the user's inbox and the bundled sample, the months that the UI shows as partitions, and the words for
what was passed over. Does not: reading a delivery
(intake), or refusing one (inbox).
"""

from __future__ import annotations

import os

from orchestration.contracts import SOURCES
from orchestration.intake import inbox
from orchestration.publish import closes
from orchestration.settings import Paths


def with_inbox(paths: Paths) -> Paths:
    """The home with the inbox that feeds it: the user's, or the bundled sample while nothing at all lies there and nothing of it was closed."""
    return paths if known(paths) or passed_over(paths) else paths.on_sample()


def known(paths: Paths) -> list[str]:
    """Every month that lies in the inbox or was closed, oldest first."""
    return sorted({*closes.closes(paths), *in_inbox(paths)})


def in_inbox(paths: Paths) -> list[str]:
    """Every month for which some source delivered a file, oldest first. Nothing that lies in the inbox makes this fail."""
    found: set[str] = set()
    for source in SOURCES:
        try:
            found.update(inbox.delivered(paths, source))
        except OSError:
            continue  # passed_over says which
    return sorted(found)


def passed_over(paths: Paths) -> list[str]:
    """One sentence for each thing in the inbox that no close reads: what it is, and what to do."""
    try:
        sentences = [str(fault) for fault in inbox.misplaced(paths)]
    except OSError as error:
        sentences = [_unreadable(paths, error)]
    for source in SOURCES:
        try:
            folders = [entry for entry in os.scandir(paths.inbox / source) if inbox.PERIOD.fullmatch(entry.name)]
            for folder in sorted(folders, key=lambda entry: entry.name):
                if folder.is_dir():
                    os.scandir(folder).close()
        except FileNotFoundError:
            continue
        except OSError as error:
            sentences.append(_unreadable(paths, error))
    return sorted(set(sentences))


def _unreadable(paths: Paths, error: OSError) -> str:
    place = os.path.relpath(error.filename or paths.inbox, paths.inbox)
    return f"{place}: cannot be opened ({error.strerror}). Let the account that runs the close read it."
