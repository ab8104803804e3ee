"""Cybersecurity and every other vendor billed by licence or contract.

Lives here: the canonical contract of the vendors' charges. Does not: any vendor's own format.
"""

from orchestration.contracts.model import Source, Table
from orchestration.contracts.words import columns

SOURCE = Source(
    name="vendor",
    title="Vendor licence charges",
    kind="provider",
    manifest="cuadre",
    tables=(
        Table(
            source="vendor",
            name="licence_charges",
            grain="one charge of one licence contract for one service period",
            stage=5,
            key=("vendor", "invoice_id", "line_no"),
            amount="amount",
            currency="currency",
            period_from="period_from",
            columns=columns(
                """
                vendor        text!
                invoice_id    text!
                line_no       int!
                licence_id    text!?  = license_id   # a line without a licence is nobody's: found as EX07, never refused
                customer_ref  text
                product_code  text!
                description   text
                charge_type   text! new|renew|cycle|add|remove|credit
                quantity      qty!
                unit_price    price!
                list_price    price
                amount        money!
                currency      ccy!
                period_from   date!
                period_to     date!   # inclusive
                """,
                canonical=True,
            ),
        ),
    ),
)
