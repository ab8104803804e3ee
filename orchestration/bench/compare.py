"""Truth against findings: which seeded leak was found, as what, for how much.

Lives here: the match and the table by class. Does not: running anything.

A seeded leak is found when a finding of its class, on its subscription, document, payment or provider invoice, states the same
dollars to the cent. The same place with another amount is a wrong amount; the same place and amount under another class is a wrong
class; every finding that no truth explains is false. BL02 is rounding and DQ classes speak of data, so neither is ever false.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import polars as pl

from orchestration.close.benchmark import SCHEMA, wilson

CENT = Decimal("0.01")
ROUNDED_LINES = Decimal("0.015")
"""A document in dollars rounds each line by up to half a cent; units of three lines may differ by this much."""

Row = Mapping[str, Any]


@dataclass
class Score:
    """One class."""

    seeded: int = 0
    found: int = 0
    missed: int = 0
    wrong_class: int = 0
    wrong_amount: int = 0
    false: int = 0
    seeded_usd: Decimal = Decimal(0)
    found_usd: Decimal = Decimal(0)
    false_usd: Decimal = Decimal(0)


@dataclass
class Comparison:
    """Every class of one benchmark, and what went wrong in words."""

    scores: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    faults: list[dict[str, str]] = field(default_factory=list)

    def add(self, truths: Iterable[Row], findings: Iterable[Row], run: str = "") -> None:
        """Judge one home; call again for the next one."""
        open_findings = [
            row for row in findings if row["class_code"] != "BL02" and not row["class_code"].startswith("DQ")
        ]
        index = defaultdict(list)
        for row in open_findings:
            for token in _places(row):
                index[row["close_period"], token].append(row)
        taken: set[int] = set()
        left: list[tuple[Row, list[Row]]] = []
        for truth in truths:
            near = _near(truth, index, open_findings)
            score = self.scores[truth["class_code"]]
            score.seeded += 1
            score.seeded_usd += abs(truth["amount_usd"])
            same = [
                row
                for row in near
                if row["class_code"] == truth["class_code"] and id(row) not in taken and _equal(row, truth)
            ]
            if same:
                taken.add(id(same[0]))
                score.found += 1
                score.found_usd += abs(truth["amount_usd"])
            else:
                left.append((truth, near))
        for truth, near in left:
            self._explain(truth, [row for row in near if id(row) not in taken], taken, run)
        for row in open_findings:
            if id(row) not in taken:
                score = self.scores[row["class_code"]]
                score.false += 1
                score.false_usd += abs(row["amount_usd"] or Decimal(0))
                self._note(run, "false", row["close_period"], row["class_code"], row, row)

    def _explain(self, truth: Row, near: list[Row], taken: set[int], run: str) -> None:
        score = self.scores[truth["class_code"]]
        as_seeded = [row for row in near if row["class_code"] == truth["class_code"]]
        as_other = [row for row in near if row["class_code"] != truth["class_code"] and _equal(row, truth)]
        if as_seeded:
            kind, row = "wrong_amount", as_seeded[0]
        elif as_other and truth["amount_usd"]:
            kind, row = "wrong_class", as_other[0]
        else:
            kind, row = "missed", near[0] if near else None
        setattr(score, kind, getattr(score, kind) + 1)
        if kind != "missed":
            taken.add(id(row))
        self._note(run, kind, truth["period"], truth["class_code"], truth, row)

    def _note(self, run: str, kind: str, period: str, code: str, subject: Row, seen: Row | None) -> None:
        self.faults.append(
            {
                "run": run,
                "kind": kind,
                "period": period,
                "class_code": code,
                "subscription_id": subject["subscription_id"] or "",
                "invoice_id": subject["invoice_id"] or "",
                "amount_usd": str(subject["amount_usd"]),
                "seen_class": seen["class_code"] if seen else "",
                "seen_amount_usd": str(seen["amount_usd"]) if seen else "",
            }
        )

    def table(self) -> pl.DataFrame:
        """One row per class, and the row `ALL`."""
        total = Score()
        for score in self.scores.values():
            for name in vars(total):
                setattr(total, name, getattr(total, name) + getattr(score, name))
        rows = [_row(code, score) for code, score in [*sorted(self.scores.items()), ("ALL", total)]]
        return pl.DataFrame(rows, schema=SCHEMA)


def _row(code: str, score: Score) -> dict[str, Any]:
    claimed = score.found + score.wrong_amount + score.wrong_class + score.false
    low, high = wilson(score.found, score.seeded)
    return {
        "class_code": code,
        **{
            name: value if isinstance(value, int) else value.quantize(Decimal("1e-12"))
            for name, value in vars(score).items()
        },
        "recall": share(score.found, score.seeded),
        "recall_low": low,
        "recall_high": high,
        "precision": share(score.found, claimed),
        "recall_usd": share(score.found_usd, score.seeded_usd),
        "precision_usd": share(score.found_usd, score.found_usd + score.false_usd),
    }


def share(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """A share of the whole; None where there is nothing to share."""
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("1e-6")) if whole else None


def _near(truth: Row, index: Mapping[tuple[str, str], list[Row]], findings: list[Row]) -> list[Row]:
    """Findings of the month at the truth's place; of its class anywhere, where the truth names no place."""
    kind, _, name = (truth["unit"] or "").partition(":")
    tokens = [
        truth["subscription_id"],
        truth["invoice_id"] if not truth["subscription_id"] else "",
        name if kind != "provider" else "",
    ]
    tokens = [token for token in tokens if token]
    if kind == "file" or not tokens:
        return [
            row
            for row in findings
            if row["close_period"] == truth["period"] and row["class_code"] == truth["class_code"]
        ]
    near = {id(row): row for token in tokens for row in index[truth["period"], token]}
    return list(near.values())


def _places(row: Row) -> set[str]:
    """Everything by which a finding says where it is."""
    named = {
        row[column] for column in ("subscription_id", "invoice_id", "payment_id", "provider_invoice_id") if row[column]
    }
    return named | set(re.split(r"[:|]", row["unit_id"] or ""))


def _equal(row: Row, truth: Row) -> bool:
    amount, due = row["amount_usd"], truth["amount_usd"]
    return amount is not None and abs(amount - due) <= max(CENT, ROUNDED_LINES if truth["currency"] == "USD" else CENT)
