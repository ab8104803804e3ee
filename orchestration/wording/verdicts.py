"""What a charge, a finding, a unit or an invoice is, in one sentence with its money, in Spanish, Portuguese or English.

Lives here: filling the sentences. Does not: their words (sentences), finding the figures (trace), nor any figure that no published
mart holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from orchestration.wording.sentences import BUCKETS, SENTENCES

Row = Mapping[str, Any]
"""A row of a mart by column; each column has the type that the mart gives it."""


@dataclass(frozen=True)
class Books:
    """What sentences look up: names of customers and classes, and how many decimals a currency has."""

    customers: Mapping[str, str]
    classes: Mapping[str, Row]
    """Row of `dim_leak_class` by code."""
    decimals: Mapping[str, int]


def of_charge(charge: Row, books: Books, lang: str) -> str:
    """A row of `fct_provider_charge`."""
    say = SENTENCES[lang]
    cost = charge["billed_cost"]
    usd = charge.get("billed_cost_usd")
    return say["charge"].format(
        provider=charge.get("provider_name") or charge["provider"],
        verb=say["credited"] if cost is not None and cost < 0 else say["charged"],
        amount=_with_usd(None if cost is None else abs(cost), charge["billing_currency"], None if usd is None else abs(usd), books, say),
        what=charge.get("charge_description") or charge.get("service_name") or charge["charge_category"],
        days=_days(charge, say),
        invoice=say["on_invoice"].format(number=charge["invoice_id"]) if charge["invoice_id"] else "",
        owner=_owner(charge, books, say),
        bucket=BUCKETS[lang].get(str(charge["bucket"]), str(charge["bucket"])),
        finding=_class(charge["class_code"], books, lang) if charge["bucket"] != "WITHIN_TOLERANCE" else "",
    )  # fmt: skip


def of_finding(leak: Row, books: Books, lang: str) -> str:
    """A row of `fct_leak`, and what to do about it."""
    say = SENTENCES[lang]
    amount, code = leak["amount"], str(leak["class_code"])
    kind = "rounding" if _is_rounding(leak) else str(leak["direction"])
    if kind in {"L", "O"} and amount is not None:
        kind = "L" if amount > 0 else "O"
    usd = leak["amount_usd"]
    said = _with_usd(
        None if amount is None else abs(amount), leak["currency"], None if usd is None else abs(usd), books, say
    )
    sentence = say["finding"].format(
        finding=_class(code, books, lang, opening=""),
        period=leak["close_period"],
        what=say.get(f"direction_{kind}", "{amount}").format(amount=said),
        owner=_owner(leak, books, say, "on_subscription") if leak["subscription_id"] or leak["customer_id"] else "",
        document=say["on_invoice"].format(number=leak["invoice_id"]) if leak["invoice_id"] else "",
        provisional=say["provisional"] if leak.get("is_provisional") else "",
    )  # fmt: skip
    remedy = leak.get(f"suggested_resolution_{lang}")
    return f"{sentence} {say['do'].format(remedy=remedy)}" if remedy else sentence


def of_unit(unit: Row, books: Books, lang: str) -> str:
    """A row of `fct_reconciliation`."""
    say = SENTENCES[lang]
    due, billed, apart = unit["expected_amount"], unit["invoiced_amount"], unit["difference_amount"]
    currency, usd = str(unit["currency"]), unit["difference_usd"]
    if apart is None:
        outcome = say["unit_unknown"]
    elif not apart:
        outcome = say["unit_equal"]
    else:
        kind = "unit_rounding" if unit["bucket"] == "WITHIN_TOLERANCE" else "unit_short" if apart > 0 else "unit_over"
        outcome = say[kind].format(
            amount=_with_usd(abs(apart), currency, None if usd is None else abs(usd), books, say)
        )
    return say["unit"].format(
        unit=say["the_subscription"].format(id=unit["subscription_id"]) if unit["subscription_id"] else unit["unit_id"],
        customer=_of_customer(unit, books, say),
        period=unit["close_period"],
        due=_money(due, currency, books, say),
        billed=_money(billed, currency, books, say),
        outcome=outcome,
        finding=_class(unit["class_code"], books, lang) if unit["bucket"] != "WITHIN_TOLERANCE" else "",
    )  # fmt: skip


def of_document(document: Row, leaks: Sequence[Row], books: Books, lang: str) -> str:
    """A row of `fct_invoice`, with the findings that name it."""
    say = SENTENCES[lang]
    currency = str(document["currency"])
    money = {name: _money(document[f"{name}_amount"], currency, books, say) for name in ("total", "net", "tax", "open")}
    cash, overdue = document["cash_amount"], document.get("days_overdue")
    paid = say["paid"] if cash is not None else say["paid_unknown"]
    return say["document"].format(
        kind=say["kinds"].get(str(document["doc_class"]), str(document["doc_class"])),
        number=f"{document['company_id']}/{document['invoice_id']}",
        issued=document["issue_date"],
        customer=_of_customer(document, books, say, "to_customer"),
        paid=paid.format(cash=_money(cash, currency, books, say), open=money["open"])
        + (say["overdue"].format(days=overdue) if overdue else ""),
        findings=_findings(leaks, books, say),
        **money,
    )


def of_provider_invoice(invoice: Row, leaks: Sequence[Row], books: Books, lang: str) -> str:
    """A row of `fct_conservation` of the provider's side, with the findings that name it."""
    say = SENTENCES[lang]
    currency, total, header = str(invoice["currency"]), invoice["line_total"], invoice["header_total"]
    if header is None:
        agreed = say["header_none"]
    elif header == total:
        agreed = say["header_equal"]
    else:
        agreed = say["header_apart"].format(
            header=_money(header, currency, books, say), apart=_money(abs(header - total), currency, books, say)
        )
    return say["provider_invoice"].format(
        number=invoice["invoice_id"],
        provider=invoice["provider"],
        period=invoice["close_period"],
        lines=f"{invoice['line_count']:,}",
        total=_money(total, currency, books, say),
        header=agreed,
        findings=_findings(leaks, books, say),
    )


