"""The life of a month: published by every run, then certified, locked and, where it must be, opened again, by people.

Lives here: what each step asks for. Does not: the chain of events (publish/events), who may act (authority), nor publishing
(publish).

A step needs the authority matrix (people.analysts and people.authority). Without them it works, and its event says that no authority
was delivered: such a certificate is good for a report and certifies no margin.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from orchestration.close import authority
from orchestration.publish import closes, events, kept, publish
from orchestration.publish.events import Event, State, StepRefused, What
from orchestration.settings import Paths

NOT_DELIVERED = "authority not delivered"
"""Note of an event whose right nobody could check."""

_FROM: dict[str, tuple[State, ...]] = {
    "certified": ("published",),
    "locked": ("certified",),
    "reopened": ("certified", "locked"),
}
"""From which state a step is possible."""

_VERB = {"certified": "certify", "locked": "lock", "reopened": "reopen"}
"""Event → decision of the authority matrix, and the command."""

_NEEDS_TWO = {"certified", "reopened"}
"""Steps that one person prepares and another approves."""


def step(
    paths: Paths,
    period: str,
    what: What,
    *,
    by: str | None,
    approved_by: str | None = None,
    reason: str | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC).replace(tzinfo=None),
) -> Event:
    """Take one step in the life of a month, and publish that it was taken.

    `certified` states that the published close is right, `locked` lets no close write the month again, `reopened` takes both back.

    Args:
        by: pseudonym of who acts, as in people.analysts.
        approved_by: another person, who approves.
        reason: why, in words.

    Returns: the event as written.

    Raises:
        StepRefused: with what to do, in one sentence.
    """
    by, approved_by, reason = (_text(one) for one in (by, approved_by, reason))
    if not by or not reason:
        raise StepRefused(f"{period} stays as it is: say who acts (--by) and why (--reason).")
    folder = closes.closes(paths).get(period)
    out = closes.of_this_inbox(paths).get(period)
    if folder is None or out is None:
        raise StepRefused(
            f"{period} is not published, so it cannot be {what}: close it first, `cuadre close {period}`."
        )
    content = kept.content_sha256(folder)
    state = events.state(paths, period, content)
    if state not in _FROM[what]:
        raise StepRefused(_out_of_order(period, what, state))
    if what == "certified" and out["completeness"] != "complete":
        raise StepRefused(
            f"{period} is provisional and cannot be certified. {out['provisional_because'] or ''}".strip()
        )
    at = now().replace(microsecond=0)
    role, approver_role, note = _rights(paths, period, what, by, approved_by, at)
    act = Event(
        close_period=period,
        sequence=0,
        event=what,
        at=at,
        by=by,
        by_role=role,
        approved_by=approved_by,
        approved_by_role=approver_role,
        reason=reason,
        note=note,
        release_sha256=content,
        previous_sha256=None,
    )
    as_of = datetime.fromisoformat(out["as_of"])
    first = [events.published(period, content, as_of)] if what == "certified" else []
    *_, written = events.append(paths, period, *first, act)
    closes.seal(folder, is_locked=what == "locked")
    publish.renew(paths)
    return written


def _rights(
    paths: Paths, period: str, what: What, by: str, approved_by: str | None, at: datetime
) -> tuple[str | None, str | None, str | None]:
    """The roles that let these people act, and what the event must say."""
    if approved_by == by:
        raise StepRefused(f"{by} cannot both prepare and approve: name another person in --approved-by.")
    matrix = authority.delivered(paths)
    if matrix is None:
        return None, None, NOT_DELIVERED
    verb, day = _VERB[what], at.date()
    role = matrix.role_for(by, "prepare", verb, day)
    if role is None:
        raise StepRefused(_may_not(matrix, by, "prepare", verb, day.isoformat(), matrix.roles(by, day)))
    if approved_by is None and what in _NEEDS_TWO:
        raise StepRefused(f"To {verb} {period} needs two people: name who approves in --approved-by.")
    approver_role = matrix.role_for(approved_by, "approve", verb, day) if approved_by else None
    if approved_by and approver_role is None:
        raise StepRefused(
            _may_not(matrix, approved_by, "approve", verb, day.isoformat(), matrix.roles(approved_by, day))
        )
    return role, approver_role, None


def _may_not(matrix: authority.Authority, person: str, part: str, verb: str, day: str, roles: list[str]) -> str:
    known = f"as {' and '.join(roles)}" if roles else "with no role in people.analysts on that day"
    return (
        f"{person}, {known}, may not {part} `{verb}` on {day} in every country: "
        "people.authority says who may, and a later delivery of it can change that."
    )


def _out_of_order(period: str, what: What, state: State) -> str:
    wanted = " or ".join(_FROM[what])
    first = {"locked": f" `cuadre certify {period}` comes first."}.get(what, "")
    return f"{period} is {state}; only a {wanted} month can be {what}.{first}"


def _text(value: str | None) -> str | None:
    """One line of printable text, or None."""
    shown = " ".join("".join(letter if letter.isprintable() else " " for letter in value or "").split())
    return shown or None
