"""The ERP's month: documents, lines, payments, what was applied to each document.

Lives here: rows. Does not: amounts, which documents have already fixed.

Readings: amounts are never negative, the document's class is the sign; on credit notes one ERP writes quantities below zero, another
unit prices, a third neither. The delivery of a month holds the documents issued in it and in the month before, with their money up to the month's end.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from orchestration.simulator import calendar
from orchestration.simulator.documents import Application, Document
from orchestration.simulator.files.canonical import Extracts
from orchestration.simulator.money import ONE, ZERO
from orchestration.simulator.rates import Rates


def write(extracts: Extracts, document: Document, period: str, rates: Rates) -> None:
    """One document with its lines and the money received for it by the end of the period."""
    who, country = document.customer, document.customer.country
    until = calendar.last(period)
    entries = [entry for entry in document.payments if entry.applied_on <= until]
    applied = sum((entry.amount for entry in entries), ZERO)
    extracts.row(
        "erp/invoices",
        company_id=country.company,
        invoice_id=document.id,
        doc_class=document.doc_class,
        fiscal_doc_type=country.documents[document.doc_class],
        fiscal_number=document.id,
        legal_status=document.legal_status,
        status=document.status,
        customer_id=who.id,
        customer_fiscal_id=who.fiscal_id,
        issue_date=document.issued,
        due_date=document.issued + timedelta(days=30),
        currency=document.currency,
        fx_rate=ONE if document.currency == country.currency else rates.rule(country.code, document.issued),
        reference_fx_rate=document.stated_rate,
        net_amount=document.net,
        tax_amount=document.tax,
        total_amount=document.total,
        open_amount=document.total - applied,
        applies_to_invoice_id=document.applies_to.id if document.applies_to else None,
        country=country.code,
    )
    is_note, habit = document.doc_class == "credit_note", who.number % 3
    for number, line in enumerate(document.lines, 1):
        extracts.row(
            "erp/invoice_lines",
            company_id=country.company,
            invoice_id=document.id,
            line_no=number,
            subscription_id=line.subscription_id,
            product_code=line.product_code,
            description=line.description,
            quantity=-line.quantity if is_note and habit == 1 else line.quantity,
            unit_price=line.unit_price(document.rate) * (-1 if is_note and habit == 2 else 1),
            discount_pct=line.discount_pct or None,
            net_amount=line.net,
            tax_code="GEN",
            tax_rate_pct=country.tax_pct,
            tax_amount=document.line_tax(line),
            period_from=line.start if line.states_period else None,
            period_to=line.end if line.states_period else None,
            override_user=line.override_user,
        )
    for number, entry in enumerate(entries, 1):
        _application(extracts, document, entry, number, rates)


def _application(extracts: Extracts, document: Document, entry: Application, number: int, rates: Rates) -> None:
    country = document.customer.country
    payment = f"P-{document.id}-{number}" if entry.kind == "cash" else None
    if payment:
        pay(extracts, payment, document, entry.applied_on, entry.amount, rates, document.id)
    extracts.row(
        "erp/payment_applications",
        application_id=f"A-{document.id}-{number}",
        payment_id=payment,
        company_id=country.company,
        invoice_id=document.id,
        kind=entry.kind,
        tax_code=entry.tax_code,
        certificate_no=entry.certificate,
        applied_on=entry.applied_on,
        amount=entry.amount,
        approved_by=entry.approved_by,
    )


def pay(
    extracts: Extracts, payment: str, document: Document, paid_on: date, amount: Decimal, rates: Rates, reference: str
) -> None:
    """One payment received."""
    country = document.customer.country
    extracts.row(
        "erp/payments",
        payment_id=payment,
        customer_id=document.customer.id,
        payment_date=paid_on,
        method="transfer",
        currency=document.currency,
        amount=amount,
        fx_rate=ONE if document.currency == country.currency else rates.rule(country.code, paid_on),
        reference=reference,
        status="received",
    )