def _findings(leaks: Sequence[Row], books: Books, say: Mapping) -> str:
    """How many findings and their money by currency, losses and over-billing apart; rounding is no finding worth a word here."""
    told = [leak for leak in leaks if not _is_rounding(leak)]
    if not told:
        return say["findings_none"]
    sums: dict[tuple[str, bool], Decimal] = {}
    for leak in told:
        if leak["amount"] is not None:
            key = str(leak["currency"]), leak["amount"] < 0
            sums[key] = sums.get(key, Decimal(0)) + leak["amount"]
    amounts = ", ".join(
        ("−" if over else "+") + _money(abs(total), currency, books, say)
        for (currency, over), total in sorted(sums.items())
    )
    return say["finding_one" if len(told) == 1 else "findings"].format(count=len(told), amounts=amounts)


def _is_rounding(leak: Row) -> bool:
    """BL02, which releases published before the column was do not say."""
    return bool(leak.get("is_rounding", leak["class_code"] == "BL02"))


def _class(code: object, books: Books, lang: str, opening: str = ": ") -> str:
    if not code:
        return ""
    known = books.classes.get(str(code), {})
    name = known.get("class" if lang == "en" else f"class_{lang}")
    return f"{opening}{code} {name}" if name else f"{opening}{code}"


def _owner(row: Row, books: Books, say: Mapping, how: str = "subscription") -> str:
    if row["subscription_id"]:
        return say[how].format(id=row["subscription_id"]) + _of_customer(row, books, say)
    return _of_customer(row, books, say, "for_customer") if row["customer_id"] else say["no_owner"]


def _of_customer(row: Row, books: Books, say: Mapping, how: str = "of_customer") -> str:
    customer = row["customer_id"]
    return say[how].format(name=books.customers.get(str(customer), customer)) if customer else ""


def _days(charge: Row, say: Mapping) -> str:
    """The days that a charge covers; its end is the first moment after them."""
    start, end = charge["charge_period_start"], charge["charge_period_end"]
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return ""
    last = (end - timedelta(microseconds=1)).date()
    return say["day" if last <= start.date() else "days"].format(first=start.date(), last=last)


def _with_usd(amount: Decimal | None, currency: object, usd: Decimal | None, books: Books, say: Mapping) -> str:
    """An amount in its own currency, and in dollars where a rate exists."""
    said = _money(amount, str(currency), books, say)
    if currency == "USD":
        return said
    return f"{said} ({say['no_rate'] if usd is None else _money(usd, 'USD', books, say)})"


def _money(amount: Decimal | None, currency: str, books: Books, say: Mapping) -> str:
    """An amount with the decimals of its currency; less than the smallest coin is written out instead of shown as zero."""
    if amount is None:
        return say["unknown"]
    places = books.decimals.get(currency, 2)
    rounded = round_to(amount, places)
    text = f"{rounded:,.{places}f}" if rounded or not amount else f"{amount.normalize():f}"
    return f"{text} {currency}"


def round_to(amount: Decimal, places: int) -> Decimal:
    """An amount half to even at a number of decimals."""
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
