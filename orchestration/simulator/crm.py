"""What the CRM says of one subscription.

Lives here: its rows as of a day. Does not: customers and identities (month).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

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


def crm_row(agreement: Agreement, seats: int, valid_from: date | None = None) -> dict[str, object]:
    """The CRM's row of a subscription, valid from a day on."""
    day = valid_from or agreement.start
    price = agreement.price
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
        "auto_renew": "true",
        "valid_from": day,
        "status": "active",
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
        "status": "active",
        "approved_by": "comercial",
        "po_number": f"OC-{agreement.number}" if agreement.number % 3 == 0 else None,
        "currency": agreement.currency,
        "country": agreement.customer.country.code,
    }
