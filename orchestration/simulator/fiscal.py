"""Fiscal ids of five countries with their check digits, for companies that do not exist.

Lives here: the check-digit arithmetic. Does not: validation (the product uses python-stdnum; sharing it would prove nothing).
Formats: PE RUC 11 digits, CL RUT with K, AR CUIT 11 digits, CO NIT with DV, BR CNPJ 14 characters, alphanumeric from July 2026.
"""

from __future__ import annotations

from orchestration.simulator.chance import Chance


def fiscal_id(country: str, chance: Chance) -> str:
    """A valid fiscal id of a company in the country."""
    return _MAKERS[country](chance)


def _digits(chance: Chance, count: int) -> str:
    return f"{chance.below(10**count):0{count}d}"


def _weighted(text: str, weights: str) -> int:
    return sum((ord(char) - 48) * int(weight, 36) for char, weight in zip(text, weights, strict=True))


def _ruc(chance: Chance) -> str:
    body = "20" + _digits(chance, 8)
    return body + str((11 - _weighted(body, "5432765432") % 11) % 10)


def _rut(chance: Chance) -> str:
    body = str(chance.between(70_000_000, 79_999_999))
    check = 11 - _weighted(body, "32765432") % 11
    return f"{body}-{'0' if check == 11 else 'K' if check == 10 else check}"


def _cuit(chance: Chance) -> str:
    while True:
        body = "30" + _digits(chance, 8)
        check = 11 - _weighted(body, "5432765432") % 11
        if check != 10:
            return body + ("0" if check == 11 else str(check))


def _nit(chance: Chance) -> str:
    body = str(chance.between(800_000_000, 999_999_999))
    primes = (41, 37, 29, 23, 19, 17, 13, 7, 3)
    rest = sum(int(char) * weight for char, weight in zip(body, primes, strict=True)) % 11
    return f"{body}-{rest if rest < 2 else 11 - rest}"


def _cnpj(chance: Chance) -> str:
    root = (
        _digits(chance, 8)
        if chance.hit(80)
        else "".join(chance.pick("ABCDEFGHJKLMNPRSTVWXYZ0123456789") for _ in range(8))
    )
    body = root + "0001"
    for weights in ("543298765432", "6543298765432"):
        rest = _weighted(body, weights) % 11
        body += "0" if rest < 2 else str(11 - rest)
    return body


_MAKERS = {"PE": _ruc, "CL": _rut, "AR": _cuit, "CO": _nit, "BR": _cnpj}
