"""What a charge, a finding, a unit or an invoice is, in one sentence with its money, in Spanish, Portuguese or English.

Lives here: those sentences and the words of `cuadre explain`. Does not: finding the figures (explain), nor any figure that no
published mart holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

Row = Mapping[str, object]


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


SENTENCES: dict[str, dict] = {
    "es": {
        "charge": "{provider} {verb} {amount} por {what}{days}{invoice}{owner}: {bucket}{finding}.",
        "charged": "cobró", "credited": "abonó", "on_invoice": " en la factura {number}",
        "day": " ({first})", "days": " (del {first} al {last})",
        "on_subscription": " en la suscripción {id}", "the_subscription": "Suscripción {id}",
        "subscription": ", suscripción {id}", "of_customer": " de {name}", "for_customer": ", cliente {name}",
        "to_customer": " a {name}", "no_owner": ", sin suscripción ni cliente que responda",
        "finding": "{finding}: en {period}, {what}{owner}{document}{provisional}.",
        "direction_L": "el revendedor pierde {amount}", "direction_O": "se facturó {amount} de más",
        "direction_D": "hay {amount} por reclamar al proveedor", "direction_T": "{amount} pertenecen a otro mes",
        "direction_R": "{amount} están en riesgo", "direction_rounding": "la diferencia de {amount} es redondeo",
        "provisional": " (provisional: el mes no está completo)", "do": "Qué hacer: {remedy}",
        "unit": "{unit}{customer}, {period}: debía facturarse {due} y se facturó {billed}; {outcome}{finding}.",
        "unit_equal": "no hay diferencia", "unit_short": "faltan {amount}", "unit_over": "sobran {amount}",
        "unit_rounding": "la diferencia de {amount} es redondeo", "unit_unknown": "no se sabe cuánto debía facturarse",
        "document": "{kind} {number}{customer}, emitida el {issued}: {total} ({net} neto, {tax} impuesto); {paid}; {findings}.",
        "overdue": ", vencido hace {days} días", "paid": "se recibió {cash} y queda abierto {open}", "paid_unknown": "los pagos no fueron entregados",
        "provider_invoice": "Factura {number} de {provider}, {period}: {lines} líneas suman {total}; {header}; {findings}.",
        "header_none": "no se entregó cabecera", "header_equal": "la cabecera dice lo mismo",
        "header_apart": "la cabecera dice {header}, a {apart} de distancia",
        "finding_one": "1 hallazgo ({amounts})", "findings": "{count} hallazgos ({amounts})", "findings_none": "sin hallazgos",
        "no_rate": "sin tipo de cambio a USD", "unknown": "un importe desconocido",
        "kinds": {"invoice": "Factura", "credit_note": "Nota de crédito", "debit_note": "Nota de débito", "cancellation": "Anulación"},
    },
    "pt": {
        "charge": "{provider} {verb} {amount} por {what}{days}{invoice}{owner}: {bucket}{finding}.",
        "charged": "cobrou", "credited": "creditou", "on_invoice": " na fatura {number}",
        "day": " ({first})", "days": " (de {first} a {last})",
        "on_subscription": " na assinatura {id}", "the_subscription": "Assinatura {id}",
        "subscription": ", assinatura {id}", "of_customer": " de {name}", "for_customer": ", cliente {name}",
        "to_customer": " para {name}", "no_owner": ", sem assinatura nem cliente que responda",
        "finding": "{finding}: em {period}, {what}{owner}{document}{provisional}.",
        "direction_L": "o revendedor perde {amount}", "direction_O": "foram faturados {amount} a mais",
        "direction_D": "há {amount} a reclamar do provedor", "direction_T": "{amount} pertencem a outro mês",
        "direction_R": "{amount} estão em risco", "direction_rounding": "a diferença de {amount} é arredondamento",
        "provisional": " (provisório: o mês não está completo)", "do": "O que fazer: {remedy}",
        "unit": "{unit}{customer}, {period}: era devido faturar {due} e foi faturado {billed}; {outcome}{finding}.",
        "unit_equal": "não há diferença", "unit_short": "faltam {amount}", "unit_over": "sobram {amount}",
        "unit_rounding": "a diferença de {amount} é arredondamento", "unit_unknown": "não se sabe quanto era devido faturar",
        "document": "{kind} {number}{customer}, emitida em {issued}: {total} ({net} líquido, {tax} imposto); {paid}; {findings}.",
        "overdue": ", vencido há {days} dias", "paid": "foi recebido {cash} e está em aberto {open}", "paid_unknown": "os pagamentos não foram entregues",
        "provider_invoice": "Fatura {number} de {provider}, {period}: {lines} linhas somam {total}; {header}; {findings}.",
        "header_none": "nenhum cabeçalho foi entregue", "header_equal": "o cabeçalho diz o mesmo",
        "header_apart": "o cabeçalho diz {header}, a {apart} de distância",
        "finding_one": "1 achado ({amounts})", "findings": "{count} achados ({amounts})", "findings_none": "sem achados",
        "no_rate": "sem taxa de câmbio para USD", "unknown": "um valor desconhecido",
        "kinds": {"invoice": "Fatura", "credit_note": "Nota de crédito", "debit_note": "Nota de débito", "cancellation": "Cancelamento"},
    },
    "en": {
        "charge": "{provider} {verb} {amount} for {what}{days}{invoice}{owner}: {bucket}{finding}.",
        "charged": "charged", "credited": "credited", "on_invoice": " on invoice {number}",
        "day": " ({first})", "days": " ({first} to {last})",
        "on_subscription": " on subscription {id}", "the_subscription": "Subscription {id}",
        "subscription": ", subscription {id}", "of_customer": " of {name}", "for_customer": ", customer {name}",
        "to_customer": " to {name}", "no_owner": ", for which no subscription or customer answers",
        "finding": "{finding}: in {period}, {what}{owner}{document}{provisional}.",
        "direction_L": "the reseller loses {amount}", "direction_O": "{amount} too much was invoiced",
        "direction_D": "{amount} is to be claimed from the provider", "direction_T": "{amount} belongs to another month",
        "direction_R": "{amount} is at risk", "direction_rounding": "the difference of {amount} is rounding",
        "provisional": " (provisional: the month is not complete)", "do": "What to do: {remedy}",
        "unit": "{unit}{customer}, {period}: {due} was due and {billed} was invoiced; {outcome}{finding}.",
        "unit_equal": "nothing differs", "unit_short": "{amount} was not invoiced", "unit_over": "{amount} too much was invoiced",
        "unit_rounding": "the difference of {amount} is rounding", "unit_unknown": "it is not known what was due",
        "document": "{kind} {number}{customer}, issued on {issued}: {total} ({net} net, {tax} tax); {paid}; {findings}.",
        "overdue": ", {days} days overdue", "paid": "{cash} was received and {open} is open", "paid_unknown": "payments were not delivered",
        "provider_invoice": "Invoice {number} of {provider}, {period}: {lines} lines add up to {total}; {header}; {findings}.",
        "header_none": "no header was delivered", "header_equal": "its header says the same",
        "header_apart": "its header says {header}, which is {apart} apart",
        "finding_one": "1 finding on it ({amounts})", "findings": "{count} findings on it ({amounts})", "findings_none": "no findings on it",
        "no_rate": "no rate to USD", "unknown": "an unknown amount",
        "kinds": {"invoice": "Invoice", "credit_note": "Credit note", "debit_note": "Debit note", "cancellation": "Cancellation"},
    },
}  # fmt: skip

BUCKETS = {
    "es": {
        "MATCHED": "se facturó al cliente lo acordado", "WITHIN_TOLERANCE": "se facturó lo acordado, dentro del redondeo",
        "TIMING": "la diferencia de su unidad es de fecha", "LEAK": "se facturó menos de lo debido",
        "OVERBILL": "se facturó más de lo debido", "DISPUTE": "debe reclamarse al proveedor",
        "INTERNAL": "es consumo propio del revendedor", "TAX": "es impuesto", "PARTNER_MARGIN": "es margen que el revendedor conserva",
        "ROUNDING": "es redondeo del proveedor", "UNEXPLAINED": "nada lo explica todavía",
    },
    "pt": {
        "MATCHED": "foi faturado ao cliente o acordado", "WITHIN_TOLERANCE": "foi faturado o acordado, dentro do arredondamento",
        "TIMING": "a diferença da sua unidade é de data", "LEAK": "foi faturado menos do que o devido",
        "OVERBILL": "foi faturado mais do que o devido", "DISPUTE": "deve ser reclamado do provedor",
        "INTERNAL": "é consumo próprio do revendedor", "TAX": "é imposto", "PARTNER_MARGIN": "é margem que fica com o revendedor",
        "ROUNDING": "é arredondamento do provedor", "UNEXPLAINED": "nada o explica ainda",
    },
    "en": {
        "MATCHED": "it was invoiced as agreed", "WITHIN_TOLERANCE": "it was invoiced as agreed, within rounding",
        "TIMING": "the difference on its unit is one of timing", "LEAK": "less was invoiced than was due",
        "OVERBILL": "more was invoiced than was due", "DISPUTE": "it is to be claimed from the provider",
        "INTERNAL": "it is the reseller's own use", "TAX": "it is tax", "PARTNER_MARGIN": "it is margin that the reseller keeps",
        "ROUNDING": "it is the provider's rounding", "UNEXPLAINED": "nothing explains it yet",
    },
}  # fmt: skip

PLACES = {
    "es": {
        "file_row": "fila entregada", "charge": "cargo", "unit": "unidad de conciliación", "leak": "hallazgo",
        "leaks": "hallazgos", "provider_invoice": "factura del proveedor", "margin": "margen del cliente del que es parte",
        "charges": "cargos del proveedor", "subscription": "suscripción en el CRM", "contract": "contrato en el CRM",
        "lines": "líneas de factura en el ERP", "documents": "documentos en el ERP", "cash": "pagos y deducciones aplicados",
        "document": "documento", "conservation": "líneas contra documento", "units": "unidades que factura",
        "headers": "cabecera del proveedor", "none": "ninguno", "more": "{shown} de {count} a la vista, los de más importe",
        "not_delivered": "no entregado", "gone": "el lago ya no lo guarda",
        "no_line_gone": "desconocida: la bandeja ya no tiene el archivo tal como llegó", "no_line_no_lines": "Parquet no tiene líneas",
        "period": "cierre {period}", "others": "está también en {periods}: --period",
    },
    "pt": {
        "file_row": "linha entregue", "charge": "cobrança", "unit": "unidade de conciliação", "leak": "achado",
        "leaks": "achados", "provider_invoice": "fatura do provedor", "margin": "margem do cliente de que faz parte",
        "charges": "cobranças do provedor", "subscription": "assinatura no CRM", "contract": "contrato no CRM",
        "lines": "linhas de fatura no ERP", "documents": "documentos no ERP", "cash": "pagamentos e deduções aplicados",
        "document": "documento", "conservation": "linhas contra documento", "units": "unidades que fatura",
        "headers": "cabeçalho do provedor", "none": "nenhum", "more": "{shown} de {count} à vista, os de maior valor",
        "not_delivered": "não entregue", "gone": "o lago já não o guarda",
        "no_line_gone": "desconhecida: a caixa já não tem o arquivo como chegou", "no_line_no_lines": "Parquet não tem linhas",
        "period": "fechamento {period}", "others": "está também em {periods}: --period",
    },
    "en": {
        "file_row": "delivered row", "charge": "charge", "unit": "reconciliation unit", "leak": "finding",
        "leaks": "findings", "provider_invoice": "provider invoice", "margin": "customer margin it is part of",
        "charges": "provider charges", "subscription": "CRM subscription", "contract": "CRM contract",
        "lines": "ERP invoice lines", "documents": "ERP documents", "cash": "cash and deductions applied",
        "document": "document", "conservation": "lines against document", "units": "units that it bills",
        "headers": "provider header", "none": "none", "more": "{shown} of {count} shown, the dearest",
        "not_delivered": "not delivered", "gone": "the lake no longer holds it",
        "no_line_gone": "unknown: the inbox no longer holds the file as it was delivered", "no_line_no_lines": "Parquet has no lines",
        "period": "close {period}", "others": "also stands in {periods}: --period",
    },
}  # fmt: skip
