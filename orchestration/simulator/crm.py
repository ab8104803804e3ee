"""What the CRM says of one subscription.

Lives here: its rows as of a day. Does not: customers and identities (month).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from orchestration.simulator.calendar import DAY
from orchestration.simulator.money import HUNDRED, ONE
from orchestration.simulator.people import CRM_FAMILY, SEATS, Agreement


def uplift_on(agreement: Agreement, day: date) -> Decimal:
    """How much renewals have raised the first price by that day."""
    factor = ONE
    if agreement.uplift_pct:
        for renewal in agreement.yearly_renewals:
            if renewal > day:
                break
            factor *= 1 + agreement.uplift_pct / HUNDRED
    return factor


def crm_rows(agreement: Agreement, seats: int, until: date) -> list[dict[str, object]]:
    """The subscription's rows up to a day: a new price is a new row."""
    rows = [crm_row(agreement, seats)]
    if agreement.repriced_on and agreement.repriced_on <= until:
        rows[0]["valid_to"] = agreement.repriced_on - DAY
        rows.append(crm_row(agreement, seats, agreement.repriced_on))
    return rows


def crm_row(agreement: Agreement, seats: int, valid_from: date | None = None) -> dict[str, object]:
    """The CRM's row of a subscription, valid from a day on."""
    day = valid_from or agreement.start
    price = agreement.price
    if agreement.repriced_on and day >= agreement.repriced_on:
        price = agreement.new_price
    if price is not None and valid_from:
        price *= uplift_on(agreement, day)
    return {
        "subscription_id": agreement.id,
        "contract_id": agreement.contract_id,
        "customer_id": agreement.customer.id,
        "provider": agreement.provider,
        "provider_subscription_id": agreement.provider_id,
        "product_code": agreement.product_code,
        "family": CRM_FAMILY.get(agreement.family, agreement.family),
        "quantity": seats if agreement.family in SEATS else None,
        "price_basis": agreement.basis,
        "unit_price": price,
        "price_value": agreement.value,
        "price_period": agreement.price_period if price is not None else None,
        "currency": agreement.currency,
        "term": agreement.term,
        "billing_frequency": agreement.frequency,
        "start_date": agreement.start,
        "end_date": None if agreement.is_suspended else agreement.stopped_on,
        "suspended_from": agreement.stopped_on if agreement.is_suspended else None,
        "auto_renew": str(agreement.stopped_on is None).lower(),
        "valid_from": day,
        "status": "active" if agreement.stopped_on is None else "suspended" if agreement.is_suspended else "terminated",
        "min_commit_amount": agreement.min_commit,
        "included_quantity": agreement.included if agreement.family == "metered" else None,
        "overage_price": agreement.overage,
        "uplift_pct": agreement.uplift_pct,
        "promo_end": agreement.promo_end,
        "promo_discount_pct": agreement.promo_pct,
        "pass_credits": None if agreement.pass_credits is None else str(agreement.pass_credits).lower(),
        "margin_floor_pct": agreement.margin_floor_pct,
    }


def contract_row(agreement: Agreement) -> dict[str, object]:
    """The CRM's row of the contract."""
    return {
        "contract_id": agreement.contract_id,
        "customer_id": agreement.customer.id,
        "signed_at": agreement.start,
        "activated_at": agreement.start,
        "start_date": agreement.start,
        "end_date": None if agreement.is_suspended else agreement.stopped_on,
        "status": "active" if agreement.stopped_on is None else "suspended" if agreement.is_suspended else "terminated",
        "approved_by": "comercial",
        "po_number": f"OC-{agreement.number}" if agreement.number % 3 == 0 else None,
        "currency": agreement.currency,
        "country": agreement.customer.country.code,
    }
