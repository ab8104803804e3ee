"""Leaks of a whole provider invoice: EX11, EX12, CR07. One of each in every leaking month.

Lives here: what is wrong with headers and files. Does not: single subscriptions.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection
from decimal import Decimal
from pathlib import Path

from orchestration.simulator.chance import Chance
from orchestration.simulator.money import ZERO
from orchestration.simulator.month import Month
from orchestration.simulator.truth import Truth

CODES = ("EX11", "EX12", "CR07")


def seed_month(codes: Collection[str], seed: int, month: Month) -> list[Truth]:
    """Change the month's headers before they are written."""
    chance, found = Chance(seed, "provider", month.period), []
    if "EX11" in codes:  # an invoice whose lines never came
        invoice, amount = f"G{month.period.replace('-', '')}9001", Decimal(chance.between(10_000, 99_999)) / 100
        month.extra_headers.append(
            {
                "provider": "microsoft",
                "invoice_id": invoice,
                "billing_account_id": month.microsoft.partner,
                "currency": "USD",
                "net_total": amount,
                "tax_total": ZERO,
                "total": amount,
            }
        )
        found.append(Truth("EX11", "", amount, "USD", None, "header without lines", f"provider_invoice:{invoice}"))
    if "CR07" in codes and month.oracle.total:  # shown on the header only
        amount = Decimal(chance.between(2_000, 30_000)) / 100 * chance.pick((-1, 1))
        month.header_adjustments["oracle"] = amount
        found.append(
            Truth(
                "CR07", "", amount, "USD", None, "adjustment on the header", f"provider_invoice:{month.oracle.invoice}"
            )
        )
    if "EX12" in codes and month.oracle.total:
        found.append(Truth("EX12", "", ZERO, "USD", None, "", f"file:{_copy_of(month.oracle.path).name}"))
    return found


def deliver_twice(codes: Collection[str], paths: list[Path]) -> None:
    """The same bytes under a second name, as a browser saves them."""
    for path in paths:
        if "EX12" in codes and path.exists():
            shutil.copyfile(path, _copy_of(path))


def _copy_of(path: Path) -> Path:
    stem, dot, rest = path.name.partition(".")
    return path.with_name(f"{stem} (1){dot}{rest}")
